/** What commands print: JSON for scripts, tables and progress for people. Data goes to stdout, remarks to stderr. */

/** Prints one JSON document. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints a line for people. */
export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Prints rows under a header, columns as wide as their longest value; says `empty` when there is nothing. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[], empty: string): void {
  if (rows.length === 0) {
    printLine(empty);
    return;
  }
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const format = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  printLine(format(header));
  for (const row of rows) printLine(format(row));
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `1536` as `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/**
 * Progress of long work: one line that is rewritten in a terminal, a new line every ten seconds elsewhere.
 * Written to stderr, so that stdout stays clean for scripts.
 */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #now: () => number;
  #lastAt = 0;
  #lastText = '';

  constructor(stream: NodeJS.WriteStream = process.stderr, now: () => number = Date.now) {
    this.#stream = stream;
    this.#now = now;
  }

  /** `percent` draws a bar; undefined when the total is not known yet. */
  update(text: string, percent?: number): void {
    const line = percent === undefined ? text : `${bar(percent)} ${String(Math.floor(percent)).padStart(3)} %  ${text}`;
    if (line === this.#lastText) return;
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\u001b[2K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`);
    } else if (this.#now() - this.#lastAt >= 10_000) {
      this.#stream.write(`${line}\n`);
      this.#lastAt = this.#now();
    }
    this.#lastText = line;
  }

  /** Removes the line from a terminal, so that the result stands alone. */
  end(): void {
    if (this.#stream.isTTY && this.#lastText !== '') this.#stream.write('\r\u001b[2K');
  }
}

function bar(percent: number): string {
  const filled = Math.round(Math.min(100, Math.max(0, percent)) / 5);
  return `[${'#'.repeat(filled)}${'.'.repeat(20 - filled)}]`;
}
