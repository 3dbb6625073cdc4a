import { invalidParameter, invalidRequest } from '../errors.ts';
import type { BackupPlanRecord } from './backup-plan.ts';

/**
 * Plans of an organisation are changed by its backup policies alone (ORG-53).
 * @throws ServiceError InvalidParameterValueException, or InvalidRequestException where an action knows that
 */
export function requireOwnPlan(plan: BackupPlanRecord, as: 'parameter' | 'request' = 'parameter'): void {
  if (plan.managedBy === undefined) return;
  const reason =
    `Backup plan ${plan.planId} is made by the backup policies of organization ${plan.managedBy.organizationId} and ` +
    'cannot be changed here. Change the policies, or detach them from the account.';
  throw as === 'request' ? invalidRequest(reason, plan.planId) : invalidParameter(reason, 'BackupPlanId');
}
