import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { LIVE_STATES } from './continuous-backup-store.ts';

/**
 * Hands the content of a continuous recovery point in DELETING to the workers: its capture must be closed first (BKP-59).
 * @returns false when nothing stands behind the recovery point
 */
export async function requestContinuousDeletion(
  { stores, clock }: Pick<ControlPorts, 'stores' | 'clock'>,
  point: Pick<RecoveryPointRecord, 'vaultId' | 'arn'>,
): Promise<boolean> {
  const record = await stores.continuousBackups.ofRecoveryPoint(point.vaultId, point.arn);
  if (record === undefined) return false;
  const isLive = LIVE_STATES.includes(record.state);
  const state = isLive ? ({ state: 'STOPPING', isToBeDeleted: true } as const) : ({ state: 'DELETING' } as const);
  await stores.continuousBackups.change(
    record.continuousId,
    { ...state, dueAt: clock.now() },
    { states: [record.state] },
  );
  return true;
}
