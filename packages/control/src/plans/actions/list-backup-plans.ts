import type { BackupHandler } from '../../action.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { PlanPorts } from '../plan-ports.ts';
import { presentPlanListMember } from '../present-plan.ts';

/** API2-55 to API2-58: one entry per plan, deleted ones only when asked for. */
export function listBackupPlans(ports: PlanPorts): BackupHandler<'ListBackupPlans'> {
  return async (input, context) => {
    const options = { includeDeleted: input.IncludeDeleted === true };
    const page = await listPage(input, context, (request) => ports.plans.list(context, options, request));
    return { BackupPlansList: page.items.map(presentPlanListMember), NextToken: page.NextToken };
  };
}
