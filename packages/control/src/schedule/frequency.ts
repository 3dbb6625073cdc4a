import type { Schedule } from './schedule.ts';

const HOUR_MS = 3_600_000;

/** The shortest interval that a backup rule may have, in minutes (PLAN-68: as often as hourly). */
export const SHORTEST_INTERVAL_MINUTES = 60;

/**
 * Whether a schedule keeps at least an hour between occurrences on the wall clock. Two values in the minutes field are
 * always less than an hour apart, one value never is.
 */
export function isAtMostHourly(schedule: Schedule): boolean {
  return schedule.kind === 'rate' ? schedule.everyMs >= HOUR_MS : schedule.minutes.length === 1;
}
