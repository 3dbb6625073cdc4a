import { EngineError } from '../engine-error.ts';

const BITS_PER_ENTRY = 10;
const PROBES = 7;

/**
 * Says of a chunk ID "certainly not here" or "perhaps" (about 1 % wrongly). IDs are keyed hashes, so their own bytes
 * are the hash functions (docs/format/index.md, "Filter").
 */
export class BloomFilter {
  readonly #bits: Uint8Array;
  readonly #bitCount: number;

  private constructor(bits: Uint8Array, bitCount: number) {
    this.#bits = bits;
    this.#bitCount = bitCount;
  }

  static forEntries(count: number): BloomFilter {
    const bitCount = Math.max(64, Math.ceil((count * BITS_PER_ENTRY) / 64) * 64);
    return new BloomFilter(new Uint8Array(bitCount / 8), bitCount);
  }

  static decode(bytes: Buffer): BloomFilter {
    const bitCount = bytes.readUInt32LE(0);
    if (bitCount === 0 || bytes.length !== 4 + bitCount / 8)
      throw new EngineError('damaged', 'a filter has a wrong size');
    return new BloomFilter(bytes.subarray(4), bitCount);
  }

  get sizeBytes(): number {
    return this.#bits.length;
  }

  encode(): Buffer {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(this.#bitCount, 0);
    return Buffer.concat([size, this.#bits]);
  }

  add(id: Buffer): void {
    let at = id.readUInt32LE(0);
    const step = (id.readUInt32LE(4) | 1) >>> 0;
    for (let probe = 0; probe < PROBES; probe += 1) {
      const bit = at % this.#bitCount;
      this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
      at = (at + step) >>> 0;
    }
  }

  mayHold(id: Buffer): boolean {
    let at = id.readUInt32LE(0);
    const step = (id.readUInt32LE(4) | 1) >>> 0;
    for (let probe = 0; probe < PROBES; probe += 1) {
      const bit = at % this.#bitCount;
      if (((this.#bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
      at = (at + step) >>> 0;
    }
    return true;
  }
}
