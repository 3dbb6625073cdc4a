/** Nature `versions`: replaces the base by one that knows what happened since. */

import { commitBase, tellBase } from './commit-base.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import { type ContinuousWork, requirePlace } from './continuous-work.ts';
import { executeTrim, planTrim } from './trim-continuous.ts';
import { withNextBase } from './write-base.ts';

/** At most 15 minutes behind (BKP-47). */
const LONGEST_PAUSE_MS = 15 * 60_000;

/** @returns when it is due again */
export async function refreshVersions({ ports, settings, record, signal }: ContinuousWork): Promise<number> {
  const startedAt = ports.clock.now();
  const { vault, resource, source } = await requirePlace(ports, record);
  const repository = await ports.repositories.open(vault);
  const bases = await ports.stores.continuousBackups.bases(record.continuousId);
  await using connector = await ports.connectors.open(source);
  const work = { record, bases, vault, resource, repository, connector, options: {}, signal };
  const committed = await withNextBase(ports, work, (written) => commitBase(ports, record, written, {}, record.fence));
  if (committed === undefined) return ports.clock.now();
  tellBase(ports, committed);
  await trimVersions(ports, repository, committed.record);
  return nextRefreshAt(startedAt, ports.clock.now(), Math.min(settings.refreshMs, LONGEST_PAUSE_MS));
}

/** A source that takes long to read gets some rest, but never so much that the window falls behind. */
function nextRefreshAt(startedAt: number, endedAt: number, refreshMs: number): number {
  const rested = endedAt + (endedAt - startedAt) / 2;
  return Math.min(Math.max(startedAt + refreshMs, rested), Math.max(endedAt, startedAt + LONGEST_PAUSE_MS));
}

async function trimVersions(
  ports: ContinuousWork['ports'],
  repository: Parameters<typeof executeTrim>[1],
  record: ContinuousBackupRecord,
): Promise<void> {
  const bases = await ports.stores.continuousBackups.bases(record.continuousId);
  await executeTrim(ports, repository, record, planTrim(record, bases, ports.clock.now()));
}
