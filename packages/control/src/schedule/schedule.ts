import type { CronSchedule } from './cron-schedule.ts';

/** A fixed interval: occurrences at `anchor + k * everyMs` for k = 1, 2, 3 ... A day is 24 hours of elapsed time. */
export interface RateSchedule {
  readonly kind: 'rate';
  readonly everyMs: number;
}

/** When something recurs: an AWS cron expression in a time zone, or a fixed rate. */
export type Schedule = CronSchedule | RateSchedule;

/** The time zone of a schedule that names none (PLAN-62). */
export const DEFAULT_TIME_ZONE = 'Etc/UTC';

/** Why a schedule expression or time zone cannot be used; the message is fit for the caller of the API. */
export class ScheduleExpressionError extends Error {
  override readonly name = 'ScheduleExpressionError';
}
