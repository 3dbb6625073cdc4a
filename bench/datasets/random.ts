/** A small seeded generator (xoshiro128**), so that every machine benches the same bytes. */
export class SeededRandom {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    this.#state = Uint32Array.of(seed ^ 0x9e3779b9, seed ^ 0x243f6a88, seed ^ 0xb7e15162, seed | 1);
    for (let round = 0; round < 20; round += 1) this.next();
  }

  /** A uniform 32-bit number. */
  next(): number {
    const s = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = s;
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    const c1 = c ^ a;
    const d1 = d ^ b;
    s[1] = b ^ c1;
    s[0] = a ^ d1;
    s[2] = c1 ^ shifted;
    s[3] = (d1 << 11) | (d1 >>> 21);
    return result;
  }

  /** A uniform whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * limit);
  }

  /** Fills the buffer with bytes that do not compress. */
  fill(buffer: Buffer): void {
    const words = buffer.length >>> 2;
    for (let index = 0; index < words; index += 1) buffer.writeUInt32LE(this.next(), index * 4);
    for (let index = words * 4; index < buffer.length; index += 1) buffer[index] = this.next() & 0xff;
  }
}
