import { Blake3Hasher } from '@napi-rs/blake-hash';
import { type DataRun, nextDataRun } from './file-holes.ts';
import { type LargeFileTask, type LargeItemResult, READ_STATUS } from './protocol.ts';
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

const GONE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ESTALE']);

/** Reads one large file slab by slab: data runs are cut, holes are only named. */
export class LargeFileReader {
  readonly #task: LargeFileTask;
  readonly #hasher = new Blake3Hasher();
  readonly #carry: Buffer;
  #carried = 0;
  #descriptor: number | undefined;
  #before: FileFacts | undefined;
  #run: DataRun | undefined;
  #position = 0;
  #sizeBytes = 0;
  #isSparse = false;

  /** @param carry room for the largest chunk */
  constructor(task: LargeFileTask, carry: Buffer) {
    this.#task = task;
    this.#carry = carry;
  }

  /** Fills and cuts a slab. @returns the result when the file ended, or could not be read (further) */
  step(slab: Slab): LargeItemResult | undefined {
    try {
      if (this.#descriptor === undefined) this.#open();
      const isDone = this.#fill(slab);
      if (!isDone) return undefined;
      return this.#finish();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      this.close();
      const status = GONE.has(code ?? '') ? READ_STATUS.vanished : READ_STATUS.unreadable;
      return { kind: 'large-item', status, sizeBytes: 0, checksum: new Uint8Array(32), error: message };
    }
  }

  #open(): void {
    this.#descriptor = openSource(this.#task.path);
    this.#before = factsOf(this.#descriptor);
    if (!this.#before.isFile) throw Object.assign(new Error('it is no longer a regular file'), { code: 'ENOENT' });
    assertInPlace(this.#descriptor, this.#task.path, this.#before, this.#task.inode);
    this.#sizeBytes = this.#before.sizeBytes;
    this.#isSparse = this.#before.allocatedBytes < this.#sizeBytes;
  }

  #nextRun(descriptor: number): DataRun | undefined {
    if (this.#position >= this.#sizeBytes) return undefined;
    if (this.#isSparse) return nextDataRun(descriptor, this.#position, this.#sizeBytes);
    return { start: this.#position, end: this.#sizeBytes };
  }

  /** @returns true when the file is at its end */
  #fill(slab: Slab): boolean {
    const descriptor = this.#descriptor ?? -1;
    slab.append(this.#carry.subarray(0, this.#carried));
    this.#carried = 0;
    while (slab.room > 0) {
      this.#run ??= this.#nextRun(descriptor);
      const runStart = this.#run?.start ?? this.#sizeBytes;
      if (runStart > this.#position) {
        slab.addHole(runStart - this.#position);
        this.#position = runStart;
      }
      if (this.#run === undefined) return true;
      const wanted = Math.min(slab.room, this.#run.end - this.#position);
      const from = slab.filled;
      const count = readFully(descriptor, slab.bytes, from, wanted, this.#position);
      this.#hasher.update(slab.bytes.subarray(from, from + count));
      slab.filled += count;
      this.#position += count;
      // Shorter than it was when opened: what is there is kept, and the end tells that it changed.
      if (count < wanted) {
        this.#sizeBytes = this.#position;
        this.#run = undefined;
        slab.cut(true);
      } else if (this.#position === this.#run.end) {
        this.#run = undefined;
        slab.cut(true);
      }
    }
    slab.cut(false);
    this.#carried = slab.carryInto(this.#carry);
    return this.#position >= this.#sizeBytes && this.#carried === 0 && this.#run === undefined;
  }

  #finish(): LargeItemResult {
    const descriptor = this.#descriptor ?? -1;
    const after = factsOf(descriptor);
    const isStable = this.#before !== undefined && isSameFile(this.#before, after);
    const isSeen = isAsSeen(after, this.#task.sizeBytes, this.#task.modifiedMs);
    const update = { index: 0, sizeBytes: this.#sizeBytes, ...exactTimes(descriptor) };
    this.close();
    const status = !isStable ? READ_STATUS.changed : isSeen ? READ_STATUS.ok : READ_STATUS.updated;
    return {
      kind: 'large-item',
      status,
      sizeBytes: this.#sizeBytes,
      checksum: this.#hasher.digestBuffer(),
      ...(status === READ_STATUS.ok ? {} : { update }),
    };
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSource(this.#descriptor);
    this.#descriptor = undefined;
  }
}
