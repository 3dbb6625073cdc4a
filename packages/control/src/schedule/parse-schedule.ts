import { parseCronSchedule } from './cron-schedule.ts';
import { nextFireAt } from './next-fire-at.ts';
import { DEFAULT_TIME_ZONE, type RateSchedule, type Schedule, ScheduleExpressionError } from './schedule.ts';
import { isTimeZone } from './time-zone.ts';

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const LONGEST_EXPRESSION = 256;

/**
 * Reads `cron(minutes hours day-of-month month day-of-week year)` or `rate(value unit)` in a time zone (PLAN-71, PLAN-62).
 * Throws ScheduleExpressionError with a message fit for the caller: bad form, unknown zone, or dates that never come.
 */
export function parseSchedule(expression: string, timeZone: string = DEFAULT_TIME_ZONE): Schedule {
  if (!isTimeZone(timeZone)) {
    throw new ScheduleExpressionError(`'${timeZone}' is not a time zone; use an IANA name such as Europe/Vienna`);
  }
  const [, form, inner = ''] = /^\s*(cron|rate)\s*\((.*)\)\s*$/s.exec(expression) ?? [];
  if (form === undefined || expression.length > LONGEST_EXPRESSION) {
    throw new ScheduleExpressionError(
      `a schedule is written cron(minutes hours day-of-month month day-of-week year) or rate(value unit), not '${expression.slice(0, LONGEST_EXPRESSION)}'`,
    );
  }
  if (form === 'rate') return parseRate(inner);
  const schedule = parseCronSchedule(inner, timeZone);
  if (nextFireAt(schedule, -1) === undefined) {
    throw new ScheduleExpressionError(`'${expression}' names dates that do not exist in any of its years`);
  }
  return schedule;
}

function parseRate(inner: string): RateSchedule {
  const [, count = '', unit = ''] = /^\s*(\d{1,9})\s+(minutes?|hours?|days?)\s*$/.exec(inner) ?? [];
  const value = Number(count);
  if (value < 1 || unit.endsWith('s') === (value === 1)) {
    throw new ScheduleExpressionError(
      `a rate is a positive number and a unit, singular for 1: rate(1 hour), rate(12 hours), rate(1 day); not rate(${inner})`,
    );
  }
  return { kind: 'rate', everyMs: value * (UNIT_MS[unit.replace(/s$/, '')] ?? 0) };
}
