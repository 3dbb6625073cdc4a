/** Reads a JSON column: detail that is never filtered or sorted by. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** Writes a JSON column; members that are undefined are left out. */
export function toJson(value: unknown): string {
  return JSON.stringify(value);
}

/** A yes-or-no column: SQLite has no Boolean, so both databases hold 0 or 1. */
export function fromFlag(value: number): boolean {
  return value !== 0;
}

export function toFlag(value: boolean): number {
  return value ? 1 : 0;
}
