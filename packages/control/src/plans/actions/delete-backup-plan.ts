import type { BackupHandler } from '../../action.ts';
import { invalidRequest } from '../../errors.ts';
import { livePlan } from '../find-plan.ts';
import type { PlanPorts } from '../plan-ports.ts';
import { requireOwnPlan } from '../require-own-plan.ts';

/** API-66 to API-68: a plan without selections stops for good; its versions stay readable, its backups stay (PLAN-123). */
export function deleteBackupPlan(ports: PlanPorts): BackupHandler<'DeleteBackupPlan'> {
  return (input, context) =>
    ports.catalog.transaction(async () => {
      const plan = await livePlan(ports.plans, context, input.BackupPlanId);
      requireOwnPlan(plan, 'request');
      if ((await ports.selections.listOfPlan(plan.planId)).length > 0) {
        throw invalidRequest(
          'Related backup plan selections must be deleted prior to backup plan deletion. ' +
            `List and delete the selections of plan ${plan.planId} first.`,
          plan.planId,
        );
      }
      await ports.plans.markDeleted(plan.planId, context.now);
      return {
        BackupPlanId: plan.planId,
        BackupPlanArn: plan.arn,
        DeletionDate: new Date(context.now),
        VersionId: plan.versionId,
      };
    });
}
