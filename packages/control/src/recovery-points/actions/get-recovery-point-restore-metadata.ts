import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { findRecoveryPoint } from '../find-recovery-point.ts';

/** GetRecoveryPointRestoreMetadata (API-154 to API-157): what the connector noted when the backup was made. */
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
      RestoreMetadata: { ...recoveryPoint.restoreMetadata },
      ResourceType: recoveryPoint.resourceType,
    };
  };
}
