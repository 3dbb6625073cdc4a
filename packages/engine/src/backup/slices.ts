import type { ChunkRef } from '../content/chunk-ref.ts';
import type { Extent } from '../content/stored-content.ts';

/** Cuts the chunks of a shared stream into the extents of its items, which lie one after the other. */
export class StreamSlicer {
  readonly #chunks: readonly ChunkRef[];
  #chunk = 0;
  #offset = 0;

  constructor(chunks: readonly ChunkRef[]) {
    this.#chunks = chunks;
  }

  /** Extents of the next item of the stream. */
  next(sizeBytes: number): readonly Extent[] {
    const extents: Extent[] = [];
    let left = sizeBytes;
    while (left > 0) {
      const chunk = this.#chunks[this.#chunk];
      if (chunk === undefined) throw new Error('a shared stream is shorter than its items');
      const length = Math.min(left, chunk.plainBytes - this.#offset);
      extents.push({ length, chunk, chunkOffset: this.#offset });
      left -= length;
      this.#offset += length;
      if (this.#offset === chunk.plainBytes) {
        this.#chunk += 1;
        this.#offset = 0;
      }
    }
    return extents;
  }
}
