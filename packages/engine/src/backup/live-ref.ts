import type { PackId } from '../authority/authority.ts';
import type { ChunkRef } from '../content/chunk-ref.ts';

/** A reference to a chunk that is being sealed; its place comes later. Readers wait for `placed` first. */
export class LiveRef implements ChunkRef {
  readonly chunkId: Buffer;
  readonly plainBytes: number;
  packId: PackId = '';
  offset = 0;
  frameBytes = 0;
  readonly placed: Promise<void>;
  readonly #settle: () => void;
  readonly #fail: (error: unknown) => void;

  constructor(chunkId: Buffer, plainBytes: number) {
    this.chunkId = chunkId;
    this.plainBytes = plainBytes;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Whoever needs the chunk sees the failure; that nobody does must not end the process.
    promise.catch(() => undefined);
    this.placed = promise;
    this.#settle = resolve;
    this.#fail = reject;
  }

  place(packId: PackId, offset: number, frameBytes: number): void {
    this.packId = packId;
    this.offset = offset;
    this.frameBytes = frameBytes;
    this.#settle();
  }

  fail(error: unknown): void {
    this.#fail(error);
  }
}
