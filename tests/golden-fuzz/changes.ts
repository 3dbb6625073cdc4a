import type { Place } from './golden-vault.ts';

/** Which bytes of which objects are not what they were. */
export class Changes {
  readonly #changed = new Map<string, { readonly from: number; readonly to: number }>();

  constructor(before: ReadonlyMap<string, Buffer>, after: ReadonlyMap<string, Buffer>) {
    for (const [name, bytes] of before) {
      const now = after.get(name);
      if (now === bytes) continue;
      const range = now === undefined ? { from: 0, to: Number.POSITIVE_INFINITY } : changedRange(bytes, now);
      if (range !== undefined) this.#changed.set(name, range);
    }
  }

  /** Names of changed objects. */
  get objects(): readonly string[] {
    return [...this.#changed.keys()];
  }

  has(object: string): boolean {
    return this.#changed.has(object);
  }

  hits({ object, offset, length }: Place): boolean {
    const range = this.#changed.get(object);
    return range !== undefined && offset < range.to && range.from < offset + length;
  }
}

/** From the first byte that differs to the last; without end when the length differs. */
function changedRange(before: Buffer, now: Buffer): { readonly from: number; readonly to: number } | undefined {
  const shorter = Math.min(before.length, now.length);
  let from = 0;
  while (from < shorter && before[from] === now[from]) from += 1;
  if (before.length !== now.length) return { from, to: Number.POSITIVE_INFINITY };
  if (from === before.length) return undefined;
  let to = before.length;
  while (before[to - 1] === now[to - 1]) to -= 1;
  return { from, to };
}
