import type { CronSchedule } from './cron-schedule.ts';
import { matchingDays } from './matching-days.ts';
import type { Schedule } from './schedule.ts';
import { instantOf, localTimeAt } from './time-zone.ts';

/**
 * The first occurrence of a schedule after an instant (both ms since epoch), or undefined when none is left.
 *
 * A cron schedule is read on the wall clock of its zone. A local time that daylight saving skips does not occur; one
 * that comes twice occurs once, the first time. A rate counts elapsed time from `anchorAt`, and its first occurrence
 * is one interval after the anchor.
 */
export function nextFireAt(schedule: Schedule, afterAt: number, anchorAt = 0): number | undefined {
  if (schedule.kind === 'cron') return nextCronFireAt(schedule, afterAt);
  const passed = Math.max(0, Math.floor((afterAt - anchorAt) / schedule.everyMs));
  return anchorAt + (passed + 1) * schedule.everyMs;
}

/** Every occurrence in `(afterAt, untilAt]`, ascending; stops after `limit`. */
export function firesBetween(
  schedule: Schedule,
  afterAt: number,
  untilAt: number,
  anchorAt = 0,
  limit = Number.POSITIVE_INFINITY,
): readonly number[] {
  const fires: number[] = [];
  let at = nextFireAt(schedule, afterAt, anchorAt);
  while (at !== undefined && at <= untilAt && fires.length < limit) {
    fires.push(at);
    at = nextFireAt(schedule, at, anchorAt);
  }
  return fires;
}

// Local times map to instants in ascending order (repeated ones to their first showing), so the first candidate on the
// wall clock that lies after the instant is the answer.
function nextCronFireAt(schedule: CronSchedule, afterAt: number): number | undefined {
  const start = localTimeAt(afterAt, schedule.timeZone);
  for (const year of schedule.years) {
    if (year < start.year) continue;
    for (const month of schedule.months) {
      if (year === start.year && month < start.month) continue;
      for (const day of matchingDays(schedule.days, year, month)) {
        const isStartDay = year === start.year && month === start.month && day === start.day;
        if (year === start.year && month === start.month && day < start.day) continue;
        const at = firstTimeOfDay(schedule, { year, month, day }, isStartDay ? start.minuteOfDay : 0, afterAt);
        if (at !== undefined) return at;
      }
    }
  }
  return undefined;
}

function firstTimeOfDay(
  schedule: CronSchedule,
  date: { readonly year: number; readonly month: number; readonly day: number },
  fromMinuteOfDay: number,
  afterAt: number,
): number | undefined {
  for (const hour of schedule.hours) {
    if (hour * 60 + 59 < fromMinuteOfDay) continue;
    for (const minute of schedule.minutes) {
      const minuteOfDay = hour * 60 + minute;
      if (minuteOfDay < fromMinuteOfDay) continue;
      const at = instantOf({ ...date, minuteOfDay }, schedule.timeZone);
      if (at !== undefined && at > afterAt) return at;
    }
  }
  return undefined;
}
