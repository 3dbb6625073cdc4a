/** What a worker does with a continuous backup that has ended: gives the source back, deletes what shall go. */
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import { type ContinuousWork, placeOf } from './continuous-work.ts';
import { deleteContinuousContent } from './delete-continuous.ts';

const DAY_MS = 86_400_000;
/** A source that cannot be reached for so long is not waited for any longer. */
const MOST_PATIENCE_MS = 7 * DAY_MS;

/** In `STOPPING`: nobody captures any more. What shall be deleted goes first; the source may be out of reach for long. */
export async function endContinuous(work: ContinuousWork): Promise<void> {
  const { ports, record } = work;
  const { continuousBackups } = ports.stores;
  const last = (await continuousBackups.bases(record.continuousId)).at(-1);
  const isGone = record.isToBeDeleted === true && (await deleteContinuousContent(ports, record));
  await giveSourceBack(work, last?.connectorState);
  if (isGone) await continuousBackups.remove(record.continuousId);
  else await continuousBackups.change(record.continuousId, { state: 'STOPPED', error: null }, { states: ['STOPPING'] });
}

/** In `DELETING`: what has stopped goes. */
export async function deleteContinuous({ ports, record }: ContinuousWork): Promise<void> {
  if (!(await deleteContinuousContent(ports, record))) return;
  await ports.stores.continuousBackups.remove(record.continuousId);
}

/** Removes what captures left at the source: nothing there may keep log, or send notifications, for a backup that has ended (BKP-56). */
async function giveSourceBack(
  { ports, record, signal }: ContinuousWork,
  lastState: Uint8Array | undefined,
): Promise<void> {
  const { source } = await placeOf(ports, record);
  if (source === undefined) return;
  try {
    await using connector = await ports.connectors.open(source);
    if (record.nature === 'log') await connector.endLogCapture?.(record.resourceArn, signal);
    else await connector.endVersionCapture?.(record.resourceArn, lastState, signal);
  } catch (error) {
    if (!isHopeless(record, ports.clock.now())) throw error;
    const { resourceArn } = record;
    const reason = error instanceof Error ? error.message : String(error);
    ports.log('error', 'what continuous backup left at a source could not be removed; look there', {
      resourceArn,
      source: source.name,
      reason,
    });
  }
}

function isHopeless({ error, storedAt, createdAt }: ContinuousBackupRecord, now: number): boolean {
  return error !== undefined && now - (storedAt ?? createdAt) > MOST_PATIENCE_MS;
}
