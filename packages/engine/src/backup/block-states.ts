import { EngineError } from '../engine-error.ts';
import type { BackupImageRequest, ImageExtent } from '../repository.ts';

/** What must happen with a block: read it, take it as zeros, take it from the parent. */
export const BLOCK = { read: 0, zero: 1, unchanged: 2 } as const;

/** Turns the extents of a source, which know no blocks, into one state per block. */
export class BlockStates {
  readonly #blockBytes: number;
  readonly #sizeBytes: number;
  readonly #extents: AsyncIterator<ImageExtent> | undefined;
  #extent: ImageExtent | undefined;
  #end = 0;

  /** @param ignoreHints everything is read */
  constructor(request: BackupImageRequest, blockBytes: number, ignoreHints: boolean) {
    this.#blockBytes = blockBytes;
    this.#sizeBytes = request.sizeBytes;
    this.#extents = ignoreHints ? undefined : request.extents?.[Symbol.asyncIterator]();
  }

  /** States of the next blocks. A block of which a part is data is read as a whole. */
  async next(from: number, count: number): Promise<Uint8Array> {
    const states = new Uint8Array(count);
    if (this.#extents === undefined) return states;
    for (let block = 0; block < count; block += 1) {
      const begin = (from + block) * this.#blockBytes;
      states[block] = await this.#stateOf(begin, Math.min(this.#sizeBytes, begin + this.#blockBytes));
    }
    return states;
  }

  async #stateOf(begin: number, end: number): Promise<number> {
    let state: number | undefined;
    for (let at = begin; at < end; ) {
      const extent = await this.#at(at);
      const code = extent.state === 'data' ? BLOCK.read : extent.state === 'zero' ? BLOCK.zero : BLOCK.unchanged;
      state = state === undefined || state === code ? code : BLOCK.read;
      at = extent.offset + extent.length;
    }
    return state ?? BLOCK.read;
  }

  async #at(offset: number): Promise<ImageExtent> {
    while (this.#extent === undefined || this.#end <= offset) {
      const step = await this.#extents?.next();
      if (step === undefined || step.done === true) {
        throw new EngineError('invalid-argument', `the extents of the image end at ${this.#end} of ${this.#sizeBytes}`);
      }
      if (step.value.offset !== this.#end || step.value.length <= 0) {
        throw new EngineError('invalid-argument', `an extent begins at ${step.value.offset} instead of ${this.#end}`);
      }
      this.#extent = step.value;
      this.#end = step.value.offset + step.value.length;
    }
    return this.#extent;
  }

  async close(): Promise<void> {
    await this.#extents?.return?.();
  }
}
