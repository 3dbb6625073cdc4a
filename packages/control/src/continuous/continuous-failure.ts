/** What becomes of a continuous backup when the care for it failed. */
import { ConnectorError } from '@holdfast/connectors';
import { EngineError } from '@holdfast/engine';
import { isLasting } from './connector-failures.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import type { ContinuousWork } from './continuous-work.ts';
import { requestBase } from './request-base.ts';
import { NEVER } from './start-continuous.ts';
import { stopContinuousBackup } from './stop-continuous.ts';

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * - A log that broke ends the window; a new continuous backup begins at once.
 * - A source with versions whose rights or versioning were taken away is STOPPED until the rule runs again (API-140).
 * - Everything else is tried again, after pauses that grow to five minutes; the source keeps its log meanwhile.
 *
 * @returns when it is due again
 */
export async function afterFailure(work: ContinuousWork, error: unknown): Promise<number> {
  const { ports, record } = work;
  const { continuousBackups } = ports.stores;
  const now = ports.clock.now();
  const message = error instanceof Error ? error.message : String(error);
  const isActive = record.state === 'STARTING' || record.state === 'ACTIVE';
  const current = await continuousBackups.get(record.continuousId);
  if (isActive && current?.state === 'ACTIVE' && mustEnd(record, error)) {
    await stopContinuousBackup(ports, current, message);
    if (record.nature === 'log') await requestBase(ports, current, 'the log broke');
    return now;
  }
  const count = (current?.error?.count ?? 0) + 1;
  const failure = { message, at: now, count, isLasting: isLasting(error) };
  await continuousBackups.change(record.continuousId, { error: failure }, { fence: record.fence });
  const { resourceArn, recoveryPointArn } = record;
  ports.log('warn', 'continuous backup met an error', { resourceArn, recoveryPointArn, reason: message, count });
  // The job that waits for a capture which cannot begin makes a snapshot instead.
  if (current?.state === 'STARTING' && failure.isLasting) return NEVER;
  return now + Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS);
}

function mustEnd({ nature }: ContinuousBackupRecord, error: unknown): boolean {
  if (error instanceof ConnectorError && error.class === 'log-broken') return true;
  // A stored log that is gone can only be begun anew.
  if (nature === 'log') return error instanceof EngineError && error.code === 'damaged';
  return isLasting(error);
}
