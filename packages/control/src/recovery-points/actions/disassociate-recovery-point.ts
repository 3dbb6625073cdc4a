import type { BackupHandler } from '../../action.ts';
import { stopContinuousBackup } from '../../continuous/stop-continuous.ts';
import { invalidRequest, invalidResourceState } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { findRecoveryPoint } from '../find-recovery-point.ts';

const DISASSOCIATED = 'Continuous backup was disassociated.';

/**
 * DisassociateRecoveryPoint (API-143 to API-146): gives a continuous backup back to its source; snapshots are refused.
 */
export function disassociateRecoveryPoint(ports: ControlPorts): BackupHandler<'DisassociateRecoveryPoint'> {
  return async (input, context) => {
    const { recoveryPoint } = await findRecoveryPoint(ports, context, {
      vaultName: input.BackupVaultName,
      recoveryPointArn: input.RecoveryPointArn,
    });
    const { arn, vaultId } = recoveryPoint;
    if (!recoveryPoint.isContinuous) {
      throw invalidRequest(`Recovery point ${arn} is a snapshot; only continuous backups can be disassociated.`, arn);
    }
    const holds = await ports.holds.holdsOn(recoveryPoint);
    if (holds.length > 0) {
      throw invalidRequest(`Recovery point ${arn} is under legal hold (${holds.join(', ')}).`, arn);
    }
    if (recoveryPoint.status === 'DELETING') {
      throw invalidResourceState(`Recovery point ${arn} is being deleted.`, arn);
    }
    const record = await ports.stores.continuousBackups.ofRecoveryPoint(vaultId, arn);
    if (record === undefined) {
      const change = { status: 'STOPPED', statusMessage: DISASSOCIATED } as const;
      await ports.stores.recoveryPoints.change(vaultId, arn, change);
    } else {
      await stopContinuousBackup(ports, record, DISASSOCIATED);
    }
    return {};
  };
}
