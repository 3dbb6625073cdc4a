import type { BackupHandler } from '../../action.ts';
import { invalidParameter } from '../../errors.ts';
import type { PlanPorts } from '../../plans/plan-ports.ts';
import { requireOwnPlan } from '../../plans/require-own-plan.ts';
import { cannotFindPlan } from './create-backup-selection.ts';

/** API-69. Jobs that the selection has already made go on. */
export function deleteBackupSelection(ports: PlanPorts): BackupHandler<'DeleteBackupSelection'> {
  return async (input, context) => {
    const plan = await ports.plans.get(context, input.BackupPlanId);
    if (plan === undefined) throw cannotFindPlan(input.BackupPlanId);
    requireOwnPlan(plan);
    if (await ports.selections.remove(plan.planId, input.SelectionId)) return {};
    // The class that clients take for "is gone already".
    throw invalidParameter(`Backup plan ${plan.planId} has no selection ${input.SelectionId}.`, input.SelectionId);
  };
}
