import { constants, type FileHandle, open, unlink } from 'node:fs/promises';
import { BLOCK_BYTES, blockBefore, blockBehind } from '../../native/aligned-memory.ts';
import { PIECE_BYTES, withAlignedPiece } from './aligned-pieces.ts';
import { errnoOf } from './fs-errors.ts';
import { ignoreMissing } from './temporary-files.ts';

/**
 * Large objects bypass the page cache: they are written once and read rarely, so that caching them costs more than the
 * write itself, and pushes out what the machine needs. Below this size the cache is quicker.
 */
const DIRECT_FROM_BYTES = 1 << 20;
const MODE = 0o440;

/** Opens a file, direct if it is large and the file system can. */
export async function openFor(
  path: string,
  flags: number,
  sizeBytes: number,
): Promise<{ readonly handle: FileHandle; readonly isDirect: boolean }> {
  // Absent where the platform has no such flag.
  const direct: number | undefined = constants.O_DIRECT;
  if (direct !== undefined && sizeBytes >= DIRECT_FROM_BYTES) {
    try {
      return { handle: await open(path, flags | direct, MODE), isDirect: true };
    } catch (error) {
      if (errnoOf(error) !== 'EINVAL') throw error;
      // The file system refuses the flag, but may have made the file first.
      if ((flags & constants.O_EXCL) !== 0) await unlink(path).catch(ignoreMissing);
    }
  }
  return { handle: await open(path, flags, MODE), isDirect: false };
}

/**
 * Writes the parts, one after the other, as whole blocks, and cuts the file to its size.
 * @param onBytes sees all bytes in order, in the memory from which they are written
 */
export async function writeDirect(
  handle: FileHandle,
  parts: readonly Uint8Array[],
  onBytes: (bytes: Uint8Array) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  await withAlignedPiece(async (piece) => {
    let position = 0;
    let filled = 0;
    const flush = async () => {
      signal?.throwIfAborted();
      onBytes(piece.subarray(0, filled));
      const end = blockBehind(filled);
      piece.fill(0, filled, end);
      for (let done = 0; done < end; ) {
        const { bytesWritten } = await handle.write(piece, done, end - done, position + done);
        done += bytesWritten;
      }
      position += filled;
      filled = 0;
    };
    for (const part of parts) {
      for (let from = 0; from < part.length; ) {
        const count = Math.min(part.length - from, PIECE_BYTES - filled);
        piece.set(part.subarray(from, from + count), filled);
        filled += count;
        from += count;
        if (filled === PIECE_BYTES) await flush();
      }
    }
    if (filled > 0) await flush();
    if (position % BLOCK_BYTES !== 0) await handle.truncate(position);
  });
}

/**
 * Reads a range through aligned memory, piece by piece.
 * @param take gets the bytes in order; they are its only until it returns
 * @returns how many bytes there were, less than `length` when the file ends before
 */
export async function readDirect(
  handle: FileHandle,
  offset: number,
  length: number,
  take: (bytes: Buffer) => void,
  signal: AbortSignal | undefined,
): Promise<number> {
  return withAlignedPiece(async (piece) => {
    let done = 0;
    while (done < length) {
      signal?.throwIfAborted();
      const at = offset + done;
      const before = at - blockBefore(at);
      const wanted = Math.min(PIECE_BYTES, blockBehind(before + length - done));
      const { bytesRead } = await handle.read(piece, 0, wanted, at - before);
      const count = Math.min(bytesRead - before, length - done);
      if (count <= 0) break;
      take(piece.subarray(before, before + count));
      done += count;
    }
    return done;
  });
}
