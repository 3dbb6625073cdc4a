/** What a plan would do, before it does it. */
import { invalidParameter } from '../../errors.ts';
import { optionalDate } from '../../optional-date.ts';
import { loadPlanPreview, type PlanPreviewPorts } from '../../plans/load-plan-preview.ts';
import type { PreviewedEffect, PreviewedResource, PreviewedRun } from '../../plans/preview-plan.ts';
import type { ScopeResource } from '../../plans/scope-snapshot.ts';
import type { AdminHandler, AdminOperations } from '../admin-service.ts';
import { why } from './selection-actions.ts';

const DAY_MS = 86_400_000;
const DEFAULT_SPAN_MS = 7 * DAY_MS;
/** An hourly rule has 8,784 runs in such a span. */
const LONGEST_SPAN_MS = 366 * DAY_MS;
const DEFAULT_SHOWN = 100;

type Output = AdminOperations['PreviewPlan']['output'];

/** PreviewPlan: the runs of the next days, the resources they cover, and why the others are out. */
export function previewPlanAction(ports: PlanPreviewPorts): AdminHandler<'PreviewPlan'> {
  return async (input, context) => {
    const fromAt = input.FromDate?.getTime() ?? context.now;
    const toAt = input.ToDate?.getTime() ?? fromAt + DEFAULT_SPAN_MS;
    if (toAt <= fromAt || toAt - fromAt > LONGEST_SPAN_MS) {
      throw invalidParameter('ToDate must lie after FromDate, by at most 366 days.', 'ToDate');
    }
    const scope = { accountId: context.accountId, region: context.region };
    const { planName, preview } = await loadPlanPreview(ports, scope, input.BackupPlanId, fromAt, toAt);
    const shown = input.MaxResults ?? DEFAULT_SHOWN;
    const included = preview.resources.filter((entry) => entry.selection !== undefined);
    const excluded = preview.resources.filter((entry) => entry.selection === undefined);
    return {
      BackupPlanName: planName,
      RunCount: preview.runs.length,
      Runs: preview.runs.slice(0, shown).map(presentRun),
      IncludedCount: included.length,
      TotalCount: preview.resources.length,
      Included: included.slice(0, shown).map(presentResource),
      Excluded: excluded.slice(0, shown).map(presentResource),
    };
  };
}

function presentRun(run: PreviewedRun): Output['Runs'][number] {
  return {
    ScheduledDate: new Date(run.scheduledAt),
    StartByDate: new Date(run.startBy),
    RuleName: run.ruleName,
    BackupVaultName: run.targetBackupVaultName,
    Effects: run.effects.map(presentEffect),
  };
}

function presentEffect(effect: PreviewedEffect): Output['Runs'][number]['Effects'][number] {
  const isMade = effect.role !== 'ignored' && effect.suppressedBy === undefined;
  return {
    BackupKind: effect.role,
    JobCount: isMade ? effect.resourceCount : 0,
    SuppressedByRuleName: effect.suppressedBy?.ruleName,
    SuppressedByDate: optionalDate(effect.suppressedBy?.scheduledAt),
  };
}

/** With the selection that takes the resource, else with the first selection's reason against it. */
function presentResource({
  resource,
  selection,
  reasons,
}: PreviewedResource<ScopeResource>): Output['Included'][number] {
  const name = selection?.document.SelectionName ?? reasons[0]?.selectionName;
  const verdict = reasons.find((entry) => entry.selectionName === name);
  return {
    ResourceArn: resource.arn,
    ResourceType: resource.resourceType,
    Name: resource.name,
    SelectionName: name,
    ...(verdict === undefined ? { Reason: 'no-selection' } : why(verdict.reason)),
  };
}
