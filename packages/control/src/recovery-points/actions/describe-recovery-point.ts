import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { findRecoveryPoint } from '../find-recovery-point.ts';
import { describeRecord } from '../present-recovery-point.ts';

/** DescribeRecoveryPoint (API-122 to API-142). */
export function describeRecoveryPoint(ports: ControlPorts): BackupHandler<'DescribeRecoveryPoint'> {
  return async (input, context) => {
    const { recoveryPoint } = await findRecoveryPoint(ports, context, {
      vaultName: input.BackupVaultName,
      recoveryPointArn: input.RecoveryPointArn,
      vaultAccountId: input.BackupVaultAccountId,
    });
    return describeRecord(recoveryPoint);
  };
}
