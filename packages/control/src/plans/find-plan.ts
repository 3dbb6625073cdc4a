import { resourceNotFound } from '../errors.ts';
import type { Scope } from '../scope.ts';
import type { BackupPlanRecord } from './backup-plan.ts';
import type { BackupPlanStore } from './backup-plan-store.ts';

/** @throws ServiceError ResourceNotFoundException when there is no such plan, or only a deleted one */
export async function livePlan(plans: BackupPlanStore, scope: Scope, planId: string): Promise<BackupPlanRecord> {
  const plan = await plans.get(scope, planId);
  if (plan === undefined || plan.deletedAt !== undefined) throw noSuchPlan(planId);
  return plan;
}

export function noSuchPlan(planId: string): Error {
  return resourceNotFound(`Cannot find Backup plan with ID ${planId}. List the plans to see those that exist.`, planId);
}
