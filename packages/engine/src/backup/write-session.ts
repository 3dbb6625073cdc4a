import type { ChunkRef } from '../content/chunk-ref.ts';
import { CHUNK_ID_BYTES, type ChunkIdHasher, type ChunkKind, FULL_CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import type { IndexedPack } from '../index/segment-layout.ts';
import type { PayloadWorkers, WorkerReport } from '../worker/payload-workers.ts';
import type {
  BlocksResult,
  BlocksTask,
  CutChunks,
  LargeFileTask,
  LargeItemResult,
  OpenWrite,
  PlacedChunks,
  PlacedNode,
  SmallItemsResult,
  SmallItemsTask,
} from '../worker/protocol.ts';
import type { ChunkTable } from './chunk-table.ts';
import type { KnownChunks } from './known-chunks.ts';
import { LiveRef } from './live-ref.ts';
import { NewChunks } from './new-chunks.ts';
import type { PackUploads } from './pack-uploads.ts';
import { piecesOf } from './stream-pieces.ts';
import { WorkerSeats } from './worker-seats.ts';

/** Trees are sealed in one place, so that a small backup makes one tree pack. */
const TREE_WORKER = 0;

/** One message's worth of content: chunks with their lengths, and holes between them. */
export interface ContentPart {
  readonly refs: readonly ChunkRef[];
  readonly holes: readonly (readonly [before: number, length: number])[];
}

export interface TaskListener {
  /** A part, in order; its refs are placed. */
  onPart(part: ContentPart): Promise<void> | void;
}

type TaskResult = SmallItemsResult | LargeItemResult | BlocksResult;

interface Task<R> {
  readonly listener: TaskListener;
  readonly done: PromiseWithResolvers<R>;
  tail: Promise<void>;
  readonly release: () => void;
  onCut?: () => void;
}

export interface WriteSessionOptions {
  readonly workers: PayloadWorkers;
  readonly uploads: PackUploads;
  readonly known: KnownChunks;
  readonly idHasher: ChunkIdHasher;
  /** What each worker is told; session and pack seed are filled in here. */
  readonly open: Omit<OpenWrite, 'type' | 'session' | 'packSeed'>;
  readonly random: (count: number) => Uint8Array;
}

/** The coordinating side of one backup: hands work to the payload threads and decides which chunks are new. */
export class WriteSession {
  readonly #options: WriteSessionOptions;
  readonly #chunks: NewChunks;
  readonly #tasks = new Map<number, Task<TaskResult>>();
  readonly #slabs = new Map<string, readonly number[]>();
  readonly #nodes = new Map<number, number>();
  readonly #seats: WorkerSeats;
  readonly #finished = Promise.withResolvers<void>();
  readonly #failed = Promise.withResolvers<never>();
  #failure: unknown;
  #unfinished: number;
  #session = 0;
  #nextTask = 1;
  readBytes = 0;

  private constructor(options: WriteSessionOptions) {
    this.#options = options;
    this.#chunks = new NewChunks(options.uploads);
    this.#seats = new WorkerSeats(options.workers.threads);
    this.#unfinished = options.workers.threads;
    this.#failed.promise.catch(() => undefined);
    this.#finished.promise.catch(() => undefined);
  }

  static async open(options: WriteSessionOptions): Promise<WriteSession> {
    const session = new WriteSession(options);
    const { workers } = options;
    session.#session = await workers.openSession({
      onReport: (worker, report) => session.#onReport(worker, report),
      onLost: (error) => session.fail(error),
    });
    for (let worker = 0; worker < workers.threads; worker += 1) {
      workers.send(worker, {
        ...options.open,
        type: 'open-write',
        session: session.#session,
        packSeed: options.random(32),
      });
    }
    return session;
  }

  /** Rejects when the session fails; for `Promise.race`. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#failed.reject(error);
    this.#finished.reject(error);
    for (const task of this.#tasks.values()) {
      task.done.reject(error);
      task.onCut?.();
    }
    this.#chunks.fail(error);
    this.#seats.wakeAll();
  }

  close(): void {
    this.fail(new EngineError('closed', 'the backup was closed'));
    this.#options.workers.closeSession(this.#session);
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  get newChunkCount(): number {
    return this.#chunks.count;
  }

  get newChunkBytes(): number {
    return this.#chunks.bytes;
  }

  /** Waits for a place in the queue of a thread, for `smallItems` or `largeFile`, which give it back. */
  takeSeat(): Promise<number> {
    return this.#seats.take(() => this.throwIfFailed());
  }

  #beginTask(worker: number, listener: TaskListener): { readonly task: number; readonly entry: Task<TaskResult> } {
    const task = this.#nextTask;
    this.#nextTask += 1;
    const entry: Task<TaskResult> = {
      listener,
      done: Promise.withResolvers(),
      tail: Promise.resolve(),
      release: () => this.#seats.leave(worker),
    };
    entry.done.promise.catch(() => undefined);
    this.#tasks.set(task, entry);
    return { task, entry };
  }

  /** Sends small items as one shared stream to a thread that has a place for them. */
  smallItems(
    worker: number,
    items: Omit<SmallItemsTask, 'type' | 'session' | 'task'>,
    listener: TaskListener,
  ): Promise<SmallItemsResult> {
    const { task, entry } = this.#beginTask(worker, listener);
    this.#options.workers.send(worker, { ...items, type: 'small-items', session: this.#session, task });
    return entry.done.promise as Promise<SmallItemsResult>;
  }

  /** Has a thread that has a place for it read a large file. */
  largeFile(
    worker: number,
    file: Omit<LargeFileTask, 'type' | 'session' | 'task'>,
    listener: TaskListener,
  ): Promise<LargeItemResult> {
    const { task, entry } = this.#beginTask(worker, listener);
    this.#options.workers.send(worker, { ...file, type: 'large-file', session: this.#session, task });
    return entry.done.promise as Promise<LargeItemResult>;
  }

  /** Has blocks of an image read; parts come in order, a hole for each block of zeros. */
  async blocks(
    blocks: Omit<BlocksTask, 'type' | 'session' | 'task'>,
    listener: TaskListener,
  ): Promise<{ readonly result: Promise<BlocksResult> }> {
    const worker = await this.takeSeat();
    const { task, entry } = this.#beginTask(worker, listener);
    const transfer = 'bytes' in blocks.source ? [blocks.source.bytes.buffer as ArrayBuffer] : [];
    this.#options.workers.send(worker, { ...blocks, type: 'blocks', session: this.#session, task }, transfer);
    return { result: entry.done.promise as Promise<BlocksResult> };
  }

  /** Sends a stream piece by piece; holds at most one piece ahead of the worker. */
  async stream(content: AsyncIterable<Uint8Array>, listener: TaskListener): Promise<LargeItemResult> {
    const worker = await this.takeSeat();
    const { task, entry } = this.#beginTask(worker, listener);
    try {
      let isTaken: Promise<void> = Promise.resolve();
      const send = async (bytes: Uint8Array, isLast: boolean, release?: () => void) => {
        await isTaken;
        this.throwIfFailed();
        isTaken = new Promise((resolve) => {
          entry.onCut = () => {
            // A session that failed says nothing about how far the thread is: it may still read the piece.
            if (this.#failure === undefined) release?.();
            resolve();
          };
        });
        this.#options.workers.send(worker, { type: 'stream-piece', session: this.#session, task, bytes, isLast });
      };
      for await (const { bytes, release } of piecesOf(content)) await send(bytes, false, release);
      await send(new Uint8Array(0), true);
      return (await entry.done.promise) as LargeItemResult;
    } catch (error) {
      if (this.#tasks.delete(task)) entry.release();
      throw error;
    }
  }

  /** Stores a node of a tree, unless it is known. */
  async sealNode(kind: ChunkKind, bytes: Buffer): Promise<ChunkRef> {
    this.throwIfFailed();
    const full = this.#options.idHasher.full(kind, bytes);
    const id = full.subarray(0, CHUNK_ID_BYTES);
    const own = this.#options.known.parentNode(id) ?? (await this.#chunks.findPlaced(id));
    if (own !== undefined) return own;
    if (this.#options.known.mayHold(id)) {
      const [known] = await this.#options.known.find([{ id, plainBytes: bytes.length }]);
      if (known !== undefined) return known;
      const since = await this.#chunks.findPlaced(id);
      if (since !== undefined) return since;
    }
    const { ref, entry } = this.#chunks.add(id, bytes.length);
    const task = this.#nextTask;
    this.#nextTask += 1;
    this.#nodes.set(task, entry);
    this.#options.workers.send(TREE_WORKER, {
      type: 'seal-node',
      session: this.#session,
      task,
      kind,
      chunkId: full,
      bytes,
    });
    await ref.placed;
    return ref;
  }

  #onReport(worker: number, report: WorkerReport): void {
    switch (report.type) {
      case 'cut-chunks':
        this.#onCut(worker, report);
        return;
      case 'placed-chunks':
        this.#onPlacedChunks(worker, report);
        return;
      case 'placed-node':
        this.#onPlacedNode(worker, report);
        return;
      case 'started-pack':
        this.#options.uploads.start(worker, report);
        return;
      case 'sealed-pack': {
        const { kind, buffer } = report;
        const giveBack = () =>
          this.#options.workers.send(worker, { type: 'return-buffer', session: this.#session, kind, buffer });
        this.#options.uploads.store(worker, report, giveBack, (error) => this.fail(error));
        return;
      }
      case 'finished-write':
        this.#unfinished -= 1;
        if (this.#unfinished === 0) this.#finished.resolve();
        return;
      case 'session-failed':
        this.fail(new Error(`a payload thread failed: ${report.message}`, { cause: report.stack }));
        return;
    }
  }

  #onCut(worker: number, report: CutChunks): void {
    this.readBytes += report.readBytes;
    const task = this.#tasks.get(report.task);
    if (task === undefined) {
      // The stream was given up; its slab must still come free.
      this.#answer(worker, report.slab, new Uint8Array(report.lengths.length), []);
      return;
    }
    task.onCut?.();
    const part = this.#decide(worker, report);
    part.catch((error) => this.fail(error));
    task.tail = task.tail.then(async () => {
      const { refs } = await part;
      for (const ref of refs) if (ref instanceof LiveRef) await ref.placed;
      await task.listener.onPart({ refs, holes: report.holes });
    });
    const { result } = report;
    if (result === undefined) {
      task.tail.catch((error) => task.done.reject(error));
      return;
    }
    task.release();
    this.#tasks.delete(report.task);
    task.tail.then(
      () => task.done.resolve(result),
      (error) => task.done.reject(error),
    );
  }

  #answer(worker: number, slab: number, isNew: Uint8Array, entries: readonly number[]): void {
    if (isNew.length === 0) return;
    if (entries.length > 0) this.#slabs.set(`${worker}.${slab}`, entries);
    this.#options.workers.send(worker, { type: 'answer', session: this.#session, slab, isNew });
  }

  async #decide(worker: number, report: CutChunks): Promise<{ readonly refs: readonly ChunkRef[] }> {
    const { lengths } = report;
    const ids = Buffer.from(report.ids.buffer, report.ids.byteOffset, report.ids.byteLength);
    const idAt = (index: number) =>
      ids.subarray(index * FULL_CHUNK_ID_BYTES, index * FULL_CHUNK_ID_BYTES + CHUNK_ID_BYTES);
    const found = await this.#lookUp(lengths, idAt);
    const isNew = new Uint8Array(lengths.length);
    const entries: number[] = [];
    const refs: ChunkRef[] = [];
    lengths.forEach((plainBytes, index) => {
      const id = idAt(index);
      const known = found.get(index);
      const own = this.#chunks.find(id);
      if (own !== undefined) refs.push(own);
      else if (known !== undefined) refs.push(known);
      else {
        const added = this.#chunks.add(Buffer.from(id), plainBytes);
        isNew[index] = 1;
        entries.push(added.entry);
        refs.push(added.ref);
      }
    });
    this.#answer(worker, report.slab, isNew, entries);
    return { refs };
  }

  async #lookUp(lengths: Uint32Array, idAt: (index: number) => Buffer): Promise<ReadonlyMap<number, ChunkRef>> {
    const { known } = this.#options;
    const asked: number[] = [];
    for (let index = 0; index < lengths.length; index += 1) {
      const id = idAt(index);
      if (!this.#chunks.has(id) && known.mayHold(id)) asked.push(index);
    }
    const found = new Map<number, ChunkRef>();
    if (asked.length === 0) return found;
    const answers = await known.find(
      asked.map((index) => ({ id: Buffer.from(idAt(index)), plainBytes: lengths[index] ?? 0 })),
    );
    answers.forEach((ref, at) => {
      if (ref !== undefined) found.set(asked[at] ?? -1, ref);
    });
    return found;
  }

  #onPlacedChunks(worker: number, report: PlacedChunks): void {
    const key = `${worker}.${report.slab}`;
    const entries = this.#slabs.get(key) ?? [];
    this.#slabs.delete(key);
    entries.forEach((entry, index) => {
      this.#chunks.place(worker, entry, report.places, index * 3);
    });
  }

  #onPlacedNode(worker: number, report: PlacedNode): void {
    const entry = this.#nodes.get(report.task);
    this.#nodes.delete(report.task);
    if (entry !== undefined) this.#chunks.place(worker, entry, report.places, 0);
  }

  /** Seals and stores the last packs. @returns all packs, and the new chunks for the index */
  async finish(): Promise<{ readonly packs: readonly IndexedPack[]; readonly chunks: ChunkTable }> {
    for (let worker = 0; worker < this.#options.workers.threads; worker += 1) {
      this.#options.workers.send(worker, { type: 'finish-write', session: this.#session });
    }
    await this.#finished.promise;
    const packs = await Promise.race([this.#options.uploads.finish(), this.failed]);
    this.throwIfFailed();
    return { packs, chunks: this.#chunks.table };
  }
}
