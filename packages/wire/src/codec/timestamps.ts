/** Points in time in the three notations of AWS's protocols. */
import type { TimestampFormat } from '../model/shape.ts';

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}(\.\d+)? GMT$/;
const EPOCH = /^-?\d{1,15}(\.\d+)?([eE][+-]?\d{1,2})?$/;
/** What `Date` can hold, in ms. */
const MAX_MS = 8.64e15;

/**
 * Reads a time in any of the notations: ISO 8601 (without an offset it is UTC, without a time it is midnight), epoch
 * seconds with fraction, or HTTP date. Precision is the millisecond. Answers `undefined` for anything else.
 * Requirements API-253, API2-7.
 */
export function parseTimestamp(value: unknown): Date | undefined {
  if (typeof value === 'number') return fromEpochSeconds(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (EPOCH.test(text)) return fromEpochSeconds(Number(text));
  if (HTTP_DATE.test(text)) return valid(new Date(text));
  const match = ISO.exec(text);
  return match === null ? undefined : fromIso(match);
}

function fromEpochSeconds(seconds: number): Date | undefined {
  return Number.isFinite(seconds) && Math.abs(seconds * 1000) <= MAX_MS
    ? new Date(Math.round(seconds * 1000))
    : undefined;
}

function fromIso(match: RegExpExecArray): Date | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', offset = 'Z'] = match;
  const millis = fraction.padEnd(3, '0').slice(0, 3);
  const date = valid(new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}${normalOffset(offset)}`));
  // `Date` carries 30 February over into March; a client that sends it has made a mistake.
  const isRealDay = Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return isRealDay ? date : undefined;
}

function normalOffset(offset: string): string {
  if (offset.toUpperCase() === 'Z') return 'Z';
  return offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`;
}

function valid(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Epoch seconds keep milliseconds as a fraction (TYPE-4); ISO 8601 has a fraction only when there is one. */
export function formatTimestamp(date: Date, format: TimestampFormat): string | number {
  switch (format) {
    case 'epochSeconds':
      return date.getTime() / 1000;
    case 'httpDate':
      return date.toUTCString();
    case 'dateTime':
      return date.toISOString().replace('.000Z', 'Z');
  }
}
