/**
 * The definition of a cron schedule, written to be obvious and slow: look at the wall clock of the zone at every
 * minute, and fire when all fields admit what it shows and it has not shown the same before.
 */

interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** Longer than any clock is ever set back. */
const LOOK_BACK_MS = 27 * 3_600_000;

/** The first minute in `(afterAt, untilAt]` at which the fields inside `cron(...)` fire; times in ms since epoch. */
export function slowNextFireAt(fields: string, zone: string, afterAt: number, untilAt: number): number | undefined {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields.split(' ');
  const readClock = wallClockReader(zone);
  const firstMinute = Math.floor(afterAt / 60_000) + 1;
  for (let at = firstMinute * 60_000; at <= untilAt; at += 60_000) {
    const clock = readClock(at);
    if (
      admits(minute, clock.minute, 0, 59, []) &&
      admits(hour, clock.hour, 0, 23, []) &&
      admits(month, clock.month, 1, 12, MONTH_NAMES) &&
      admits(year, clock.year, 1970, 2199, []) &&
      admitsDayOfMonth(dayOfMonth, clock) &&
      admitsDayOfWeek(dayOfWeek, clock) &&
      !hasShownBefore(readClock, clock, at)
    ) {
      return at;
    }
  }
  return undefined;
}

/** All moments in a span at which the fields fire, looking at the wall clock every `stepMs` (clock changes are multiples). */
export function slowFireTimes(
  fields: string,
  zone: string,
  span: { readonly from: number; readonly to: number; readonly stepMs: number },
): readonly number[] {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields.split(' ');
  const readClock = wallClockReader(zone);
  const times: number[] = [];
  for (let at = Math.ceil(span.from / span.stepMs) * span.stepMs; at <= span.to; at += span.stepMs) {
    const clock = readClock(at);
    const isDue =
      admits(minute, clock.minute, 0, 59, []) &&
      admits(hour, clock.hour, 0, 23, []) &&
      admits(month, clock.month, 1, 12, MONTH_NAMES) &&
      admits(year, clock.year, 1970, 2199, []) &&
      admitsDayOfMonth(dayOfMonth, clock) &&
      admitsDayOfWeek(dayOfWeek, clock);
    if (!isDue) continue;
    if (!hasShownBefore(readClock, clock, at, span.stepMs)) times.push(at);
  }
  return times;
}

function wallClockReader(zone: string): (at: number) => WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (at) => {
    const numbers = format.format(at).match(/\d+/g)?.map(Number) ?? [];
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = numbers;
    return { year, month, day, hour, minute };
  };
}

function hasShownBefore(readClock: (at: number) => WallClock, clock: WallClock, at: number, stepMs = 60_000): boolean {
  const shown = JSON.stringify(clock);
  for (let back = stepMs; back <= LOOK_BACK_MS; back += stepMs) {
    if (JSON.stringify(readClock(at - back)) === shown) return true;
  }
  return false;
}

function admits(field: string, value: number, minimum: number, maximum: number, names: readonly string[]): boolean {
  const number = (text: string): number =>
    names.includes(text.toUpperCase()) ? minimum + names.indexOf(text.toUpperCase()) : Number(text);
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    let [from, to] = [minimum, maximum];
    if (range !== '*') {
      const ends = range.split('-').map(number);
      from = ends[0] ?? minimum;
      to = ends[1] ?? (part.includes('/') ? maximum : from);
    }
    const span = maximum - minimum + 1;
    const distance = (value - from + span) % span;
    const length = (to - from + span) % span;
    return distance <= length && distance % Number(step) === 0 && (to >= from ? value >= from : true);
  });
}

function daysIn(clock: WallClock): number {
  return new Date(Date.UTC(clock.year, clock.month, 0)).getUTCDate();
}

function weekdayOf(clock: WallClock, day: number): number {
  return new Date(Date.UTC(clock.year, clock.month - 1, day)).getUTCDay() + 1;
}

function isWorkday(clock: WallClock, day: number): boolean {
  return weekdayOf(clock, day) !== 1 && weekdayOf(clock, day) !== 7;
}

function admitsDayOfMonth(field: string, clock: WallClock): boolean {
  const last = daysIn(clock);
  if (field === '?') return true;
  if (field === 'L') return clock.day === last;
  if (!field.endsWith('W')) return admits(field, clock.day, 1, 31, []);
  const wanted = field === 'LW' ? last : Number(field.slice(0, -1));
  if (wanted > last) return false;
  const candidates = Array.from({ length: last }, (_, index) => index + 1).filter((day) => isWorkday(clock, day));
  const nearest = Math.min(...candidates.map((day) => Math.abs(day - wanted)));
  return isWorkday(clock, clock.day) && Math.abs(clock.day - wanted) === nearest;
}

function admitsDayOfWeek(field: string, clock: WallClock): boolean {
  const number = (text: string): number => (DAY_NAMES.includes(text) ? DAY_NAMES.indexOf(text) + 1 : Number(text));
  if (field === '?') return true;
  if (field === 'L') return weekdayOf(clock, clock.day) === 7;
  if (field.endsWith('L')) {
    return weekdayOf(clock, clock.day) === number(field.slice(0, -1)) && clock.day > daysIn(clock) - 7;
  }
  if (field.includes('#')) {
    const [day = '', nth = ''] = field.split('#');
    return weekdayOf(clock, clock.day) === number(day) && Math.floor((clock.day - 1) / 7) + 1 === Number(nth);
  }
  return admits(field, weekdayOf(clock, clock.day), 1, 7, DAY_NAMES);
}
