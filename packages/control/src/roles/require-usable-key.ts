import { JobFailure } from '../job-messages/outcome-of-error.ts';
import type { KeyPort } from '../ports.ts';

/**
 * A job asks for the state of a vault's key each time, although the opened vault remembers its data keys: whoever
 * disables a key wants nothing to be read or written with it any more.
 * @throws JobFailure KMS_KEY_ERROR
 */
export async function requireUsableKey(keys: Pick<KeyPort, 'check'>, keyArn: string): Promise<void> {
  const key = await keys.check(keyArn);
  if (key.ok) return;
  throw new JobFailure(
    'KMS_KEY_ERROR',
    `KMS key is disabled, pending deletion, or access to it is denied: ${key.reason}`,
  );
}
