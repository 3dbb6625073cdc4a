import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { alignedMemory, blockBefore, blockBehind } from '../native/aligned-memory.ts';

/** A restore never writes through a symbolic link that somebody put in the way. */
const WRITE_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
const MODE = 0o600;
/**
 * Longer runs bypass the page cache: to fill it with what nobody reads next costs far more than the write, and what was
 * written is on the disk already when the restore ends with a sync.
 */
const DIRECT_FROM_BYTES = 512 * 1024;
const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * The path of an open descriptor is a link by nature, and the one kind that nobody can put in the way: callers that
 * hold their files open hand it over so that a file cannot be swapped, or because its own path is too long.
 */
const DESCRIPTOR_PATH = /^\/proc\/self\/fd\/\d+$/;

/** Bytes for a place in a file. */
export interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

function open(path: Uint8Array, more: number): number {
  const target = Buffer.from(path.buffer, path.byteOffset, path.byteLength);
  if (DESCRIPTOR_PATH.test(target.toString('latin1'))) return openSync(target, constants.O_RDWR | more);
  return openSync(target, WRITE_FLAGS | more, MODE);
}

/** Memory for direct input and output, one per thread, made when it is first needed. */
let memory: Buffer | undefined;

function aligned(): Buffer {
  memory ??= alignedMemory(PIECE_BYTES);
  return memory;
}

/** A file that is being restored. */
export class TargetFile implements Disposable {
  readonly descriptor: number;
  readonly #path: Uint8Array;
  #direct: number | undefined;
  #isPlain = false;

  /** @throws system errors as they are */
  constructor(path: Uint8Array) {
    this.#path = path;
    this.descriptor = open(path, 0);
  }

  /** Writes pieces in ascending order of place. */
  write(pieces: readonly Piece[]): void {
    for (let first = 0; first < pieces.length; ) {
      let last = first;
      let end = endOf(pieces[first]);
      while (pieces[last + 1]?.at === end) {
        last += 1;
        end = endOf(pieces[last]);
      }
      this.#writeRun(pieces.slice(first, last + 1), end);
      first = last + 1;
    }
  }

  /** Writes pieces that lie one behind the other, the whole blocks among them directly if they are many. */
  #writeRun(run: readonly Piece[], end: number): void {
    const start = run[0]?.at ?? end;
    const direct = end - start < DIRECT_FROM_BYTES ? undefined : this.#openDirect();
    if (direct === undefined) {
      for (const { at, bytes } of run) writeFully(this.descriptor, bytes, at);
      return;
    }
    const [from, to] = [blockBehind(start), blockBefore(end)];
    const piece = aligned();
    let filled = 0;
    let position = from;
    for (const { at, bytes } of run) {
      const inside = bytes.subarray(Math.max(0, from - at), Math.max(0, to - at));
      if (at < from) writeFully(this.descriptor, bytes.subarray(0, from - at), at);
      for (let done = 0; done < inside.length; ) {
        const count = Math.min(inside.length - done, PIECE_BYTES - filled);
        piece.set(inside.subarray(done, done + count), filled);
        filled += count;
        done += count;
        if (filled < PIECE_BYTES && position + filled < to) continue;
        this.#writeBlocks(direct, piece.subarray(0, filled), position);
        position += filled;
        filled = 0;
      }
      const rest = Math.max(0, to - at);
      if (rest < bytes.length) writeFully(this.descriptor, bytes.subarray(rest), at + rest);
    }
  }

  /** What the file system then refuses after all goes through the page cache. */
  #writeBlocks(direct: number, blocks: Uint8Array, at: number): void {
    if (this.#isPlain) {
      writeFully(this.descriptor, blocks, at);
      return;
    }
    try {
      writeFully(direct, blocks, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
      this.#isPlain = true;
      writeFully(this.descriptor, blocks, at);
    }
  }

  /** Reads a range in order. @returns false when the file ends before */
  read(offset: number, length: number, take: (bytes: Uint8Array) => void): boolean {
    const piece = aligned();
    const direct = length < DIRECT_FROM_BYTES ? undefined : this.#openDirect();
    for (let done = 0; done < length; ) {
      const at = offset + done;
      const before = at - blockBefore(at);
      const wanted = Math.min(PIECE_BYTES, blockBehind(before + length - done));
      const count = Math.min(
        readSync(direct ?? this.descriptor, piece, 0, wanted, at - before) - before,
        length - done,
      );
      if (count <= 0) return false;
      take(piece.subarray(before, before + count));
      done += count;
    }
    return true;
  }

  #openDirect(): number | undefined {
    if (this.#direct !== undefined || this.#isPlain) return this.#direct;
    // Absent where the platform has no such flag.
    const flag: number | undefined = constants.O_DIRECT;
    try {
      if (flag !== undefined) this.#direct = open(this.#path, flag);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
    }
    this.#isPlain = this.#direct === undefined;
    return this.#direct;
  }

  [Symbol.dispose](): void {
    if (this.#direct !== undefined) closeSync(this.#direct);
    closeSync(this.descriptor);
  }
}

function endOf(piece: Piece | undefined): number {
  return piece === undefined ? 0 : piece.at + piece.bytes.length;
}

function writeFully(descriptor: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
  }
}
