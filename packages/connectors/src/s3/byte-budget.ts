/** Memory that tasks share, in bytes; taken and given back in any order, granted in the order of the requests. */
export class ByteBudget {
  readonly #total: number;
  #free: number;
  readonly #waiters: { readonly bytes: number; readonly resolve: () => void }[] = [];

  constructor(total: number) {
    this.#total = total;
    this.#free = total;
  }

  /** Waits until the bytes are free. What is larger than the whole gets it when nobody else holds any. */
  async take(bytes: number): Promise<number> {
    const wanted = Math.min(bytes, this.#total);
    if (this.#waiters.length === 0 && wanted <= this.#free) this.#free -= wanted;
    else await new Promise<void>((resolve) => this.#waiters.push({ bytes: wanted, resolve }));
    return wanted;
  }

  /** As `take`, when that needs no waiting; else undefined. */
  takeNow(bytes: number): number | undefined {
    const wanted = Math.min(bytes, this.#total);
    if (this.#waiters.length > 0 || wanted > this.#free) return undefined;
    this.#free -= wanted;
    return wanted;
  }

  /** @param bytes what `take` returned */
  give(bytes: number): void {
    this.#free += bytes;
    for (let next = this.#waiters[0]; next !== undefined && next.bytes <= this.#free; next = this.#waiters[0]) {
      this.#free -= next.bytes;
      this.#waiters.shift();
      next.resolve();
    }
  }
}
