const KEPT_BYTES = 64 * 1024;

/** The end of what a program said, in bounded memory. */
export class LastBytes {
  #parts: Buffer[] = [];
  #count = 0;

  add(part: Buffer): void {
    this.#parts.push(part);
    this.#count += part.length;
    while (this.#count - (this.#parts[0]?.length ?? 0) > KEPT_BYTES) this.#count -= this.#parts.shift()?.length ?? 0;
  }

  text(): string {
    return Buffer.concat(this.#parts).subarray(-KEPT_BYTES).toString();
  }
}
