/** What the first start makes, and every later start makes sure of (architecture: one endpoint, many accounts). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlPorts, ensureDefaultVault } from '@holdfast/control';
import { bootstrapAccount, createAccessKey, FIRST_ACCOUNT, nameKey } from '@holdfast/neighbours';
import { writeProfileConfig, writeProfileCredentials } from './aws-profile.ts';
import type { Foundation } from './compose/foundation.ts';
import type { Identity } from './compose/identity.ts';
import { consolePasswordFile, ensureFirstConsolePassword } from './console/index.ts';

/**
 * Account, administrator with access key, default role, default key and the vault `Default`; then the profile for AWS
 * clients. Each step does nothing to what exists, so a start that was cut off anywhere is finished by the next one.
 */
export async function prepareFirstStart(
  foundation: Foundation,
  identity: Identity,
  ports: ControlPorts,
): Promise<void> {
  const { configuration, clock } = foundation;
  const accountId = configuration.account;
  const { accessKey } = await bootstrapAccount(identity, { ...FIRST_ACCOUNT, accountId, now: clock.now() });
  await writeCredentials(foundation, identity, accessKey);
  if (accessKey !== undefined || existsSync(consolePasswordFile(configuration.data))) {
    await ensureFirstConsolePassword(identity, {
      dataDirectory: configuration.data,
      accountId,
      userName: FIRST_ACCOUNT.administratorName,
      now: clock.now(),
    });
  }
  await ensureDefaultVault(ports, { accountId, region: configuration.region });
}

/** Writes the profile's address: at every start, since the port may have changed. */
export function writeProfile({ directory, configuration }: Foundation, url: string): void {
  writeProfileConfig(directory.aws, { endpoint: url, region: configuration.region });
}

type AccessKey = { readonly accessKeyId: string; readonly secretAccessKey: string };

/**
 * The secret of an access key is seen once. When the very first start was cut off between making the key and writing the
 * file, the administrator gets another key. A file that somebody removed later stays removed.
 */
async function writeCredentials(
  foundation: Foundation,
  identity: Identity,
  made: AccessKey | undefined,
): Promise<void> {
  const { directory, clock, configuration } = foundation;
  const wasCutOff =
    made === undefined && !['credentials', 'config'].some((file) => existsSync(join(directory.aws, file)));
  const key = made ?? (wasCutOff ? await anotherKey(configuration.account, identity, clock.now()) : undefined);
  if (key !== undefined) writeProfileCredentials(directory.aws, key);
}

async function anotherKey(accountId: string, identity: Identity, now: number): Promise<AccessKey | undefined> {
  const user = await identity.store.users.get(accountId, nameKey(FIRST_ACCOUNT.administratorName));
  if (user === undefined) return undefined;
  const { key, secretAccessKey } = await createAccessKey(identity, user, now);
  return { accessKeyId: key.accessKeyId, secretAccessKey };
}
