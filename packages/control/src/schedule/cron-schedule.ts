import {
  DAYS_OF_MONTH,
  DAYS_OF_WEEK,
  HOURS,
  MINUTES,
  MONTHS,
  parseCronField,
  parseCronValue,
  YEARS,
} from './cron-field.ts';
import { ScheduleExpressionError } from './schedule.ts';

/** Which days of a month a cron expression admits. Days of the week count from 1 = Sunday. */
export type CronDays =
  | { readonly kind: 'days-of-month'; readonly days: readonly number[] }
  | { readonly kind: 'last-day' }
  | { readonly kind: 'last-weekday' }
  | { readonly kind: 'nearest-weekday'; readonly day: number }
  | { readonly kind: 'days-of-week'; readonly days: readonly number[] }
  | { readonly kind: 'last-day-of-week'; readonly dayOfWeek: number }
  | { readonly kind: 'nth-day-of-week'; readonly dayOfWeek: number; readonly nth: number };

/** A parsed six-field AWS cron expression (PLAN-71) with its time zone (PLAN-62). */
export interface CronSchedule {
  readonly kind: 'cron';
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: CronDays;
  readonly months: readonly number[];
  readonly years: readonly number[];
  readonly timeZone: string;
}

/**
 * Reads the six fields inside `cron(...)`: minutes, hours, day-of-month, month, day-of-week, year.
 * Exactly one of the two day fields is `?`. `W`, `L` and `#` stand alone in their field.
 */
export function parseCronSchedule(fields: string, timeZone: string): CronSchedule {
  const parts = fields.trim().split(/\s+/);
  if (parts.length !== 6) {
    throw new ScheduleExpressionError(
      `a cron expression has 6 fields (minutes hours day-of-month month day-of-week year); this one has ${parts.length}`,
    );
  }
  const [minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = parts;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleExpressionError("exactly one of the day-of-month and day-of-week fields must be '?'");
  }
  return {
    kind: 'cron',
    minutes: parseCronField(minutes, MINUTES),
    hours: parseCronField(hours, HOURS),
    days: dayOfWeek === '?' ? parseDaysOfMonth(dayOfMonth.toUpperCase()) : parseDaysOfWeek(dayOfWeek.toUpperCase()),
    months: parseCronField(month, MONTHS),
    years: parseCronField(year, YEARS),
    timeZone,
  };
}

function parseDaysOfMonth(text: string): CronDays {
  if (text === 'L') return { kind: 'last-day' };
  if (text === 'LW') return { kind: 'last-weekday' };
  if (text.endsWith('W')) return { kind: 'nearest-weekday', day: parseCronValue(text.slice(0, -1), DAYS_OF_MONTH) };
  return { kind: 'days-of-month', days: parseCronField(text, DAYS_OF_MONTH) };
}

function parseDaysOfWeek(text: string): CronDays {
  // The last day of the week is Saturday.
  if (text === 'L') return { kind: 'days-of-week', days: [DAYS_OF_WEEK.maximum] };
  if (text.endsWith('L'))
    return { kind: 'last-day-of-week', dayOfWeek: parseCronValue(text.slice(0, -1), DAYS_OF_WEEK) };
  if (!text.includes('#')) return { kind: 'days-of-week', days: parseCronField(text, DAYS_OF_WEEK) };
  const [day = '', nth = '', ...rest] = text.split('#');
  if (rest.length > 0 || !/^[1-5]$/.test(nth)) {
    throw new ScheduleExpressionError(`the day-of-week field has '${text}'; after '#' comes a number from 1 to 5`);
  }
  return { kind: 'nth-day-of-week', dayOfWeek: parseCronValue(day, DAYS_OF_WEEK), nth: Number(nth) };
}
