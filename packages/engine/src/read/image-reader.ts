import { constants, open } from 'node:fs/promises';
import { summaryOf } from '../backup/backup-run.ts';
import { chunkRefFromJson } from '../content/chunk-ref.ts';
import { EngineError } from '../engine-error.ts';
import { mapExtents, type PlacedExtent } from '../extent/map-reader.ts';
import type { RecoveryPointSummary } from '../point/recovery-point.ts';
import type { ImageReader } from '../repository.ts';
import { readExtents } from '../restore/read-content.ts';
import { ReadSession } from '../restore/read-session.ts';
import { type WriteImageOptions, writeImageFile } from '../restore/write-image-file.ts';
import type { NodeReader } from '../tree/tree-reader.ts';
import type { Vault } from '../vault.ts';
import type { PayloadWorkers } from '../worker/payload-workers.ts';
import type { HeldPoint } from './held-point.ts';
import { openNodes } from './open-nodes.ts';

/** An open recovery point of an image. */
export class StoredImageReader implements ImageReader {
  readonly summary: RecoveryPointSummary;
  readonly sizeBytes: number;
  readonly blockBytes: number;
  readonly #vault: Vault;
  readonly #held: HeldPoint;
  readonly #readNode: NodeReader;
  readonly #session: ReadSession;

  private constructor(vault: Vault, held: HeldPoint, blockBytes: number, readNode: NodeReader, session: ReadSession) {
    this.summary = summaryOf(held.point.body);
    this.sizeBytes = held.point.body.sizeBytes ?? 0;
    this.blockBytes = blockBytes;
    this.#vault = vault;
    this.#held = held;
    this.#readNode = readNode;
    this.#session = session;
  }

  /** @param held released by `close` */
  static async open(vault: Vault, workers: PayloadWorkers, held: HeldPoint): Promise<StoredImageReader> {
    const { content, chunking, recoveryPointId } = held.point.body;
    if (content !== 'image' || !('blockBytes' in chunking)) {
      throw new EngineError('invalid-argument', `recovery point ${recoveryPointId} holds items, not an image`);
    }
    const nodes = await openNodes(vault, held.point);
    const session = new ReadSession(workers, vault.idKeys.chunkIdKey, await vault.keys.dataKeys());
    return new StoredImageReader(vault, held, chunking.blockBytes, (ref, kind) => nodes.read(ref, kind), session);
  }

  async *#placed(from: number, to: number): AsyncGenerator<PlacedExtent> {
    const { root } = this.#held.point.body;
    if (root !== undefined) yield* mapExtents(this.#readNode, chunkRefFromJson(root), from, to);
  }

  async *extents(from = 0, to = this.sizeBytes) {
    this.#held.check();
    let run: { offset: number; length: number; isHole: boolean } | undefined;
    for await (const { at, length, chunk } of this.#placed(from, to)) {
      const isHole = chunk === undefined;
      if (run?.isHole === isHole) run.length += length;
      else {
        if (run !== undefined) yield run;
        run = { offset: at, length, isHole };
      }
    }
    if (run !== undefined) yield run;
  }

  async *read(range?: { readonly offset: number; readonly length: number }): AsyncGenerator<Uint8Array> {
    this.#held.check();
    const from = range?.offset ?? 0;
    const to = Math.min(this.sizeBytes, from + (range?.length ?? this.sizeBytes));
    yield* readExtents(this.#readContext, this.#placed(from, to), from, to);
  }

  get #readContext() {
    const { store, index } = this.#vault;
    return { store, index, session: this.#session, readNode: this.#readNode };
  }

  async writeFile(
    path: Uint8Array,
    options: Omit<WriteImageOptions, 'overExisting'> & Partial<WriteImageOptions>,
  ): Promise<void> {
    this.#held.check();
    const { overExisting = false } = options;
    const flags = constants.O_RDWR | constants.O_CREAT | (overExisting ? 0 : constants.O_TRUNC);
    const file = await open(Buffer.from(path), flags, 0o600);
    try {
      await file.truncate(this.sizeBytes);
    } finally {
      await file.close();
    }
    const extents = this.#placed(0, this.sizeBytes);
    await writeImageFile(this.#readContext, path, extents, this.sizeBytes, { ...options, overExisting });
  }

  async close(): Promise<void> {
    if (this.#held.isReleased) return;
    this.#session.close();
    await this.#held.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
