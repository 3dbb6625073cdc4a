import { ScheduleExpressionError } from './schedule.ts';

/** The bounds and the names of one field of a cron expression. */
export interface CronFieldKind {
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly names: readonly string[];
  /** Whether a range may run past the end (FRI-MON, 22-4). Years cannot. */
  readonly wraps: boolean;
}

export const MINUTES: CronFieldKind = { label: 'minutes', minimum: 0, maximum: 59, names: [], wraps: true };
export const HOURS: CronFieldKind = { label: 'hours', minimum: 0, maximum: 23, names: [], wraps: true };
export const DAYS_OF_MONTH: CronFieldKind = { label: 'day-of-month', minimum: 1, maximum: 31, names: [], wraps: true };
export const MONTHS: CronFieldKind = {
  label: 'month',
  minimum: 1,
  maximum: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  wraps: true,
};
/** AWS counts from 1 = Sunday to 7 = Saturday. */
export const DAYS_OF_WEEK: CronFieldKind = {
  label: 'day-of-week',
  minimum: 1,
  maximum: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
  wraps: true,
};
export const YEARS: CronFieldKind = { label: 'year', minimum: 1970, maximum: 2199, names: [], wraps: false };

/** Reads one number or name of a field. */
export function parseCronValue(text: string, kind: CronFieldKind): number {
  const nameIndex = kind.names.indexOf(text.toUpperCase());
  if (nameIndex >= 0) return kind.minimum + nameIndex;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= kind.minimum && value <= kind.maximum)) {
    const names = kind.names.length > 0 ? ` or ${kind.names[0]} to ${kind.names.at(-1)}` : '';
    throw new ScheduleExpressionError(
      `the ${kind.label} field has '${text}'; it takes ${kind.minimum} to ${kind.maximum}${names}`,
    );
  }
  return value;
}

/** The values that a field made of `*`, values, ranges, steps and lists of these admits, in ascending order. */
export function parseCronField(text: string, kind: CronFieldKind): readonly number[] {
  const values = new Set<number>();
  for (const part of text.split(',')) addPart(part, kind, values);
  return [...values].sort((a, b) => a - b);
}

function addPart(part: string, kind: CronFieldKind, values: Set<number>): void {
  const [range = '', stepText, ...rest] = part.split('/');
  if (rest.length > 0) throw new ScheduleExpressionError(`the ${kind.label} field has more than one '/' in '${part}'`);
  const step = stepText === undefined ? 1 : parseStep(stepText, part, kind);
  const [from, to] = parseRange(range, stepText !== undefined, kind);
  const span = kind.maximum - kind.minimum + 1;
  const last = to >= from ? to : to + span;
  for (let value = from; value <= last; value += step) values.add(value > kind.maximum ? value - span : value);
}

function parseStep(text: string, part: string, kind: CronFieldKind): number {
  const step = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (step < 1 || step > kind.maximum) {
    throw new ScheduleExpressionError(
      `the ${kind.label} field has '${part}'; the step after '/' is a number from 1 to ${kind.maximum}`,
    );
  }
  return step;
}

/** `*`, `a` (to the field's end when a step follows) or `a-b`. */
function parseRange(text: string, hasStep: boolean, kind: CronFieldKind): readonly [number, number] {
  if (text === '*') return [kind.minimum, kind.maximum];
  const ends = text.split('-');
  if (ends.length > 2) throw new ScheduleExpressionError(`the ${kind.label} field has '${text}', which is no range`);
  const from = parseCronValue(ends[0] ?? '', kind);
  if (ends.length === 1) return [from, hasStep ? kind.maximum : from];
  const to = parseCronValue(ends[1] ?? '', kind);
  if (to < from && !kind.wraps) {
    throw new ScheduleExpressionError(`the ${kind.label} field has the range '${text}', which runs backwards`);
  }
  return [from, to];
}
