/** Ends a continuous backup: clients see it at once, a worker then closes the capture and gives the source back. */
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import { expiresAt, keptDays } from './continuous-retention.ts';

const DAY_MS = 86_400_000;

type StopPorts = Pick<ControlPorts, 'stores' | 'clock' | 'emit' | 'log'>;

/**
 * Stops it for a reason that clients read. What is stored stays restorable and goes when its retention has passed
 * (BKP-70). One that has no recovery point yet goes at once.
 */
export async function stopContinuousBackup(
  ports: StopPorts,
  record: ContinuousBackupRecord,
  reason: string,
): Promise<void> {
  const now = ports.clock.now();
  const { continuousBackups } = ports.stores;
  const change = { state: 'STOPPING', reason, dueAt: now } as const;
  const hasPoint = await showStopped(ports, record, reason);
  const stopped = await continuousBackups.change(
    record.continuousId,
    hasPoint ? change : { ...change, isToBeDeleted: true },
    { states: ['STARTING', 'ACTIVE'] },
  );
  if (stopped === undefined) return;
  const { recoveryPointArn, resourceArn } = record;
  ports.log('warn', 'continuous backup stopped', { recoveryPointArn, resourceArn, reason });
}

async function showStopped(ports: StopPorts, record: ContinuousBackupRecord, reason: string): Promise<boolean> {
  const { vaultId, recoveryPointArn } = record;
  const deleteAt = lastNeededAt(record, ports.clock.now());
  const change = { status: 'STOPPED', statusMessage: reason, deleteAt } as const;
  const shown = await ports.stores.recoveryPoints.change(vaultId, recoveryPointArn, change, ['AVAILABLE']);
  if (shown !== undefined) tellStopped(ports, shown, reason);
  return shown !== undefined || (await ports.stores.recoveryPoints.get(vaultId, recoveryPointArn)) !== undefined;
}

function tellStopped(ports: StopPorts, recoveryPoint: RecoveryPointRecord, reason: string): void {
  const at = ports.clock.now();
  ports.emit({ kind: 'recovery-point-changed', at, recoveryPoint });
  ports.emit({ kind: 'continuous-backup-stopped', at, recoveryPoint, reason });
}

/** When its retention has passed, and no physical lock holds it any more. */
function lastNeededAt(record: ContinuousBackupRecord, now: number): number {
  const lockedUntilAt =
    record.lockedAt === undefined ? 0 : record.lockedAt + (keptDays(record.retention, now) + 1) * DAY_MS;
  return Math.max(expiresAt(record.retention, now), lockedUntilAt);
}
