import type { BackupHandler } from '../../action.ts';
import { listPage } from '../../pagination/next-token.ts';
import { noSuchPlan } from '../../plans/find-plan.ts';
import type { PlanPorts } from '../../plans/plan-ports.ts';

/** API2-63, API2-64: metadata only. */
export function listBackupSelections(ports: PlanPorts): BackupHandler<'ListBackupSelections'> {
  return async (input, context) => {
    const plan = await ports.plans.get(context, input.BackupPlanId);
    if (plan === undefined) throw noSuchPlan(input.BackupPlanId);
    const page = await listPage(input, context, (request) => ports.selections.list(plan.planId, request));
    return {
      BackupSelectionsList: page.items.map((selection) => ({
        BackupPlanId: selection.planId,
        SelectionId: selection.selectionId,
        SelectionName: selection.document.SelectionName,
        IamRoleArn: selection.document.IamRoleArn,
        CreationDate: new Date(selection.createdAt),
        CreatorRequestId: selection.creatorRequestId,
      })),
      NextToken: page.NextToken,
    };
  };
}
