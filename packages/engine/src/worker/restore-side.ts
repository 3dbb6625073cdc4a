import { fstatSync, ftruncateSync } from 'node:fs';
import { Blake3Hasher } from '@napi-rs/blake-hash';
import { CHUNK_ID_BYTES, CHUNK_KINDS, ChunkIdHasher } from '../crypt/chunk-id.ts';
import { openFrame } from '../pack/frame.ts';
import { PackKeys } from '../read/pack-keys.ts';
import { punchHole } from './file-punch.ts';
import type {
  DecodeFrame,
  JobDone,
  JobFile,
  OpenRead,
  PrepareFile,
  RestoreJob,
  RestoreRequest,
  VerifyFile,
} from './restore-protocol.ts';
import { type Piece, TargetFile } from './target-file.ts';

/** What the frames of a job decode to, at most, without buffers of their own (see the limits of ranges). */
const ARENA_BYTES = 32 * 1024 * 1024;

type Failure = JobDone['failures'][number];

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The read side of one recovery point in a worker: opens frames, writes and verifies files. */
export class RestoreSide {
  readonly #session: number;
  readonly #hasher: ChunkIdHasher;
  readonly #packKeys: PackKeys;
  readonly #report: (message: JobDone) => void;
  /** Of files whose data comes in order, by number. */
  readonly #hashing = new Map<number, Blake3Hasher>();
  /** Chunks of the job at hand; kept between jobs. */
  #arena: Buffer | undefined;

  constructor(open: OpenRead, report: (message: JobDone) => void) {
    this.#session = open.session;
    this.#hasher = new ChunkIdHasher(open.chunkIdKey);
    this.#packKeys = new PackKeys(open.dataKeys);
    this.#report = report;
  }

  handle(message: RestoreRequest): void {
    switch (message.type) {
      case 'restore-job':
        this.#restore(message);
        return;
      case 'prepare-file':
        this.#prepare(message);
        return;
      case 'verify-file':
        this.#verify(message);
        return;
      case 'decode-frame':
        this.#decode(message);
        return;
      case 'open-read':
        return;
    }
  }

  #done(job: number, failures: readonly Failure[], more: Partial<JobDone> = {}): void {
    this.#report({ type: 'job-done', session: this.#session, job, damagedFrames: [], failures, ...more });
  }

  #openChunk(
    packId: Uint8Array,
    range: Buffer,
    at: number,
    chunkId: Uint8Array,
    plainBytes: number,
    room?: Buffer,
  ): Buffer | undefined {
    const plain = openFrame(range, at, packId, CHUNK_KINDS.data, (birth) => this.#packKeys.of(birth), room);
    if (plain === undefined || plain.length !== plainBytes) return undefined;
    return this.#isChunk(plain, chunkId) ? plain : undefined;
  }

  #isChunk(plain: Uint8Array, chunkId: Uint8Array): boolean {
    const id = this.#hasher.full(CHUNK_KINDS.data, plain);
    return id.compare(chunkId, 0, CHUNK_ID_BYTES, 0, CHUNK_ID_BYTES) === 0;
  }

  #decode(message: DecodeFrame): void {
    const plain = this.#openChunk(message.packId, asBuffer(message.frame), 0, message.chunkId, message.plainBytes);
    if (plain === undefined) {
      this.#done(message.job, [], { damagedFrames: [0] });
      return;
    }
    // A copy of its own: the decoder's buffer may be a view of a larger one.
    this.#done(message.job, [], { plain: Uint8Array.from(plain) });
  }

  #restore(message: RestoreJob): void {
    const range = asBuffer(message.range);
    const chunks: (Buffer | undefined)[] = [];
    const damagedFrames: number[] = [];
    this.#arena ??= Buffer.allocUnsafeSlow(ARENA_BYTES);
    let used = 0;
    for (let frame = 0; frame * 3 < message.frames.length; frame += 1) {
      const [at = 0, , plainBytes = 0] = message.frames.subarray(frame * 3, frame * 3 + 3);
      const chunkId = message.chunkIds.subarray(frame * CHUNK_ID_BYTES, (frame + 1) * CHUNK_ID_BYTES);
      const plain = this.#openChunk(message.packId, range, at, chunkId, plainBytes, this.#arena.subarray(used));
      if (plain === undefined) damagedFrames.push(frame);
      else if (plain.buffer === this.#arena.buffer) used += plainBytes;
      chunks.push(plain);
    }
    this.#done(message.job, this.#writeFiles(message, chunks), { damagedFrames });
  }

  #writeFiles(message: RestoreJob, chunks: readonly (Buffer | undefined)[]): Failure[] {
    const failures: Failure[] = [];
    const { writes, fileOffsets } = message;
    let write = 0;
    message.files.forEach((file, index) => {
      const pieces: Piece[] = [];
      let isDamaged = false;
      while (writes[write * 4 + 1] === index) {
        const [frame = 0, , from = 0, length = 0] = writes.subarray(write * 4, write * 4 + 4);
        const bytes = chunks[frame]?.subarray(from, from + length);
        if (bytes === undefined) isDamaged = true;
        else pieces.push({ at: fileOffsets[write] ?? 0, bytes });
        write += 1;
      }
      // The coordinator knows which chunks are lost; nothing is written that would look whole.
      if (isDamaged) return;
      if (file.inline !== undefined) pieces.push({ at: 0, bytes: asBuffer(file.inline) });
      if (file.hashing !== undefined) this.#hash(file.hashing, pieces);
      const failure = this.#writeFile(file, pieces);
      if (failure !== undefined) failures.push({ file: index, ...failure });
    });
    return failures;
  }

  #hash(number: number, pieces: readonly Piece[]): void {
    const hasher = this.#hashing.get(number) ?? new Blake3Hasher();
    this.#hashing.set(number, hasher);
    for (const { bytes } of pieces) hasher.update(bytes);
  }

  #writeFile(file: JobFile, pieces: readonly Piece[]): { readonly code: string; readonly message: string } | undefined {
    if (file.isWhole) {
      const hasher = new Blake3Hasher();
      for (const { bytes } of pieces) hasher.update(bytes);
      if (!hasher.digestBuffer().equals(file.checksum)) {
        return { code: 'checksum-mismatch', message: 'the stored data is not what was backed up' };
      }
    }
    return attempt(file.path, (target) => {
      if (file.isWhole && fstatSync(target.descriptor).size > 0) ftruncateSync(target.descriptor, 0);
      target.write(pieces);
      const last = pieces.at(-1);
      const end = last === undefined ? 0 : last.at + last.bytes.length;
      if (file.isWhole && end !== file.sizeBytes) ftruncateSync(target.descriptor, file.sizeBytes);
    });
  }

  #prepare(message: PrepareFile): void {
    let present: Uint8Array | undefined;
    const failure = attempt(message.path, (target) => {
      const { keep } = message;
      const { descriptor } = target;
      if (keep === undefined) {
        ftruncateSync(descriptor, 0);
        ftruncateSync(descriptor, message.sizeBytes);
        return;
      }
      const { size } = fstatSync(descriptor);
      if (size !== message.sizeBytes) ftruncateSync(descriptor, message.sizeBytes);
      for (let at = 0; at < keep.holes.length; at += 2) {
        const [offset = 0, length = 0] = keep.holes.subarray(at, at + 2);
        if (offset < size) punchHole(descriptor, offset, length);
      }
      present = this.#presentExtents(target, keep);
    });
    this.#done(
      message.job,
      failure === undefined ? [] : [{ file: 0, ...failure }],
      present === undefined ? {} : { present },
    );
  }

  /** Which extents of a file hold the right bytes already: all of them when the checksum fits, else by chunk. */
  #presentExtents(target: TargetFile, keep: NonNullable<PrepareFile['keep']>): Uint8Array {
    const count = keep.extents.length / 2;
    if (keep.checksum.length > 0 && checksumOf(target, keep.extents)?.equals(keep.checksum) === true) {
      return new Uint8Array(count).fill(1);
    }
    const present = new Uint8Array(count);
    for (let extent = 0; extent < count; extent += 1) {
      const chunkId = keep.chunkIds.subarray(extent * CHUNK_ID_BYTES, (extent + 1) * CHUNK_ID_BYTES);
      const [offset = 0, length = 0] = keep.extents.subarray(extent * 2, extent * 2 + 2);
      if (chunkId.every((byte) => byte === 0)) continue;
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      const isRead = target.read(offset, length, (piece) => {
        bytes.set(piece, filled);
        filled += piece.length;
      });
      if (isRead && this.#isChunk(bytes, chunkId)) present[extent] = 1;
    }
    return present;
  }

  #takeHash(number: number | undefined): Buffer | undefined {
    if (number === undefined) return undefined;
    const hasher = this.#hashing.get(number);
    this.#hashing.delete(number);
    return hasher?.digestBuffer();
  }

  #verify(message: VerifyFile): void {
    const hashed = this.#takeHash(message.hashing);
    let isRight = hashed?.equals(message.checksum) === true;
    const readAgain = (target: TargetFile): void => {
      isRight = checksumOf(target, message.extents)?.equals(message.checksum) === true;
    };
    const failure = hashed === undefined ? attempt(message.path, readAgain) : undefined;
    const mismatch = { code: 'checksum-mismatch', message: 'the file does not hold what was backed up' };
    const found = failure ?? (isRight ? undefined : mismatch);
    this.#done(message.job, found === undefined ? [] : [{ file: 0, ...found }]);
  }
}

/** @returns undefined when the file ends too early */
function checksumOf(target: TargetFile, extents: Float64Array): Buffer | undefined {
  const hasher = new Blake3Hasher();
  for (let at = 0; at < extents.length; at += 2) {
    const [offset = 0, length = 0] = extents.subarray(at, at + 2);
    if (!target.read(offset, length, (bytes) => hasher.update(bytes))) return undefined;
  }
  return hasher.digestBuffer();
}

/** Opens a file, does something, closes it. @returns what went wrong */
function attempt(
  path: Uint8Array,
  action: (target: TargetFile) => void,
): { readonly code: string; readonly message: string } | undefined {
  try {
    using target = new TargetFile(path);
    action(target);
    return undefined;
  } catch (error) {
    return { code: 'unwritable', message: (error as Error).message };
  }
}
