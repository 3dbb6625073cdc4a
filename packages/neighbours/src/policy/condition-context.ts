/**
 * The facts about one request that conditions look at. Keys are compared without regard to case; a key may have
 * several values (`aws:TagKeys`, `backup:CopyTargets`), and a key with an empty list counts as absent.
 */
export class ConditionContext {
  readonly #values = new Map<string, readonly string[]>();

  constructor(values: Readonly<Record<string, ConditionValue | undefined>> = {}) {
    for (const [key, value] of Object.entries(values)) this.set(key, value);
  }

  /** Sets a key; undefined removes it. */
  set(key: string, value: ConditionValue | undefined): this {
    if (value === undefined) this.#values.delete(key.toLowerCase());
    else this.#values.set(key.toLowerCase(), typeof value === 'object' ? value.map(String) : [String(value)]);
    return this;
  }

  /** All values of a key, or undefined when the request does not have it. */
  values(key: string): readonly string[] | undefined {
    const values = this.#values.get(key.toLowerCase());
    return values === undefined || values.length === 0 ? undefined : values;
  }

  /** The value of a key that has exactly one; policy variables need that. */
  single(key: string): string | undefined {
    const values = this.values(key);
    return values?.length === 1 ? values[0] : undefined;
  }

  /** A new context with these keys on top; neither of the two is changed. */
  with(more: ConditionContext): ConditionContext {
    const merged = new ConditionContext();
    for (const source of [this.#values, more.#values]) for (const [key, value] of source) merged.set(key, value);
    return merged;
  }
}

export type ConditionValue = string | number | boolean | readonly string[];
