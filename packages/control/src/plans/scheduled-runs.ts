import { nextFireAt } from '../schedule/next-fire-at.ts';
import type { BackupPlanDocument, BackupRule } from './backup-plan.ts';
import { scheduleOf } from './read-plan.ts';

/** One coming occurrence of a rule. */
export interface ScheduledRun {
  readonly rule: BackupRule;
  readonly scheduledAt: number;
}

/** The next occurrences over all rules of a plan after an instant, earliest first, rules of one instant in plan order. */
export function scheduledRuns(
  document: BackupPlanDocument,
  afterAt: number,
  limit: number,
  anchorOf: (ruleId: string) => number,
): readonly ScheduledRun[] {
  const runs: ScheduledRun[] = [];
  for (const rule of document.Rules) {
    const schedule = scheduleOf(rule);
    let at = nextFireAt(schedule, afterAt, anchorOf(rule.RuleId));
    for (let count = 0; count < limit && at !== undefined; count += 1) {
      runs.push({ rule, scheduledAt: at });
      at = nextFireAt(schedule, at, anchorOf(rule.RuleId));
    }
  }
  return runs.sort((a, b) => a.scheduledAt - b.scheduledAt).slice(0, limit);
}
