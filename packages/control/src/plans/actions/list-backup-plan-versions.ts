import type { BackupHandler } from '../../action.ts';
import { listPage } from '../../pagination/next-token.ts';
import { noSuchPlan } from '../find-plan.ts';
import type { PlanPorts } from '../plan-ports.ts';
import { presentPlanVersion } from '../present-plan.ts';

/** API2-61, API2-62: all versions, newest first, also of a deleted plan. */
export function listBackupPlanVersions(ports: PlanPorts): BackupHandler<'ListBackupPlanVersions'> {
  return async (input, context) => {
    const plan = await ports.plans.get(context, input.BackupPlanId);
    if (plan === undefined) throw noSuchPlan(input.BackupPlanId);
    const page = await listPage(input, context, (request) => ports.plans.listVersions(plan.planId, request));
    return {
      BackupPlanVersionsList: page.items.map((version) => presentPlanVersion(plan, version)),
      NextToken: page.NextToken,
    };
  };
}
