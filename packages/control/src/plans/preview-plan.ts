/** What a plan would do in a span of time, on which resources, and why each resource is in or out. Pure. */

import { firesBetween } from '../schedule/next-fire-at.ts';
import type { BackupSelectionRecord } from '../selections/backup-selection-store.ts';
import { type SelectableResource, type SelectionReason, selectionEvaluator } from '../selections/select-resources.ts';
import type { BackupPlanRecord, RuleCursor } from './backup-plan.ts';
import { overlapRules } from './overlapping-rules.ts';
import { canBeContinuous, type PlanScope } from './plan-firings.ts';
import { scheduleOf } from './read-plan.ts';
import type { ContinuousClass, RuleRole } from './rule-roles.ts';

/** What an occurrence does for one class of resources. */
export interface PreviewedEffect {
  readonly resources: ContinuousClass;
  readonly role: RuleRole;
  readonly resourceCount: number;
  /** The occurrence that makes the backup instead. */
  readonly suppressedBy?: { readonly ruleName: string; readonly scheduledAt: number };
}

export interface PreviewedRun {
  readonly scheduledAt: number;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly targetBackupVaultName: string;
  readonly startBy: number;
  readonly effects: readonly PreviewedEffect[];
}

export interface PreviewedResource<R extends SelectableResource> {
  readonly resource: R;
  /** The selection whose role backs it up; absent when the resource is out. */
  readonly selection?: BackupSelectionRecord;
  readonly resources?: ContinuousClass;
  /** The verdict of every selection of the plan, in the order of evaluation. */
  readonly reasons: readonly { readonly selectionName: string; readonly reason: SelectionReason }[];
}

export interface PlanPreview<R extends SelectableResource> {
  readonly runs: readonly PreviewedRun[];
  readonly resources: readonly PreviewedResource<R>[];
}

/** Looks at the occurrences in `(fromAt, toAt]` (ms). */
export function previewPlan<R extends SelectableResource>(
  plan: BackupPlanRecord,
  cursors: readonly RuleCursor[],
  scope: PlanScope<R>,
  fromAt: number,
  toAt: number,
): PlanPreview<R> {
  const hasContinuous = plan.document.Rules.some((rule) => rule.EnableContinuousBackup === true);
  const evaluators = scope.selections.map((selection) => ({
    selection,
    evaluate: selectionEvaluator(selection.document, scope.settings),
  }));
  const resources = scope.resources.map((resource): PreviewedResource<R> => {
    const verdicts = evaluators.map(({ selection, evaluate }) => ({ selection, reason: evaluate(resource) }));
    const reasons = verdicts.map(({ selection, reason }) => ({
      selectionName: selection.document.SelectionName,
      reason,
    }));
    const taker = verdicts.find(({ reason }) => reason.included);
    if (taker === undefined) return { resource, reasons };
    const isContinuous = hasContinuous && canBeContinuous(resource) && !scope.isContinuousElsewhere(resource);
    return { resource, reasons, selection: taker.selection, resources: isContinuous ? 'continuous' : 'snapshot' };
  });
  return { resources, runs: previewRuns(plan, cursors, countClasses(resources), fromAt, toAt) };
}

type ClassCounts = readonly (readonly [ContinuousClass, number])[];

function countClasses(resources: readonly PreviewedResource<SelectableResource>[]): ClassCounts {
  const count = (wanted: ContinuousClass) => resources.filter((entry) => entry.resources === wanted).length;
  const counts: ClassCounts = [
    ['snapshot', count('snapshot')],
    ['continuous', count('continuous')],
  ];
  return counts.filter(([resources, number]) => resources === 'snapshot' || number > 0);
}

function previewRuns(
  plan: BackupPlanRecord,
  cursors: readonly RuleCursor[],
  counts: ClassCounts,
  fromAt: number,
  toAt: number,
): readonly PreviewedRun[] {
  const anchors = new Map(cursors.map((cursor) => [cursor.ruleId, cursor.anchorAt]));
  const anchorOf = (ruleId: string): number => anchors.get(ruleId) ?? plan.versionCreatedAt;
  const classes = counts.map(([resources, resourceCount]) => ({
    resources,
    resourceCount,
    overlap: overlapRules(plan.document, resources, anchorOf),
  }));
  const runs = plan.document.Rules.flatMap((rule) =>
    firesBetween(scheduleOf(rule), fromAt, toAt, anchorOf(rule.RuleId)).map((scheduledAt): PreviewedRun => {
      const effects = classes.map(({ resources, resourceCount, overlap }): PreviewedEffect => {
        const rival = overlap.suppressorOf({ rule, scheduledAt });
        const suppressedBy =
          rival === undefined
            ? {}
            : { suppressedBy: { ruleName: rival.rule.RuleName, scheduledAt: rival.scheduledAt } };
        return { resources, role: overlap.roleOf(rule), resourceCount, ...suppressedBy };
      });
      return {
        scheduledAt,
        ruleId: rule.RuleId,
        ruleName: rule.RuleName,
        targetBackupVaultName: rule.TargetBackupVaultName,
        startBy: scheduledAt + rule.StartWindowMinutes * 60_000,
        effects,
      };
    }),
  );
  return runs.sort((a, b) => a.scheduledAt - b.scheduledAt);
}
