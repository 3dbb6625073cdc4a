import { Temporal } from 'temporal-polyfill';

/** A wall-clock time, without a zone. `month` is 1 to 12. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly minuteOfDay: number;
}

/** Whether the text is a zone name of the IANA database that this runtime knows. Plain offsets are not names. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What a wall clock in the zone shows at an instant (ms since epoch). */
export function localTimeAt(atMs: number, timeZone: string): LocalTime {
  const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  return { year: local.year, month: local.month, day: local.day, minuteOfDay: local.hour * 60 + local.minute };
}

/**
 * The instant (ms since epoch) at which the wall clock in the zone shows that time for the first time; undefined when
 * it never does, because the clocks are set forward over it.
 */
export function instantOf(local: LocalTime, timeZone: string): number | undefined {
  const plain = new Temporal.PlainDateTime(
    local.year,
    local.month,
    local.day,
    Math.floor(local.minuteOfDay / 60),
    local.minuteOfDay % 60,
  );
  const zoned = plain.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  return zoned.toPlainDateTime().equals(plain) ? zoned.epochMilliseconds : undefined;
}
