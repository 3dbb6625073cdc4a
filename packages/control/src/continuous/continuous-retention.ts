/** How far back a continuous backup reaches, while its rule's retention changes (BKP-75, BKP-76). Pure. */

const DAY_MS = 86_400_000;

export interface ContinuousRetention {
  /** What the rule says, 1 to 35. */
  readonly days: number;
  /** What is kept until `lowersAt`, after the rule's days were lowered. */
  readonly lowering?: { readonly fromDays: number; readonly at: number };
}

/** The days that are kept now. */
export function keptDays({ days, lowering }: ContinuousRetention, now: number): number {
  return lowering === undefined || now >= lowersAt(days, lowering) ? days : lowering.fromDays;
}

function lowersAt(days: number, lowering: { readonly fromDays: number; readonly at: number }): number {
  return lowering.at + (lowering.fromDays - days) * DAY_MS;
}

/** What ended before this time need not be kept. */
export function keepFromAt(retention: ContinuousRetention, now: number): number {
  return now - keptDays(retention, now) * DAY_MS;
}

/**
 * The retention after the rule's days became `days`: more days count at once; fewer only after the difference has passed,
 * counted from what is kept now, so that nothing of the days before the change is lost early.
 */
export function changedRetention(retention: ContinuousRetention, days: number, now: number): ContinuousRetention {
  if (days === retention.days) return retention;
  const kept = keptDays(retention, now);
  return days >= kept ? { days } : { days, lowering: { fromDays: kept, at: now } };
}

/** When everything of a continuous backup that ended at `endedAt` has left its retention (BKP-70). */
export function expiresAt(retention: ContinuousRetention, endedAt: number): number {
  return endedAt + keptDays(retention, endedAt) * DAY_MS;
}
