import { Blake3Hasher } from '@napi-rs/blake-hash';
import { type LargeItemResult, READ_STATUS } from './protocol.ts';
import type { Slab } from './slab.ts';

/** Cuts the pieces of one stream; what no chunk took yet is carried to the next piece. */
export class StreamContent {
  readonly #hasher = new Blake3Hasher();
  readonly #largestChunk: number;
  /** Made when the first piece leaves a rest: most streams are one piece. */
  #carry: Buffer | undefined;
  #carried = 0;
  #sizeBytes = 0;

  constructor(largestChunk: number) {
    this.#largestChunk = largestChunk;
  }

  /** @returns the result with the last piece */
  step(slab: Slab, piece: Uint8Array, isLast: boolean): LargeItemResult | undefined {
    if (this.#carry !== undefined) slab.append(this.#carry.subarray(0, this.#carried));
    slab.append(piece);
    this.#hasher.update(piece);
    this.#sizeBytes += piece.length;
    slab.cut(isLast);
    if (!isLast) {
      this.#carry ??= Buffer.allocUnsafeSlow(this.#largestChunk);
      this.#carried = slab.carryInto(this.#carry);
      return undefined;
    }
    return {
      kind: 'large-item',
      status: READ_STATUS.ok,
      sizeBytes: this.#sizeBytes,
      checksum: this.#hasher.digestBuffer(),
    };
  }
}
