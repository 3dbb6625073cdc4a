import { GearChunker } from '../chunk/gear-chunker.ts';
import { CHUNK_KINDS, ChunkIdHasher, FULL_CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { BlocksReader } from './blocks.ts';
import { LargeFileReader } from './large-file.ts';
import { PackFiller, PackNumbering } from './pack-filler.ts';
import type {
  Answer,
  BlocksResult,
  LargeItemResult,
  OpenWrite,
  SealNode,
  SmallItemsResult,
  StreamPiece,
  WriteReport,
  WriteRequest,
} from './protocol.ts';
import { Slab } from './slab.ts';
import { SmallItemsReader } from './small-items.ts';
import { StreamContent } from './stream-content.ts';

type Result = SmallItemsResult | LargeItemResult | BlocksResult;

/** A source that fills slabs. @returns the result when it is at its end, undefined when more slabs are needed */
interface Work {
  readonly task: number;
  step(slab: Slab): { readonly result?: Result; readonly isDone: boolean };
  close?(): void;
}

interface WaitingSlab {
  readonly slab: Slab;
  readonly ids: Buffer;
}

interface AnsweredSlab extends WaitingSlab {
  readonly isNew: Uint8Array;
  readonly places: Uint32Array;
  chunk: number;
  offset: number;
  placed: number;
}

/**
 * The write side of one backup in a worker. Slabs go round: filled and cut from a source, their chunk IDs reported,
 * the answer awaited while the next slab is filled, the new chunks sealed into packs. Everything waits when all pack
 * buffers are on their way to the store, so that memory is bounded.
 */
export class WriteSide {
  readonly #session: number;
  readonly #report: (message: WriteReport) => void;
  readonly #hasher: ChunkIdHasher;
  readonly #chunkMax: number;
  readonly #data: PackFiller;
  readonly #tree: PackFiller;
  readonly #freeSlabs: Slab[] = [];
  readonly #slabCount: number;
  readonly #waiting = new Map<number, WaitingSlab>();
  readonly #answered: AnsweredSlab[] = [];
  readonly #nodes: SealNode[] = [];
  readonly #work: Work[] = [];
  readonly #streams = new Map<number, StreamContent>();
  /** Large files are read one after the other, so one carry serves them all. */
  readonly #fileCarry: Buffer;
  #isFinishing = false;

  constructor(open: OpenWrite, report: (message: WriteReport) => void) {
    this.#session = open.session;
    this.#report = report;
    this.#hasher = new ChunkIdHasher(open.chunkIdKey);
    this.#chunkMax = open.chunking.max;
    this.#fileCarry = Buffer.allocUnsafeSlow(open.chunking.max);
    const numbering = new PackNumbering(open);
    this.#data = new PackFiller('data', open, numbering, report);
    this.#tree = new PackFiller('tree', open, numbering, report);
    this.#slabCount = open.slabCount;
    const chunker = new GearChunker(open.gearTable, open.chunking, open.slabBytes * open.slabCount);
    for (let number = 0; number < open.slabCount; number += 1) {
      this.#freeSlabs.push(new Slab(number, chunker, number * open.slabBytes, open.slabBytes));
    }
  }

  /** Takes a message and does whatever can be done now. */
  handle(message: WriteRequest): void {
    switch (message.type) {
      case 'small-items': {
        const reader = new SmallItemsReader(message);
        const step = (slab: Slab) => ({ result: reader.readInto(slab), isDone: true });
        this.#work.push({ task: message.task, step });
        break;
      }
      case 'large-file':
        this.#work.push(this.#largeFile(new LargeFileReader(message, this.#fileCarry), message.task));
        break;
      case 'blocks':
        this.#work.push(this.#blocks(new BlocksReader(message), message.task));
        break;
      case 'stream-piece':
        this.#work.push(this.#streamPiece(message));
        break;
      case 'seal-node':
        this.#nodes.push(message);
        break;
      case 'answer':
        this.#takeAnswer(message);
        break;
      case 'return-buffer':
        (message.kind === 'data' ? this.#data : this.#tree).takeBack(message.buffer);
        break;
      case 'finish-write':
        this.#isFinishing = true;
        break;
      case 'open-write':
      case 'close-session':
        break;
    }
    this.#pump();
  }

  close(): void {
    for (const work of this.#work) work.close?.();
    this.#work.length = 0;
  }

  #largeFile(reader: LargeFileReader, task: number): Work {
    return {
      task,
      step: (slab) => {
        const result = reader.step(slab);
        return result === undefined ? { isDone: false } : { result, isDone: true };
      },
      close: () => reader.close(),
    };
  }

  #blocks(reader: BlocksReader, task: number): Work {
    return {
      task,
      step: (slab) => {
        const result = reader.step(slab);
        return result === undefined ? { isDone: false } : { result, isDone: true };
      },
      close: () => reader.close(),
    };
  }

  #streamPiece(message: StreamPiece): Work {
    const { task, bytes, isLast } = message;
    let stream = this.#streams.get(task);
    if (stream === undefined) {
      stream = new StreamContent(this.#chunkMax);
      this.#streams.set(task, stream);
    }
    const content = stream;
    if (isLast) this.#streams.delete(task);
    return {
      task,
      step: (slab) => {
        const result = content.step(slab, bytes, isLast);
        return result === undefined ? { isDone: true } : { result, isDone: true };
      },
    };
  }

  #takeAnswer(message: Answer): void {
    const waiting = this.#waiting.get(message.slab);
    if (waiting === undefined) throw new Error(`an answer came for slab ${message.slab}, which waits for none`);
    this.#waiting.delete(message.slab);
    const count = message.isNew.reduce((sum, flag) => sum + flag, 0);
    const places = new Uint32Array(count * 3);
    this.#answered.push({ ...waiting, isNew: message.isNew, places, chunk: 0, offset: 0, placed: 0 });
  }

  #pump(): void {
    for (;;) {
      this.#sealNodes();
      if (!this.#sealAnswered()) break;
      const slab = this.#freeSlabs.pop();
      const work = this.#work[0];
      if (slab === undefined || work === undefined) {
        if (slab !== undefined) this.#freeSlabs.push(slab);
        break;
      }
      this.#fill(slab, work);
    }
    this.#finishIfDone();
  }

  #sealNodes(): void {
    while (this.#nodes.length > 0 && this.#tree.isReady) {
      const node = this.#nodes.shift();
      if (node === undefined) return;
      const { packNumber, offset, frameBytes } = this.#tree.add(node.chunkId, node.kind, node.bytes);
      const places = Uint32Array.of(packNumber, offset, frameBytes);
      this.#report({ type: 'placed-node', session: this.#session, task: node.task, places });
    }
  }

  /** @returns false while packs are stuck */
  #sealAnswered(): boolean {
    for (;;) {
      const answered = this.#answered[0];
      if (answered === undefined) return true;
      if (!this.#sealSlab(answered)) return false;
      this.#answered.shift();
      const { slab, places } = answered;
      if (places.length > 0) {
        this.#report({ type: 'placed-chunks', session: this.#session, slab: slab.number, places });
      }
      this.#freeSlabs.push(slab);
    }
  }

  #sealSlab(answered: AnsweredSlab): boolean {
    const { slab, ids, isNew, places } = answered;
    while (answered.chunk < isNew.length) {
      const index = answered.chunk;
      const length = slab.lengths[index] ?? 0;
      if (isNew[index] === 1) {
        if (!this.#data.isReady) return false;
        const id = Buffer.from(ids.subarray(index * FULL_CHUNK_ID_BYTES, (index + 1) * FULL_CHUNK_ID_BYTES));
        const plain = slab.bytes.subarray(answered.offset, answered.offset + length);
        const { packNumber, offset, frameBytes } = this.#data.add(id, CHUNK_KINDS.data, plain);
        places.set([packNumber, offset, frameBytes], answered.placed * 3);
        answered.placed += 1;
      }
      answered.chunk += 1;
      answered.offset += length;
    }
    return true;
  }

  #fill(slab: Slab, work: Work): void {
    slab.clear();
    const { result, isDone } = work.step(slab);
    if (isDone) this.#work.shift();
    const count = slab.lengths.length;
    const ids = Buffer.allocUnsafeSlow(count * FULL_CHUNK_ID_BYTES);
    let offset = 0;
    slab.lengths.forEach((length, index) => {
      const plain = slab.bytes.subarray(offset, offset + length);
      ids.set(this.#hasher.full(CHUNK_KINDS.data, plain), index * FULL_CHUNK_ID_BYTES);
      offset += length;
    });
    if (count > 0) this.#waiting.set(slab.number, { slab, ids });
    else this.#freeSlabs.push(slab);
    this.#report({
      type: 'cut-chunks',
      session: this.#session,
      task: work.task,
      slab: slab.number,
      ids,
      lengths: Uint32Array.from(slab.lengths),
      holes: slab.holes.map(([before, length]) => [before, length] as const),
      readBytes: slab.filled,
      ...(result === undefined ? {} : { result }),
    });
  }

  #finishIfDone(): void {
    const isIdle = this.#work.length === 0 && this.#nodes.length === 0 && this.#freeSlabs.length === this.#slabCount;
    if (!this.#isFinishing || !isIdle) return;
    this.#isFinishing = false;
    this.#data.sealPack();
    this.#tree.sealPack();
    this.#report({ type: 'finished-write', session: this.#session });
  }
}
