import type { BackupHandler, BackupOperations } from '../../action.ts';
import { invalidParameter, resourceNotFound } from '../../errors.ts';
import { optionalDate } from '../../optional-date.ts';
import type { BackupPlanDocument, BackupPlanRecord } from '../backup-plan.ts';
import { noSuchPlan } from '../find-plan.ts';
import type { PlanPorts } from '../plan-ports.ts';
import { presentPlanBody } from '../present-plan.ts';
import { scheduledRuns } from '../scheduled-runs.ts';

const MOST_PREVIEWED_RUNS = 10;

/**
 * API-72 to API-76. A deleted plan answers only when one of its versions is asked for by name: without, it is gone, as
 * clients that look whether a plan still exists expect.
 */
export function getBackupPlan(ports: PlanPorts): BackupHandler<'GetBackupPlan'> {
  return async (input, context) => {
    const preview = input.MaxScheduledRunsPreview ?? 0;
    if (!Number.isInteger(preview) || preview < 0 || preview > MOST_PREVIEWED_RUNS) {
      throw invalidParameter(
        `MaxScheduledRunsPreview must be from 0 to ${MOST_PREVIEWED_RUNS}.`,
        'MaxScheduledRunsPreview',
      );
    }
    const plan = await ports.plans.get(context, input.BackupPlanId);
    if (plan === undefined || (plan.deletedAt !== undefined && input.VersionId === undefined)) {
      throw noSuchPlan(input.BackupPlanId);
    }
    const { versionId, document } = await wantedVersion(ports, plan, input.VersionId);
    return {
      BackupPlan: presentPlanBody(document),
      BackupPlanId: plan.planId,
      BackupPlanArn: plan.arn,
      VersionId: versionId,
      CreatorRequestId: plan.creatorRequestId,
      CreationDate: new Date(plan.createdAt),
      DeletionDate: optionalDate(plan.deletedAt),
      LastExecutionDate: optionalDate(plan.lastExecutedAt),
      AdvancedBackupSettings: document.AdvancedBackupSettings,
      ...(preview > 0 && plan.deletedAt === undefined
        ? { ScheduledRunsPreview: await previewRuns(ports, plan, document, context.now, preview) }
        : {}),
    };
  };
}

async function previewRuns(
  ports: PlanPorts,
  plan: BackupPlanRecord,
  document: BackupPlanDocument,
  now: number,
  limit: number,
): Promise<NonNullable<BackupOperations['GetBackupPlan']['output']['ScheduledRunsPreview']>> {
  const cursors = await ports.plans.listCursors(plan.planId);
  const anchors = new Map(cursors.map((cursor) => [cursor.ruleId, cursor.anchorAt]));
  return scheduledRuns(document, now, limit, (ruleId) => anchors.get(ruleId) ?? plan.versionCreatedAt).map((run) => ({
    ExecutionTime: new Date(run.scheduledAt),
    RuleId: run.rule.RuleId,
    RuleExecutionType: run.rule.EnableContinuousBackup === true ? 'CONTINUOUS' : 'SNAPSHOTS',
  }));
}

async function wantedVersion(
  ports: PlanPorts,
  plan: BackupPlanRecord,
  versionId: string | undefined,
): Promise<{ versionId: string; document: BackupPlanDocument }> {
  if (versionId === undefined || versionId === plan.versionId) return plan;
  const version = await ports.plans.getVersion(plan.planId, versionId);
  if (version !== undefined) return version;
  throw resourceNotFound(`Backup plan ${plan.planId} has no version ${versionId}. List its versions.`, versionId);
}
