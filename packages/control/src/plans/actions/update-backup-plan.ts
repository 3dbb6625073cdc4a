import type { BackupHandler } from '../../action.ts';
import { invalidParameter } from '../../errors.ts';
import { livePlan } from '../find-plan.ts';
import type { PlanPorts } from '../plan-ports.ts';
import { readPlan } from '../read-plan.ts';
import { requireOwnPlan } from '../require-own-plan.ts';
import { cursorsOf, keepRuleIds } from '../rule-identity.ts';
import { newVersionId } from './create-backup-plan.ts';

/** API2-161: the given body replaces the plan's as a new version. What the plan has already made stays as it is (PLAN-125). */
export function updateBackupPlan(ports: PlanPorts): BackupHandler<'UpdateBackupPlan'> {
  return (input, context) =>
    ports.catalog.transaction(async () => {
      const plan = await livePlan(ports.plans, context, input.BackupPlanId);
      requireOwnPlan(plan);
      const document = readPlan(
        input.BackupPlan,
        ports.quotas.tagsPerResource,
        keepRuleIds(plan.document, () => ports.ids.uuid()),
      );
      const namesake = await ports.plans.findLiveByName(context, document.BackupPlanName);
      if (namesake !== undefined && namesake.planId !== plan.planId) {
        throw invalidParameter(
          `Another backup plan is named "${document.BackupPlanName}" already: ${namesake.arn}.`,
          'BackupPlanName',
        );
      }
      if ((await ports.plans.countVersions(plan.planId)) >= ports.planQuotas.versionsPerPlan) {
        throw invalidParameter(
          `The plan has ${ports.planQuotas.versionsPerPlan} versions, which is the limit. Create a new plan instead.`,
          'BackupPlanId',
        );
      }
      const cursors = await ports.plans.listCursors(plan.planId);
      const versionId = newVersionId(ports);
      await ports.plans.addVersion(plan.planId, {
        versionId,
        createdAt: context.now,
        document,
        cursors: cursorsOf(plan, document, context.now, { document: plan.document, cursors }),
      });
      return {
        BackupPlanId: plan.planId,
        BackupPlanArn: plan.arn,
        CreationDate: new Date(plan.createdAt),
        VersionId: versionId,
        AdvancedBackupSettings: document.AdvancedBackupSettings,
      };
    });
}
