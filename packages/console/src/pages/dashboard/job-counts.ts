/** What the dashboard shows, computed from the API's daily summaries. */

export interface DailySummary {
  readonly State?: string | undefined;
  readonly MessageCategory?: string | undefined;
  readonly ResourceType?: string | undefined;
  readonly Count?: number | undefined;
  readonly StartTime?: Date | undefined;
}

export const OUTCOMES = ['COMPLETED', 'COMPLETED_WITH_ISSUES', 'FAILED', 'EXPIRED'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The outcome of the jobs that a summary counts; undefined for jobs that have none yet (MON-9). */
export function outcomeOf({ State, MessageCategory }: DailySummary): Outcome | undefined {
  if (State === 'COMPLETED') {
    return MessageCategory === undefined || MessageCategory === 'SUCCESS' ? 'COMPLETED' : 'COMPLETED_WITH_ISSUES';
  }
  if (State === 'PARTIAL') return 'COMPLETED_WITH_ISSUES';
  return State === 'FAILED' || State === 'EXPIRED' ? State : undefined;
}

export interface JobCounts {
  readonly totals: Readonly<Record<Outcome, number>>;
  /** Oldest first. */
  readonly days: readonly { readonly day: Date; readonly counts: Readonly<Record<Outcome, number>> }[];
  /** Reasons of problematic jobs, most frequent first (MON-14). */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
  readonly problematicTypes: readonly (readonly [type: string, count: number])[];
}

const DAY_MS = 86_400_000;

/** Adds up the summaries of the days since `from`; days without jobs are there too, as long as there was any job. */
export function countJobs(summaries: readonly DailySummary[], from: Date, to: Date): JobCounts {
  const totals = noCounts();
  const days = new Map<number, Record<Outcome, number>>();
  const reasons = new Map<string, number>();
  const types = new Map<string, number>();
  for (const summary of summaries) {
    const outcome = outcomeOf(summary);
    const at = Math.floor((summary.StartTime?.getTime() ?? 0) / DAY_MS) * DAY_MS;
    const count = summary.Count ?? 0;
    if (outcome === undefined || at < from.getTime() || count === 0) continue;
    totals[outcome] += count;
    const day = days.get(at) ?? noCounts();
    day[outcome] += count;
    days.set(at, day);
    if (outcome === 'COMPLETED') continue;
    add(reasons, summary.MessageCategory ?? outcome, count);
    add(types, summary.ResourceType ?? '-', count);
  }
  for (let at = from.getTime(); days.size > 0 && at <= to.getTime(); at += DAY_MS) {
    if (!days.has(at)) days.set(at, noCounts());
  }
  return {
    totals,
    days: [...days].sort(([a], [b]) => a - b).map(([at, counts]) => ({ day: new Date(at), counts })),
    reasons: mostFirst(reasons),
    problematicTypes: mostFirst(types),
  };
}

function noCounts(): Record<Outcome, number> {
  return { COMPLETED: 0, COMPLETED_WITH_ISSUES: 0, FAILED: 0, EXPIRED: 0 };
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function mostFirst(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, 5);
}
