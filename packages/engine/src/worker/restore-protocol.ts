/** Messages between the coordinating thread and the payload workers for reading. */

export interface OpenRead {
  readonly type: 'open-read';
  readonly session: number;
  readonly chunkIdKey: Uint8Array;
  readonly dataKeys: ReadonlyMap<number, Uint8Array>;
}

/** A file of a restore job. */
export interface JobFile {
  readonly path: Uint8Array;
  readonly sizeBytes: number;
  /** All data of the file is in this job: it is checked in memory, and the file is cut to its size. */
  readonly isWhole: boolean;
  /** The data of the file comes to this thread in order, job by job: it is hashed under this number (see `VerifyFile`). */
  readonly hashing?: number;
  /** BLAKE3 of the data. */
  readonly checksum: Uint8Array;
  /** Instead of frames. */
  readonly inline?: Uint8Array;
}

/** Frames of one range of a pack, and where their bytes go. */
export interface RestoreJob {
  readonly type: 'restore-job';
  readonly session: number;
  readonly job: number;
  readonly packId: Uint8Array;
  /** Shared memory, which must not change until the job is done, or given away. */
  readonly range: Uint8Array;
  /** 24 bytes each. */
  readonly chunkIds: Uint8Array;
  /** Per frame: offset in the range, frame bytes, plain bytes. */
  readonly frames: Uint32Array;
  readonly files: readonly JobFile[];
  /** Per write: frame, file, offset in the chunk, length; writes of a file are together and in order. */
  readonly writes: Uint32Array;
  /** Per write: offset in the file. */
  readonly fileOffsets: Float64Array;
}

/** Brings a file to its size before several jobs write into it. */
export interface PrepareFile {
  readonly type: 'prepare-file';
  readonly session: number;
  readonly job: number;
  readonly path: Uint8Array;
  readonly sizeBytes: number;
  /** Keep what it holds: holes are punched, data is compared. Per data extent: offset, length. */
  readonly keep?: {
    readonly holes: Float64Array;
    readonly extents: Float64Array;
    /** Per extent 24 bytes: the ID of the chunk that it covers wholly, or zeros. */
    readonly chunkIds: Uint8Array;
    /** Of all these extents; empty when only the chunks speak for them. */
    readonly checksum: Uint8Array;
  };
}

/**
 * Compares the data of a file with its checksum: what was hashed while it was written, or else what is read again. Per
 * data extent: offset, length.
 */
export interface VerifyFile {
  readonly type: 'verify-file';
  readonly session: number;
  readonly job: number;
  readonly path: Uint8Array;
  readonly extents: Float64Array;
  readonly checksum: Uint8Array;
  readonly hashing?: number;
}

/** Opens one frame and gives its bytes back. */
export interface DecodeFrame {
  readonly type: 'decode-frame';
  readonly session: number;
  readonly job: number;
  readonly packId: Uint8Array;
  readonly frame: Uint8Array;
  readonly chunkId: Uint8Array;
  readonly plainBytes: number;
}

export type RestoreRequest = OpenRead | RestoreJob | PrepareFile | VerifyFile | DecodeFrame;

/** What became of a job. */
export interface JobDone {
  readonly type: 'job-done';
  readonly session: number;
  readonly job: number;
  /** Indices of frames that do not verify. */
  readonly damagedFrames: readonly number[];
  /** Files of the job that could not be written, or whose data is not what was backed up. */
  readonly failures: readonly { readonly file: number; readonly code: string; readonly message: string }[];
  /** `prepare-file`: 1 for each extent that holds the right bytes already. */
  readonly present?: Uint8Array;
  /** `decode-frame`. */
  readonly plain?: Uint8Array;
}

export type RestoreReport = JobDone;
