const FIRST_DIGIT = 0x30;
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const MIDDLE = DIGITS.length / 2;
/** Keys that follow each other without a known one behind are this far apart, counted in their first digits. */
const PLACES = 8;
const STEP = DIGITS.length ** 2;

/**
 * Names for items in the order in which a server sends its files, which is the order of its directories and not of
 * names. A recovery point wants its items in path order while they stream, and wants a file to keep its path from one
 * backup to the next so that unchanged content is recognised. So every file gets a key that sorts behind the one before:
 * the key it had in the parent where that is possible, else a new one in between.
 */
export class ArrivalKeys {
  readonly #keyOfName: ReadonlyMap<string, string>;
  /** The parent's keys, ascending. */
  readonly #known: readonly string[];
  #knownIndex = 0;
  #last = '';

  /** @param parent name and key of each item of the parent, ascending by key */
  constructor(parent: Iterable<readonly [name: string, key: string]> = []) {
    const entries = [...parent];
    this.#keyOfName = new Map(entries);
    this.#known = entries.map(([, key]) => key);
  }

  /** The key of the next file. */
  next(name: string): string {
    const before = this.#keyOfName.get(name);
    const key = before !== undefined && before > this.#last ? before : this.#between();
    this.#last = key;
    return key;
  }

  #between(): string {
    while ((this.#known[this.#knownIndex] ?? '') <= this.#last && this.#knownIndex < this.#known.length) {
      this.#knownIndex += 1;
    }
    return keyBetween(this.#last, this.#known[this.#knownIndex]);
  }
}

/** A key behind `low` and before `high`; keys never end with the lowest digit, so that there is always one. */
export function keyBetween(low: string, high: string | undefined): string {
  if (high === undefined) return keyBehind(low);
  let key = '';
  for (let place = 0; ; place += 1) {
    const least = digitAt(low, place);
    const most = key === high.slice(0, place) ? digitAt(high, place) : DIGITS.length;
    const middle = Math.floor((least + most) / 2);
    if (middle > least) return key + DIGITS[middle];
    key += DIGITS[least];
  }
}

function keyBehind(low: string): string {
  const number = Number.parseInt(low.slice(0, PLACES).padEnd(PLACES, '0') || '0', DIGITS.length);
  const next = (Math.floor(number / STEP) + 1) * STEP;
  return next < DIGITS.length ** PLACES
    ? `${next.toString(DIGITS.length).padStart(PLACES, '0')}${DIGITS[MIDDLE]}`
    : `${low}${DIGITS[MIDDLE]}`;
}

function digitAt(key: string, place: number): number {
  const code = key.charCodeAt(place);
  if (Number.isNaN(code)) return 0;
  return code >= 0x61 ? code - 0x61 + 10 : code - FIRST_DIGIT;
}
