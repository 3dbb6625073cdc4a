import { Blake3Hasher } from '@napi-rs/blake-hash';
import type { ChunkKind } from '../crypt/chunk-id.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { PackBuilder } from '../pack/pack-builder.ts';
import { makePackId } from '../pack/pack-id.ts';
import type { PackKind } from '../pack/pack-layout.ts';
import type { OpenWrite, WriteReport } from './protocol.ts';

/** Largest chunk that a pack buffer must have room for behind its target size. */
const LARGEST_NODE_BYTES = 2 * 1024 * 1024;

export interface FrameLocationInPack {
  readonly packNumber: number;
  readonly offset: number;
  readonly frameBytes: number;
}

/** Numbers packs of one worker and session, and makes their IDs. */
export class PackNumbering {
  readonly #open: OpenWrite;
  #next = 0;

  constructor(open: OpenWrite) {
    this.#open = open;
  }

  next(): { readonly packNumber: number; readonly packId: Buffer } {
    const packNumber = this.#next;
    this.#next += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32LE(packNumber, 0);
    const random = Blake3Hasher.newKeyed(Buffer.from(this.#open.packSeed)).update(counter).digestBuffer();
    return { packNumber, packId: makePackId(this.#open.fence, this.#open.dataKeySerial, random) };
  }
}

/**
 * Fills packs of one kind, one after the other, in a fixed set of buffers. They are shared with the coordinating thread
 * and not handed to and fro, since memory that changes its owner makes the garbage collectors of both look for more.
 */
export class PackFiller {
  readonly #kind: PackKind;
  readonly #open: OpenWrite;
  readonly #numbering: PackNumbering;
  readonly #report: (message: WriteReport) => void;
  readonly #targetBytes: number;
  readonly #bufferBytes: number;
  readonly #free: SharedArrayBuffer[] = [];
  #unmade: number;
  #pack: { readonly builder: PackBuilder; readonly buffer: SharedArrayBuffer; readonly packNumber: number } | undefined;

  constructor(kind: PackKind, open: OpenWrite, numbering: PackNumbering, report: (message: WriteReport) => void) {
    this.#kind = kind;
    this.#open = open;
    this.#numbering = numbering;
    this.#report = report;
    this.#targetBytes = kind === 'data' ? open.dataPackBytes : open.treePackBytes;
    const largest = kind === 'data' ? open.chunking.max : LARGEST_NODE_BYTES;
    this.#bufferBytes = PackBuilder.bufferBytes(this.#targetBytes, largest);
    this.#unmade = open.packBuffers;
  }

  takeBack(buffer: SharedArrayBuffer): void {
    this.#free.push(buffer);
  }

  /** True when a chunk can be added at once; false while all buffers are on their way to the store. */
  get isReady(): boolean {
    return this.#pack !== undefined || this.#free.length > 0 || this.#unmade > 0;
  }

  #begin(): { readonly builder: PackBuilder; readonly buffer: SharedArrayBuffer; readonly packNumber: number } {
    let buffer = this.#free.pop();
    if (buffer === undefined) {
      this.#unmade -= 1;
      buffer = new SharedArrayBuffer(this.#bufferBytes);
    }
    const { packNumber, packId } = this.#numbering.next();
    const header = { packId, kind: this.#kind, cohortUntilAt: this.#open.cohortUntilAt };
    const builder = new PackBuilder(
      new Uint8Array(buffer),
      header,
      derivedKeys.pack(this.#open.dataKey, packId),
      this.#targetBytes,
    );
    this.#report({ type: 'started-pack', session: this.#open.session, packNumber, packId, kind: this.#kind });
    this.#pack = { builder, buffer, packNumber };
    return this.#pack;
  }

  /** Seals a chunk; only when `isReady`. */
  add(chunkId: Uint8Array, kind: ChunkKind, plain: Uint8Array): FrameLocationInPack {
    const { builder, packNumber } = this.#pack ?? this.#begin();
    const { offset, frameBytes } = builder.add(chunkId, kind, plain, this.#open.compressionLevel);
    if (builder.isFull) this.sealPack();
    return { packNumber, offset, frameBytes };
  }

  /** Completes the pack at hand, if there is one, and gives it away. */
  sealPack(): void {
    if (this.#pack === undefined) return;
    const { builder, buffer, packNumber } = this.#pack;
    this.#pack = undefined;
    const sealed = builder.seal();
    this.#report({
      type: 'sealed-pack',
      session: this.#open.session,
      packNumber,
      kind: this.#kind,
      buffer,
      ...sealed,
    });
  }
}
