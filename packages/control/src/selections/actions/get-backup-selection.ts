import type { BackupHandler } from '../../action.ts';
import { resourceNotFound } from '../../errors.ts';
import type { PlanPorts } from '../../plans/plan-ports.ts';
import { cannotFindPlan } from './create-backup-selection.ts';

/** API-82. */
export function getBackupSelection(ports: PlanPorts): BackupHandler<'GetBackupSelection'> {
  return async (input, context) => {
    const plan = await ports.plans.get(context, input.BackupPlanId);
    if (plan === undefined) throw cannotFindPlan(input.BackupPlanId);
    const selection = await ports.selections.get(plan.planId, input.SelectionId);
    if (selection === undefined) {
      throw resourceNotFound(
        `Backup plan ${plan.planId} has no selection ${input.SelectionId}. List its selections.`,
        input.SelectionId,
      );
    }
    return {
      BackupPlanId: plan.planId,
      SelectionId: selection.selectionId,
      BackupSelection: selection.document,
      CreationDate: new Date(selection.createdAt),
      CreatorRequestId: selection.creatorRequestId,
    };
  };
}
