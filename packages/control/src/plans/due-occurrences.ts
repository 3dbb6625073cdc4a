/**
 * Which occurrences of a plan start now, and which came to nothing because no server was there (the rule of missed
 * schedules). Of the occurrences of a rule that are due, the newest starts, if its start window is still open; if it is
 * over, the newest becomes a job that expires, so that everybody sees it. All older ones are only recorded: a backup
 * made now serves them too, and several of the same moment would be of no use.
 */
import { firesBetween } from '../schedule/next-fire-at.ts';
import type { BackupPlanDocument, MissedOccurrences, RuleCursor } from './backup-plan.ts';
import { type Occurrence, overlapRules } from './overlapping-rules.ts';
import { scheduleOf } from './read-plan.ts';
import { advancedCursor } from './rule-identity.ts';
import type { ContinuousClass, RuleRole } from './rule-roles.ts';

/** One occurrence that becomes jobs. */
export interface DueOccurrence extends Occurrence {
  readonly resources: ContinuousClass;
  readonly role: Exclude<RuleRole, 'ignored'>;
  /** Whether its start window was over before anybody could start it: its jobs expire at once. */
  readonly isExpired: boolean;
}

export interface DueOccurrences {
  readonly due: readonly DueOccurrence[];
  readonly missed: readonly MissedOccurrences[];
  /** The cursors of the rules that had something due, moved on to `now`. */
  readonly cursors: readonly RuleCursor[];
}

export function dueOccurrences(
  document: BackupPlanDocument,
  cursors: readonly RuleCursor[],
  now: number,
): DueOccurrences {
  const dueCursors = cursors.filter((cursor) => cursor.nextFireAt !== undefined && cursor.nextFireAt <= now);
  const anchors = new Map(cursors.map((cursor) => [cursor.ruleId, cursor.anchorAt]));
  const hasContinuous = document.Rules.some((rule) => rule.EnableContinuousBackup === true);
  const classes: readonly ContinuousClass[] = hasContinuous ? ['snapshot', 'continuous'] : ['snapshot'];
  const due: DueOccurrence[] = [];
  const missed = new Map<string, Set<number>>();
  for (const resources of classes) {
    const overlap = overlapRules(document, resources, (ruleId) => anchors.get(ruleId) ?? 0);
    for (const cursor of dueCursors) {
      const rule = document.Rules.find((candidate) => candidate.RuleId === cursor.ruleId);
      if (rule === undefined) continue;
      const role = overlap.roleOf(rule);
      if (role === 'ignored') continue;
      const kept = firesBetween(scheduleOf(rule), cursor.decidedUntil, now, cursor.anchorAt)
        .map((scheduledAt) => ({ rule, scheduledAt }))
        .filter((occurrence) => overlap.suppressorOf(occurrence) === undefined);
      const newest = kept.pop();
      if (newest === undefined) continue;
      const isExpired = now >= newest.scheduledAt + rule.StartWindowMinutes * 60_000;
      due.push({ ...newest, resources, role, isExpired });
      const times = missed.get(rule.RuleId) ?? new Set<number>();
      for (const { scheduledAt } of isExpired ? [...kept, newest] : kept) times.add(scheduledAt);
      missed.set(rule.RuleId, times);
    }
  }
  return {
    due,
    missed: dueCursors.flatMap((cursor) => missedOf(cursor, missed.get(cursor.ruleId), now)),
    cursors: dueCursors.map((cursor) => moveOn(cursor, document, now)),
  };
}

function missedOf(cursor: RuleCursor, times: ReadonlySet<number> | undefined, now: number): MissedOccurrences[] {
  if (times === undefined || times.size === 0) return [];
  const sorted = [...times].sort((a, b) => a - b);
  const { planId, ruleId } = cursor;
  return [
    { planId, ruleId, firstAt: sorted[0] ?? 0, lastAt: sorted.at(-1) ?? 0, count: sorted.length, recordedAt: now },
  ];
}

function moveOn(cursor: RuleCursor, document: BackupPlanDocument, now: number): RuleCursor {
  const rule = document.Rules.find((candidate) => candidate.RuleId === cursor.ruleId);
  if (rule !== undefined) return advancedCursor(cursor, rule, now);
  const { nextFireAt: _gone, ...rest } = cursor;
  return { ...rest, decidedUntil: now };
}
