import type { BackupHandler } from '../../action.ts';
import { invalidRequest, invalidResourceState } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { deletionRights } from '../../roles/role-rights.ts';
import { hasNested } from '../composite.ts';
import { markExpired, startDeletion } from '../delete-recovery-point.ts';
import { planDeletion } from '../deletion-plan.ts';
import { findRecoveryPoint } from '../find-recovery-point.ts';

/**
 * DeleteRecoveryPoint (API-115 to API-121): 200 means accepted. Without a usable role the recovery point stays, EXPIRED
 * (API-117 to API-119); a later call succeeds once the role works again.
 */
export function deleteRecoveryPoint(ports: ControlPorts): BackupHandler<'DeleteRecoveryPoint'> {
  return async (input, context) => {
    const { vault, recoveryPoint } = await findRecoveryPoint(ports, context, {
      vaultName: input.BackupVaultName,
      recoveryPointArn: input.RecoveryPointArn,
    });
    const decision = planDeletion(recoveryPoint, {
      vault,
      holds: await ports.holds.holdsOn(recoveryPoint),
      isBeingRestored: await ports.stores.restoreJobs.isRestoring(recoveryPoint.arn),
      isBeingCopied: await ports.copies.isCopying(recoveryPoint.vaultId, recoveryPoint.arn),
      hasNested: await hasNested(ports, recoveryPoint),
      cause: 'request',
      now: ports.clock.now(),
    });
    if (!decision.allowed) {
      const refuse = decision.refusal === 'busy' ? invalidResourceState : invalidRequest;
      throw refuse(decision.reason, recoveryPoint.arn);
    }
    const { accountId, iamRoleArn } = recoveryPoint;
    const role = await ports.roles.mayDelete(accountId, iamRoleArn, deletionRights(recoveryPoint));
    if (!role.ok) {
      await markExpired(ports, recoveryPoint, `The role cannot be used to delete the recovery point: ${role.reason}`);
      return {};
    }
    if ((await startDeletion(ports, decision.plan)) === undefined) {
      throw invalidResourceState(
        `Another action on recovery point ${recoveryPoint.arn} came first.`,
        recoveryPoint.arn,
      );
    }
    return {};
  };
}
