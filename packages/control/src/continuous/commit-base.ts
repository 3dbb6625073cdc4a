import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { ContinuousBackupRecord, ContinuousChange } from './continuous-backup-store.ts';
import { showBase } from './continuous-recovery-point.ts';
import type { WrittenBase } from './write-base.ts';

export interface CommittedBase {
  readonly record: ContinuousBackupRecord;
  /** The recovery point, when this base made it. */
  readonly created: RecoveryPointRecord | undefined;
}

/**
 * Enters a sealed base into the catalog. Each step may be repeated: after a crash the next try finds the sealed base and
 * goes on here.
 * @returns undefined when the continuous backup was ended meanwhile, and then nothing is entered
 */
export async function commitBase(
  ports: ControlPorts,
  record: ContinuousBackupRecord,
  { base, draft, tags, isLocked }: WrittenBase,
  change: ContinuousChange = {},
  fence?: number,
): Promise<CommittedBase | undefined> {
  const { continuousBackups } = ports.stores;
  const condition = { states: ['STARTING', 'ACTIVE'] as const, ...(fence === undefined ? {} : { fence }) };
  if ((await continuousBackups.change(record.continuousId, {}, condition)) === undefined) return undefined;
  await continuousBackups.addBase(base);
  const created = await showBase(ports.stores, draft, tags, base);
  const now = ports.clock.now();
  const changed = await continuousBackups.change(
    record.continuousId,
    {
      state: 'ACTIVE',
      baseCount: record.baseCount + 1,
      storedAt: now,
      ...(record.nature === 'versions' ? { latestAt: base.consistentAt, error: null } : {}),
      ...(isLocked ? { lockedAt: now } : {}),
      ...change,
    },
    condition,
  );
  return changed === undefined ? undefined : { record: changed, created };
}

/** Tells of the recovery point that a base has made, once that is committed. */
export function tellBase(ports: Pick<ControlPorts, 'clock' | 'emit'>, committed: CommittedBase | undefined): void {
  const recoveryPoint = committed?.created;
  if (recoveryPoint === undefined) return;
  ports.emit({ kind: 'recovery-point-created', at: ports.clock.now(), recoveryPoint });
}
