const DAY_MS = 86_400_000;
/** Days of docs/format/points.md, "Cohorts". */
const COHORT_DAYS = [7, 35, 90, 366, 2557];

/**
 * The end of the cohort into which a recovery point's packs go: packs that expire together lie together.
 * @returns ms since the epoch, or undefined for the cohort without end
 */
export function cohortUntilAt(nowAt: number, keepUntilAt: number | undefined): number | undefined {
  if (keepUntilAt === undefined) return undefined;
  for (const days of COHORT_DAYS) {
    const end = Math.ceil((nowAt + days * DAY_MS) / DAY_MS) * DAY_MS;
    if (end >= keepUntilAt) return end;
  }
  return undefined;
}
