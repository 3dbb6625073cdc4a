import { blake3Of } from '../crypt/chunk-id.ts';
import {
  type FileUpdate,
  READ_STATUS,
  type ReadStatus,
  type SmallItemsResult,
  type SmallItemsTask,
} from './protocol.ts';
import type { Slab } from './slab.ts';
import {
  assertInPlace,
  closeSource,
  exactTimes,
  type FileFacts,
  factsOf,
  isAsSeen,
  isSameFile,
  openSource,
  readFully,
} from './source-file.ts';

const CHECKSUM_BYTES = 32;
const READS = 3;
const GONE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ESTALE']);

/** Reads the small items of a shared stream into a slab, one after the other. */
export class SmallItemsReader {
  readonly #task: SmallItemsTask;
  readonly #statuses: Uint8Array;
  readonly #sizes: Float64Array;
  readonly #checksums: Uint8Array;
  readonly #updates: FileUpdate[] = [];
  readonly #errors: { index: number; message: string }[] = [];

  constructor(task: SmallItemsTask) {
    this.#task = task;
    const count = task.ends.length;
    this.#statuses = new Uint8Array(count);
    this.#sizes = new Float64Array(count);
    this.#checksums = new Uint8Array(count * CHECKSUM_BYTES);
  }

  /** @returns what became of each item; the slab holds and has cut all bytes */
  readInto(slab: Slab): SmallItemsResult {
    const { data, ends, kinds } = this.#task;
    let start = 0;
    for (let index = 0; index < ends.length; index += 1) {
      const end = ends[index] ?? start;
      const part = data.subarray(start, end);
      start = end;
      const from = slab.filled;
      this.#statuses[index] = kinds[index] === 1 ? this.#take(slab, part) : this.#readFile(slab, part, index);
      this.#sizes[index] = slab.filled - from;
      this.#checksums.set(blake3Of(slab.bytes.subarray(from, slab.filled)), index * CHECKSUM_BYTES);
    }
    slab.cut(true);
    return {
      kind: 'small-items',
      statuses: this.#statuses,
      sizes: this.#sizes,
      checksums: this.#checksums,
      updates: this.#updates,
      errors: this.#errors,
    };
  }

  #take(slab: Slab, bytes: Uint8Array): ReadStatus {
    if (bytes.length > slab.room) return READ_STATUS.grown;
    slab.append(bytes);
    return READ_STATUS.ok;
  }

  #readFile(slab: Slab, path: Uint8Array, index: number): ReadStatus {
    let descriptor: number | undefined;
    try {
      descriptor = openSource(path);
      return this.#readOpen(slab, descriptor, path, index);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.#errors.push({ index, message });
      return GONE.has(code ?? '') ? READ_STATUS.vanished : READ_STATUS.unreadable;
    } finally {
      if (descriptor !== undefined) closeSource(descriptor);
    }
  }

  #readOpen(slab: Slab, descriptor: number, path: Uint8Array, index: number): ReadStatus {
    const from = slab.filled;
    const inode = this.#task.inodes[index] ?? Number.NaN;
    const expected = this.#task.sizes[index] ?? 0;
    const modifiedMs = this.#task.modifiedMs[index] ?? Number.NaN;
    // Without a time from the source, a first look is needed to notice a change during the read.
    let before: FileFacts | undefined = Number.isNaN(modifiedMs) ? factsOf(descriptor) : undefined;
    for (let read = 0; read < READS; read += 1) {
      const size = before?.sizeBytes ?? expected;
      if (size > slab.bytes.length - from) return READ_STATUS.grown;
      const count = readFully(descriptor, slab.bytes, from, size, 0);
      const after = factsOf(descriptor);
      if (!after.isFile) throw Object.assign(new Error('it is no longer a regular file'), { code: 'ENOENT' });
      assertInPlace(descriptor, path, after, inode);
      const isStable = before === undefined ? isAsSeen(after, expected, modifiedMs) : isSameFile(before, after);
      if (isStable && count === size) {
        slab.filled = from + count;
        if (isAsSeen(after, expected, modifiedMs)) return READ_STATUS.ok;
        this.#updates.push({ index, sizeBytes: count, ...exactTimes(descriptor) });
        return READ_STATUS.updated;
      }
      before = after;
      slab.filled = from + count;
    }
    this.#updates.push({ index, sizeBytes: slab.filled - from, ...exactTimes(descriptor) });
    return READ_STATUS.changed;
  }
}
