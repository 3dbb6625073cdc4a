/**
 * Rules of one plan that compete for the same backup (PLAN-74 to PLAN-76). Where start windows overlap, the rule with
 * the longer retention makes the backup and the other none; equal retention: the rule that comes first in the plan.
 * Windows are half open, and the schedule decides, not what became of the jobs.
 */
import { firesBetween } from '../schedule/next-fire-at.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { BackupPlanDocument, BackupRule } from './backup-plan.ts';
import { scheduleOf } from './read-plan.ts';
import { retentionDays } from './retention-days.ts';
import { type ContinuousClass, type RuleRole, ruleRoles } from './rule-roles.ts';

export interface Occurrence {
  readonly rule: BackupRule;
  readonly scheduledAt: number;
}

export interface OverlapRules {
  readonly roleOf: (rule: BackupRule) => RuleRole;
  /** The occurrence because of which this one makes no backup; undefined when it makes one. */
  readonly suppressorOf: (occurrence: Occurrence) => Occurrence | undefined;
}

interface Competitor {
  readonly rule: BackupRule;
  readonly schedule: Schedule;
  readonly windowMs: number;
  readonly anchorAt: number;
}

/**
 * @param anchorOf since when a rule has its present schedule (ms): before that it had no occurrences
 */
export function overlapRules(
  document: BackupPlanDocument,
  resources: ContinuousClass,
  anchorOf: (ruleId: string) => number,
): OverlapRules {
  const roles = ruleRoles(document, resources);
  const roleOf = (rule: BackupRule): RuleRole => roles.get(rule.RuleId) ?? 'snapshot';
  const ranked = document.Rules.filter((rule) => roleOf(rule) === 'snapshot')
    .map((rule) => competitor(rule, anchorOf(rule.RuleId)))
    .sort((a, b) => retentionDays(b.rule) - retentionDays(a.rule));
  const decided = new Map<string, Occurrence | undefined>();

  function suppressorOf(occurrence: Occurrence): Occurrence | undefined {
    if (roleOf(occurrence.rule) !== 'snapshot') return undefined;
    const key = `${occurrence.rule.RuleId} ${occurrence.scheduledAt}`;
    if (!decided.has(key)) decided.set(key, findSuppressor(occurrence));
    return decided.get(key);
  }

  function findSuppressor({ rule, scheduledAt }: Occurrence): Occurrence | undefined {
    const endAt = scheduledAt + rule.StartWindowMinutes * 60_000;
    for (const stronger of ranked) {
      if (stronger.rule.RuleId === rule.RuleId) return undefined;
      const fromAt = Math.max(scheduledAt - stronger.windowMs, stronger.anchorAt);
      for (const at of firesBetween(stronger.schedule, fromAt, endAt - 1, stronger.anchorAt)) {
        const rival = { rule: stronger.rule, scheduledAt: at };
        if (suppressorOf(rival) === undefined) return rival;
      }
    }
    return undefined;
  }

  return { roleOf, suppressorOf };
}

function competitor(rule: BackupRule, anchorAt: number): Competitor {
  return { rule, schedule: scheduleOf(rule), windowMs: rule.StartWindowMinutes * 60_000, anchorAt };
}
