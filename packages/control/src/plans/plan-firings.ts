/** From due occurrences to jobs: one per occurrence and resource. Pure. */
import { capabilitiesOf } from '../capabilities/capabilities-of.ts';
import type { Tags } from '../scope.ts';
import type { BackupSelectionRecord } from '../selections/backup-selection-store.ts';
import { type SelectableResource, selectionEvaluator } from '../selections/select-resources.ts';
import type { RegionSettingsRecord } from '../settings/settings-store.ts';
import type { BackupPlanRecord, BackupRule } from './backup-plan.ts';
import type { DueOccurrence } from './due-occurrences.ts';

/** A backup job that a plan asks for. */
export interface ScheduledBackupJob<R extends SelectableResource = SelectableResource> {
  readonly plan: BackupPlanRecord;
  readonly rule: BackupRule;
  readonly resource: R;
  readonly selectionId: string;
  readonly iamRoleArn: string;
  readonly scheduledAt: number;
  /** End of the start window. */
  readonly startBy: number;
  /** End of the completion window, counted from the schedule (API2-137); none for FSx (PLAN-70). */
  readonly completeBy?: number;
  readonly isContinuous: boolean;
  readonly backupOptions: Readonly<Record<string, string>>;
}

/** What a plan's resources are, as of one moment. */
export interface PlanScope<R extends SelectableResource> {
  /** In the order in which they are evaluated: the first that takes a resource gives the role (PLAN-120). */
  readonly selections: readonly BackupSelectionRecord[];
  readonly resources: readonly R[];
  readonly settings: RegionSettingsRecord;
  /** Whether an older plan makes the continuous backups of a resource (BKP-78). */
  readonly isContinuousElsewhere: (resource: R) => boolean;
}

/** A resource that a plan covers, by the selection that took it. */
export interface CoveredResource<R extends SelectableResource> {
  readonly resource: R;
  readonly selection: BackupSelectionRecord;
}

/** All resources that the plan covers now, each once. */
export function coveredResources<R extends SelectableResource>(
  scope: Pick<PlanScope<R>, 'selections' | 'resources' | 'settings'>,
): readonly CoveredResource<R>[] {
  const evaluators = scope.selections.map((selection) => ({
    selection,
    evaluate: selectionEvaluator(selection.document, scope.settings),
  }));
  const covered: CoveredResource<R>[] = [];
  for (const resource of scope.resources) {
    const taker = evaluators.find(({ evaluate }) => evaluate(resource).included);
    if (taker !== undefined) covered.push({ resource, selection: taker.selection });
  }
  return covered;
}

/** The jobs of a plan's due occurrences over everything that its selections cover now. */
export function planFirings<R extends SelectableResource>(
  plan: BackupPlanRecord,
  due: readonly DueOccurrence[],
  scope: PlanScope<R>,
): readonly ScheduledBackupJob<R>[] {
  if (due.length === 0) return [];
  const hasContinuous = plan.document.Rules.some((rule) => rule.EnableContinuousBackup === true);
  const vssOptions = windowsVssOptions(plan);
  const jobs: ScheduledBackupJob<R>[] = [];
  for (const { resource, selection } of coveredResources(scope)) {
    const isContinuous = hasContinuous && canBeContinuous(resource) && !scope.isContinuousElsewhere(resource);
    for (const occurrence of due) {
      if ((occurrence.resources === 'continuous') !== isContinuous) continue;
      jobs.push({
        plan,
        rule: occurrence.rule,
        resource,
        selectionId: selection.selectionId,
        iamRoleArn: selection.document.IamRoleArn,
        ...windowsOf(occurrence, resource),
        isContinuous: occurrence.role === 'continuous',
        backupOptions: resource.resourceType === 'EC2' ? vssOptions : {},
      });
    }
  }
  return jobs;
}

/** Whether continuous backups of the resource exist at all (CORE-22). */
export function canBeContinuous(resource: SelectableResource): boolean {
  return capabilitiesOf({ resourceType: resource.resourceType, resourceArn: resource.arn })?.pointInTime === true;
}

/** Tags that a plan puts on its recovery points; those of the rule win. */
export function plannedTags(planTags: Tags, rule: BackupRule): Tags {
  return { ...planTags, ...rule.RecoveryPointTags };
}

function windowsOf({ rule, scheduledAt }: DueOccurrence, resource: SelectableResource) {
  const startBy = scheduledAt + rule.StartWindowMinutes * 60_000;
  if (resource.resourceType === 'FSx') return { scheduledAt, startBy };
  return { scheduledAt, startBy, completeBy: scheduledAt + rule.CompletionWindowMinutes * 60_000 };
}

function windowsVssOptions(plan: BackupPlanRecord): Readonly<Record<string, string>> {
  const setting = plan.document.AdvancedBackupSettings?.find((entry) => entry.ResourceType === 'EC2');
  return setting?.BackupOptions ?? {};
}
