import { nextFireAt } from '../schedule/next-fire-at.ts';
import type { Scope } from '../scope.ts';
import type { BackupPlanDocument, BackupRule, BackupRuleInput, RuleCursor } from './backup-plan.ts';
import { scheduleOf } from './read-plan.ts';

/** Gives the rules of a new version the identifiers of the rules of the same name in the version before. */
export function keepRuleIds(
  previous: BackupPlanDocument | undefined,
  newId: () => string,
): (rule: BackupRuleInput, index: number) => string {
  const free = [...(previous?.Rules ?? [])];
  return (rule) => {
    const at = free.findIndex((earlier) => earlier.RuleName === rule.RuleName);
    const [kept] = at < 0 ? [] : free.splice(at, 1);
    return kept?.RuleId ?? newId();
  };
}

/**
 * The cursors of a version that becomes current at `now`. A rule that keeps its schedule keeps its cursor, so that an
 * occurrence which is due at this moment is neither lost nor repeated; a new schedule counts from now.
 */
export function cursorsOf(
  owner: Scope & { readonly planId: string },
  document: BackupPlanDocument,
  now: number,
  previous?: { readonly document: BackupPlanDocument; readonly cursors: readonly RuleCursor[] },
): readonly RuleCursor[] {
  return document.Rules.map((rule) => {
    const before = previous?.document.Rules.find((earlier) => earlier.RuleId === rule.RuleId);
    const kept = previous?.cursors.find((cursor) => cursor.ruleId === rule.RuleId);
    if (before !== undefined && kept !== undefined && hasSameSchedule(before, rule)) return kept;
    return advancedCursor(
      {
        accountId: owner.accountId,
        region: owner.region,
        planId: owner.planId,
        ruleId: rule.RuleId,
        decidedUntil: now,
        anchorAt: now,
      },
      rule,
      now,
    );
  });
}

/** The cursor after everything up to `decidedUntil` has been decided. */
export function advancedCursor(cursor: RuleCursor, rule: BackupRule, decidedUntil: number): RuleCursor {
  const { nextFireAt: _past, ...rest } = cursor;
  const next = nextFireAt(scheduleOf(rule), decidedUntil, cursor.anchorAt);
  return { ...rest, decidedUntil, ...(next === undefined ? {} : { nextFireAt: next }) };
}

function hasSameSchedule(a: BackupRule, b: BackupRule): boolean {
  return a.ScheduleExpression === b.ScheduleExpression && a.ScheduleExpressionTimezone === b.ScheduleExpressionTimezone;
}
