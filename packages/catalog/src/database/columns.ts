/** Reads a JSON column: detail that is never filtered or sorted by. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** Writes a JSON column; members that are undefined are left out. */
export function toJson(value: unknown): string {
  return JSON.stringify(value);
}

/** A JSON column that may be empty. */
export function fromOptionalJson<T>(text: string | null): T | null {
  return text === null ? null : fromJson<T>(text);
}

export function toOptionalJson(value: unknown): string | null {
  return value === undefined ? null : toJson(value);
}

/** A yes-or-no column: SQLite has no Boolean, so both databases hold 0 or 1. */
export function fromFlag(value: number): boolean {
  return value !== 0;
}

export function toFlag(value: boolean): number {
  return value ? 1 : 0;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], null | undefined> };

/** The members that have a value: empty columns become absent members. */
export function present<T extends object>(members: T): Present<T> {
  const result: Partial<Record<string, unknown>> = {};
  // A plain loop: this runs for every row of every list.
  for (const name in members) {
    const value = members[name];
    if (value !== null && value !== undefined) result[name] = value;
  }
  return result as Present<T>;
}
