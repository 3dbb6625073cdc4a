/**
 * Messages between the coordinating thread and the payload workers. Payload crosses only in shared or transferred buffers;
 * what is counted per chunk crosses as typed arrays.
 */
import type { ChunkParameters } from '../chunk/chunk-parameters.ts';
import type { ChunkKind } from '../crypt/chunk-id.ts';
import type { PackKind } from '../pack/pack-layout.ts';

/** Keys and parameters of one backup in one worker. */
export interface OpenWrite {
  readonly type: 'open-write';
  readonly session: number;
  readonly chunkIdKey: Uint8Array;
  readonly gearTable: Uint8Array;
  readonly dataKey: Uint8Array;
  readonly dataKeySerial: number;
  readonly fence: number;
  /** 0 for the cohort without end. */
  readonly cohortUntilAt: number;
  /** 32 random bytes from which this worker derives the random part of its pack IDs. */
  readonly packSeed: Uint8Array;
  readonly chunking: ChunkParameters;
  readonly compressionLevel: number;
  readonly dataPackBytes: number;
  readonly treePackBytes: number;
  readonly slabBytes: number;
  readonly slabCount: number;
  readonly packBuffers: number;
}

/** Small items for one shared stream: paths of local files, or bytes themselves. */
export interface SmallItemsTask {
  readonly type: 'small-items';
  readonly session: number;
  readonly task: number;
  /** Paths or contents, joined. */
  readonly data: Uint8Array;
  /** Where each ends in `data`. */
  readonly ends: Uint32Array;
  /** 0: a path, 1: the content. */
  readonly kinds: Uint8Array;
  readonly sizes: Float64Array;
  /** Modification times that the source saw, in ms; NaN when it saw none. */
  readonly modifiedMs: Float64Array;
  /** Inodes that the source saw; NaN when it saw none. */
  readonly inodes: Float64Array;
}

export interface LargeFileTask {
  readonly type: 'large-file';
  readonly session: number;
  readonly task: number;
  readonly path: Uint8Array;
  /** What the source saw; NaN when it saw no time. */
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly inode: number;
}

/** Blocks of an image: read from a file at the given offsets, or given along, one after the other. */
export interface BlocksTask {
  readonly type: 'blocks';
  readonly session: number;
  readonly task: number;
  readonly source: { readonly path: Uint8Array; readonly offsets: Float64Array } | { readonly bytes: Uint8Array };
  readonly lengths: Uint32Array;
}

/** A piece of a stream, at most half a slab; pieces of one task come in order. */
export interface StreamPiece {
  readonly type: 'stream-piece';
  readonly session: number;
  readonly task: number;
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

/** Seal a node whose ID is known and new. */
export interface SealNode {
  readonly type: 'seal-node';
  readonly session: number;
  readonly task: number;
  readonly kind: ChunkKind;
  readonly chunkId: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Which chunks of a slab are new, and must be sealed. */
export interface Answer {
  readonly type: 'answer';
  readonly session: number;
  readonly slab: number;
  readonly isNew: Uint8Array;
}

/** A pack buffer that comes back after its pack was stored. */
export interface ReturnBuffer {
  readonly type: 'return-buffer';
  readonly session: number;
  readonly kind: PackKind;
  readonly buffer: SharedArrayBuffer;
}

export interface FinishWrite {
  readonly type: 'finish-write';
  readonly session: number;
}

/** Drops everything of a session. */
export interface CloseSession {
  readonly type: 'close-session';
  readonly session: number;
}

/** How reading an item went. */
export const READ_STATUS = {
  ok: 0,
  /** Changed since the source looked at it, and was read again as it is now; see `updates`. */
  updated: 1,
  /** Changed again and again; the content is what was read last. */
  changed: 2,
  vanished: 3,
  unreadable: 4,
  /** Grown beyond a shared stream; to be read as a large file. */
  grown: 5,
} as const;
export type ReadStatus = (typeof READ_STATUS)[keyof typeof READ_STATUS];

/** What a file is now, when that is not what the source saw. */
export interface FileUpdate {
  readonly index: number;
  readonly sizeBytes: number;
  readonly modifiedAtNs: bigint;
  readonly changedAtNs: bigint;
}

export interface SmallItemsResult {
  readonly kind: 'small-items';
  readonly statuses: Uint8Array;
  readonly sizes: Float64Array;
  /** 32 bytes per item. */
  readonly checksums: Uint8Array;
  readonly updates: readonly FileUpdate[];
  readonly errors: readonly { readonly index: number; readonly message: string }[];
}

export interface LargeItemResult {
  readonly kind: 'large-item';
  readonly status: ReadStatus;
  readonly sizeBytes: number;
  readonly checksum: Uint8Array;
  readonly update?: FileUpdate;
  readonly error?: string;
}

export interface BlocksResult {
  readonly kind: 'blocks';
  /** Absent: all blocks were read. */
  readonly error?: string;
}

/** Chunks that a worker cut and hashed; they wait in its slab for the answer. */
export interface CutChunks {
  readonly type: 'cut-chunks';
  readonly session: number;
  readonly task: number;
  readonly slab: number;
  /** 32 bytes each. */
  readonly ids: Uint8Array;
  readonly lengths: Uint32Array;
  /** Holes: how many chunks of this message come before, and how long. */
  readonly holes: readonly (readonly [before: number, length: number])[];
  readonly readBytes: number;
  /** Present with the last message of a task. */
  readonly result?: SmallItemsResult | LargeItemResult | BlocksResult;
}

/** Where the new chunks of a slab, or a node, were sealed: per chunk pack number, offset, frame length. */
export interface PlacedChunks {
  readonly type: 'placed-chunks';
  readonly session: number;
  readonly slab: number;
  readonly places: Uint32Array;
}

export interface PlacedNode {
  readonly type: 'placed-node';
  readonly session: number;
  readonly task: number;
  readonly places: Uint32Array;
}

/** A pack has begun; comes before any place in it. */
export interface StartedPack {
  readonly type: 'started-pack';
  readonly session: number;
  readonly packNumber: number;
  readonly packId: Uint8Array;
  readonly kind: PackKind;
}

/** A pack is complete and must be stored; its buffer is the coordinator's until `ReturnBuffer`. */
export interface SealedPackMessage {
  readonly type: 'sealed-pack';
  readonly session: number;
  readonly packNumber: number;
  readonly kind: PackKind;
  readonly buffer: SharedArrayBuffer;
  readonly sizeBytes: number;
  readonly merkleRoot: Uint8Array;
  readonly crc32: number;
  readonly frameCount: number;
}

export interface FinishedWrite {
  readonly type: 'finished-write';
  readonly session: number;
}

/** The worker cannot go on with this session. */
export interface SessionFailed {
  readonly type: 'session-failed';
  readonly session: number;
  readonly message: string;
  readonly stack?: string;
}

export type WriteRequest =
  | OpenWrite
  | SmallItemsTask
  | LargeFileTask
  | StreamPiece
  | BlocksTask
  | SealNode
  | Answer
  | ReturnBuffer
  | FinishWrite
  | CloseSession;

export type WriteReport =
  | CutChunks
  | PlacedChunks
  | PlacedNode
  | StartedPack
  | SealedPackMessage
  | FinishedWrite
  | SessionFailed;
