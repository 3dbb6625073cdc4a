/** Which moments a continuous backup can be brought back to, from what is stored of it. Pure. */
import type { ContinuousBackupRecord, ContinuousBase, WindowGap } from './continuous-backup-store.ts';
import { keepFromAt } from './continuous-retention.ts';

/** Times in ms by the clock of the resource; both ends can be restored. */
export interface RestorableWindow {
  readonly earliestAt: number;
  readonly latestAt: number;
  /** Moments between that cannot be restored, in order: the log is missing and no later base stands in for it yet. */
  readonly gaps: readonly WindowGap[];
}

type WindowFacts = Pick<ContinuousBackupRecord, 'nature' | 'retention' | 'latestAt' | 'logGaps'>;

interface Reach {
  readonly base: ContinuousBase;
  readonly fromAt: number;
  readonly untilAt: number;
}

/** The window as of `now`; undefined while nothing can be restored. */
export function restorableWindow(
  facts: WindowFacts,
  bases: readonly ContinuousBase[],
  now: number,
): RestorableWindow | undefined {
  const keptFrom = keepFromAt(facts.retention, now);
  const reaches = reachesOf(facts, bases)
    .map(({ base, fromAt, untilAt }) => ({ base, fromAt: Math.max(fromAt, keptFrom), untilAt }))
    .filter(({ fromAt, untilAt }) => fromAt <= untilAt)
    .sort((a, b) => a.fromAt - b.fromAt);
  const [first] = reaches;
  if (first === undefined) return undefined;
  const gaps: WindowGap[] = [];
  let latestAt = first.untilAt;
  for (const { fromAt, untilAt } of reaches) {
    if (fromAt > latestAt) gaps.push({ fromAt: latestAt, untilAt: fromAt });
    latestAt = Math.max(latestAt, untilAt);
  }
  return { earliestAt: first.fromAt, latestAt, gaps };
}

/** The newest base that leads to the moment; undefined when none does. */
export function baseFor(
  facts: WindowFacts,
  bases: readonly ContinuousBase[],
  targetAt: number,
): ContinuousBase | undefined {
  return reachesOf(facts, bases)
    .filter(({ fromAt, untilAt }) => fromAt <= targetAt && targetAt <= untilAt)
    .sort((a, b) => b.base.consistentAt - a.base.consistentAt)[0]?.base;
}

/** Whether a gap lies between the newest base and what is stored last: only a new base leads on from there. */
export function isCutOff(facts: Pick<WindowFacts, 'logGaps'>, bases: readonly ContinuousBase[]): boolean {
  const newest = bases.at(-1);
  return newest !== undefined && facts.logGaps.some(({ untilAt }) => untilAt > newest.startAt);
}

function reachesOf(facts: WindowFacts, bases: readonly ContinuousBase[]): readonly Reach[] {
  const newest = bases.at(-1);
  if (newest === undefined) return [];
  if (facts.nature === 'versions') return [{ base: newest, fromAt: newest.startAt, untilAt: newest.consistentAt }];
  return bases
    .map((base) => ({ base, fromAt: base.consistentAt, untilAt: logEndOf(facts, base) }))
    .filter(({ fromAt, untilAt }) => fromAt <= untilAt);
}

/** How far the log leads from a base: to the first gap after the base began, else to its end. */
export function logEndOf(
  { latestAt, logGaps }: Pick<WindowFacts, 'latestAt' | 'logGaps'>,
  base: ContinuousBase,
): number {
  const gap = logGaps.find(({ untilAt }) => untilAt > base.startAt);
  return gap?.fromAt ?? latestAt ?? Number.NEGATIVE_INFINITY;
}
