import type { BackupHandler } from '../../action.ts';
import { continuousState, EARLIEST_KEY, LATEST_KEY, wholeSeconds } from '../../continuous/restorable-time.ts';
import type { ControlPorts } from '../../ports.ts';
import { findRecoveryPoint } from '../find-recovery-point.ts';
import type { RecoveryPointRecord } from '../recovery-point-store.ts';

/**
 * GetRecoveryPointRestoreMetadata (API-154 to API-157): what the connector noted when the backup was made; of a
 * continuous recovery point also the window (RST-163).
 */
export function getRecoveryPointRestoreMetadata(ports: ControlPorts): BackupHandler<'GetRecoveryPointRestoreMetadata'> {
  return async (input, context) => {
    const { vault, recoveryPoint } = await findRecoveryPoint(ports, context, {
      vaultName: input.BackupVaultName,
      recoveryPointArn: input.RecoveryPointArn,
      vaultAccountId: input.BackupVaultAccountId,
    });
    return {
      BackupVaultArn: vault.arn,
      RecoveryPointArn: recoveryPoint.arn,
      RestoreMetadata: { ...recoveryPoint.restoreMetadata, ...(await windowMetadata(ports, recoveryPoint)) },
      ResourceType: recoveryPoint.resourceType,
    };
  };
}

async function windowMetadata(ports: ControlPorts, point: RecoveryPointRecord): Promise<Record<string, string>> {
  const window = point.isContinuous ? (await continuousState(ports, point))?.window : undefined;
  if (window === undefined) return {};
  const { earliestAt, latestAt } = wholeSeconds(window);
  return { [EARLIEST_KEY]: String(earliestAt), [LATEST_KEY]: String(latestAt) };
}
