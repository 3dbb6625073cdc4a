import type { CronDays } from './cron-schedule.ts';

/** The days of one month (1 to 31, ascending) that a cron expression's day fields admit. `month` is 1 to 12. */
export function matchingDays(days: CronDays, year: number, month: number): readonly number[] {
  const last = lastDayOfMonth(year, month);
  switch (days.kind) {
    case 'days-of-month':
      return days.days.filter((day) => day <= last);
    case 'last-day':
      return [last];
    case 'last-weekday':
      return [nearestWeekday(year, month, last, last)];
    case 'nearest-weekday':
      // A month without that day has no occurrence, as for a plain day of the month.
      return days.day <= last ? [nearestWeekday(year, month, days.day, last)] : [];
    case 'days-of-week':
      return rangeOfDays(last).filter((day) => days.days.includes(dayOfWeek(year, month, day)));
    case 'last-day-of-week':
      return rangeOfDays(last).filter((day) => dayOfWeek(year, month, day) === days.dayOfWeek && day + 7 > last);
    case 'nth-day-of-week':
      return rangeOfDays(last).filter(
        (day) => dayOfWeek(year, month, day) === days.dayOfWeek && Math.ceil(day / 7) === days.nth,
      );
  }
}

function rangeOfDays(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

function lastDayOfMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** 1 = Sunday to 7 = Saturday. */
function dayOfWeek(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

/** The weekday nearest to the day that is still in the same month. */
function nearestWeekday(year: number, month: number, day: number, last: number): number {
  const week = dayOfWeek(year, month, day);
  if (week === 7) return day === 1 ? 3 : day - 1;
  if (week === 1) return day === last ? day - 2 : day + 1;
  return day;
}
