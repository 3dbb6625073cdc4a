import type { BackupHandler } from '../../action.ts';
import { invalidRequest } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { leaveComposite } from '../composite.ts';
import { findRecoveryPoint } from '../find-recovery-point.ts';

/** DisassociateRecoveryPointFromParent (API-147 to API-149): the child stands alone from then on. */
export function disassociateRecoveryPointFromParent(
  ports: ControlPorts,
): BackupHandler<'DisassociateRecoveryPointFromParent'> {
  return async (input, context) => {
    const { recoveryPoint } = await findRecoveryPoint(ports, context, {
      vaultName: input.BackupVaultName,
      recoveryPointArn: input.RecoveryPointArn,
    });
    const { arn, vaultId } = recoveryPoint;
    if (recoveryPoint.parentRecoveryPointArn === undefined) {
      throw invalidRequest(`Recovery point ${arn} has no parent recovery point.`, arn);
    }
    await ports.stores.recoveryPoints.change(vaultId, arn, { parentRecoveryPointArn: null });
    await leaveComposite(ports, recoveryPoint);
    return {};
  };
}
