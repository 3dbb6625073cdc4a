/** Numbers, sizes and times as people read them, in the language of the page. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size with three significant digits: `1.46 GB`. Undefined becomes a dash. */
export function formatBytes(bytes: number | undefined, language: string): string {
  if (bytes === undefined) return '-';
  const step = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(bytes / 1000 ** step);
  return `${number} ${UNITS[step]}`;
}

export function formatNumber(value: number | undefined, language: string): string {
  return value === undefined ? '-' : new Intl.NumberFormat(language).format(value);
}

/** A moment in the viewer's time zone. */
export function formatTime(at: Date, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** A length of time: `1 h 2 min`, `3.4 s`. */
export function formatDuration(milliseconds: number, language: string): string {
  const seconds = milliseconds / 1000;
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, maximumFractionDigits: seconds < 10 ? 1 : 0 }).format(
      value,
    );
  if (seconds < 60) return unit(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${unit(minutes, 'minute')} ${unit(Math.floor(seconds % 60), 'second')}`;
  return `${unit(Math.floor(minutes / 60), 'hour')} ${unit(minutes % 60, 'minute')}`;
}

/** What the wire gives as a time: a Date from the SDK, seconds from the admin service. */
export function dateOf(at: Date | number | undefined): Date | undefined {
  if (at === undefined) return undefined;
  return typeof at === 'number' ? new Date(at * 1000) : at;
}
