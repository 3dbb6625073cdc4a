/** Reads an effective policy: plain values, keys in whichever case, single values where lists may be. */

export type PolicyValue = string | readonly string[] | { readonly [key: string]: PolicyValue };
export type PolicyBranch = { readonly [key: string]: PolicyValue };

export class PolicyReader {
  readonly #branch: PolicyBranch;
  readonly #accountId: string;

  /** @param accountId stands for `$account` in texts (ORG-44) */
  constructor(branch: PolicyBranch, accountId: string) {
    this.#branch = branch;
    this.#accountId = accountId;
  }

  text(key: string): string | undefined {
    return this.list(key)[0];
  }

  list(key: string): readonly string[] {
    const value = this.#get(key);
    if (value === undefined || isBranch(value)) return [];
    return (typeof value === 'string' ? [value] : value).map((item) => item.replaceAll('$account', this.#accountId));
  }

  /** A whole number, moved into the range; undefined when absent or no number. */
  number(key: string, least: number, most: number): number | undefined {
    const text = this.text(key);
    if (text === undefined || !/^-?\d+$/.test(text)) return undefined;
    return Math.min(most, Math.max(least, Number(text)));
  }

  below(key: string): PolicyReader {
    const value = this.#get(key);
    return new PolicyReader(value !== undefined && isBranch(value) ? value : {}, this.#accountId);
  }

  /** What lies below, with the names by which it is called. */
  entries(): readonly (readonly [name: string, reader: PolicyReader])[] {
    return Object.entries(this.#branch).flatMap(([name, value]) =>
      isBranch(value)
        ? [[name.replaceAll('$account', this.#accountId), new PolicyReader(value, this.#accountId)] as const]
        : [],
    );
  }

  has(key: string): boolean {
    return this.#get(key) !== undefined;
  }

  #get(key: string): PolicyValue | undefined {
    const name = Object.keys(this.#branch).find((candidate) => candidate.toLowerCase() === key);
    return name === undefined ? undefined : this.#branch[name];
  }
}

function isBranch(value: PolicyValue): value is PolicyBranch {
  return typeof value === 'object' && !Array.isArray(value);
}
