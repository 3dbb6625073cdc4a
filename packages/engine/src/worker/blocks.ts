import type { BlocksResult, BlocksTask } from './protocol.ts';
import type { Slab } from './slab.ts';
import { closeSource, openSource, readFully } from './source-file.ts';

const ZEROS = Buffer.alloc(65_536);

/** True when all bytes are zero. */
function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const end = Math.min(bytes.length, at + ZEROS.length);
    if (bytes.compare(ZEROS, 0, end - at, at, end) !== 0) return false;
  }
  return true;
}

/** Reads blocks of an image slab by slab: each block is a chunk, blocks of zeros are holes. */
export class BlocksReader {
  readonly #task: BlocksTask;
  #next = 0;
  #offset = 0;
  #descriptor: number | undefined;

  constructor(task: BlocksTask) {
    this.#task = task;
  }

  /** @returns the result with the last block, or when reading fails */
  step(slab: Slab): BlocksResult | undefined {
    try {
      while (this.#next < this.#task.lengths.length) {
        const length = this.#task.lengths[this.#next] ?? 0;
        if (length > slab.room) return undefined;
        this.#readBlock(slab, length);
        this.#next += 1;
      }
      this.close();
      return { kind: 'blocks' };
    } catch (error) {
      this.close();
      return { kind: 'blocks', error: (error as Error).message };
    }
  }

  #readBlock(slab: Slab, length: number): void {
    const from = slab.filled;
    const { source } = this.#task;
    if ('bytes' in source) {
      slab.append(source.bytes.subarray(this.#offset, this.#offset + length));
      this.#offset += length;
    } else {
      this.#descriptor ??= openSource(source.path);
      const at = source.offsets[this.#next] ?? 0;
      const count = readFully(this.#descriptor, slab.bytes, from, length, at);
      if (count < length) throw new Error(`the image ends at byte ${at + count}, before the end of a block`);
      slab.filled = from + length;
    }
    if (isZero(slab.bytes.subarray(from, from + length))) {
      slab.filled = from;
      slab.addHole(length);
    } else slab.cutWhole();
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSource(this.#descriptor);
    this.#descriptor = undefined;
  }
}
