import type { GearChunker } from '../chunk/gear-chunker.ts';

/** A piece of the chunker's memory: filled by a source, cut, and kept until the answer for its chunks came. */
export class Slab {
  readonly number: number;
  readonly bytes: Buffer;
  readonly #chunker: GearChunker;
  readonly #base: number;
  /** Lengths of the chunks found, which lie one after the other from the beginning. */
  readonly lengths: number[] = [];
  readonly holes: [before: number, length: number][] = [];
  /** End of the bytes filled in. */
  filled = 0;
  /** End of the chunks found. */
  cutEnd = 0;

  constructor(number: number, chunker: GearChunker, base: number, sizeBytes: number) {
    this.number = number;
    this.#chunker = chunker;
    this.#base = base;
    this.bytes = chunker.data.subarray(base, base + sizeBytes);
  }

  get room(): number {
    return this.bytes.length - this.filled;
  }

  clear(): void {
    this.lengths.length = 0;
    this.holes.length = 0;
    this.filled = 0;
    this.cutEnd = 0;
  }

  /** Cuts what was filled in; with `isLast` the bytes end a stream (or a run of data) and all of them are cut. */
  cut(isLast: boolean): void {
    while (this.cutEnd < this.filled) {
      const length = this.#chunker.cut(this.#base + this.cutEnd, this.filled - this.cutEnd, isLast);
      if (length === 0) return;
      this.lengths.push(length);
      this.cutEnd += length;
    }
  }

  /** Takes the bytes filled in since the last cut as one chunk. */
  cutWhole(): void {
    this.lengths.push(this.filled - this.cutEnd);
    this.cutEnd = this.filled;
  }

  addHole(length: number): void {
    this.holes.push([this.lengths.length, length]);
  }

  /** Moves the bytes that no chunk took into `carry`. @returns how many */
  carryInto(carry: Buffer): number {
    const count = this.filled - this.cutEnd;
    carry.set(this.bytes.subarray(this.cutEnd, this.filled), 0);
    this.filled = this.cutEnd;
    return count;
  }

  append(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.filled);
    this.filled += bytes.length;
  }
}
