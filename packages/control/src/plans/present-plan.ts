import type { BackupOperations } from '../action.ts';
import { optionalDate } from '../optional-date.ts';
import type { BackupPlanDocument, BackupPlanRecord, BackupPlanVersionRecord } from './backup-plan.ts';

type PlanBody = NonNullable<BackupOperations['GetBackupPlan']['output']['BackupPlan']>;
type ListMember = NonNullable<BackupOperations['ListBackupPlans']['output']['BackupPlansList']>[number];

/** The body of a plan as answered: the advanced settings stand beside it, not in it (API-74). */
export function presentPlanBody(document: BackupPlanDocument): PlanBody {
  const { AdvancedBackupSettings: _beside, ...body } = document;
  return { ...body, Rules: body.Rules.map((rule) => ({ ...rule })) };
}

export function presentPlanListMember(plan: BackupPlanRecord): ListMember {
  return {
    BackupPlanArn: plan.arn,
    BackupPlanId: plan.planId,
    BackupPlanName: plan.document.BackupPlanName,
    CreationDate: new Date(plan.createdAt),
    DeletionDate: optionalDate(plan.deletedAt),
    LastExecutionDate: optionalDate(plan.lastExecutedAt),
    VersionId: plan.versionId,
    CreatorRequestId: plan.creatorRequestId,
    AdvancedBackupSettings: plan.document.AdvancedBackupSettings,
  };
}

/** A version in the list of versions; the deletion date of the plan is that of its current version. */
export function presentPlanVersion(plan: BackupPlanRecord, version: BackupPlanVersionRecord): ListMember {
  const isCurrent = version.versionId === plan.versionId;
  return {
    BackupPlanArn: plan.arn,
    BackupPlanId: plan.planId,
    BackupPlanName: version.document.BackupPlanName,
    CreationDate: new Date(version.createdAt),
    DeletionDate: isCurrent ? optionalDate(plan.deletedAt) : undefined,
    VersionId: version.versionId,
    CreatorRequestId: plan.creatorRequestId,
    AdvancedBackupSettings: version.document.AdvancedBackupSettings,
  };
}
