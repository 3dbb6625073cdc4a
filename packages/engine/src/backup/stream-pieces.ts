/** What of a stream goes to a payload thread at once. */
export const STREAM_PIECE_BYTES = 4 * 1024 * 1024;
/** Pieces that are kept while no stream needs them. */
const MOST_IDLE = 8;

const idle: Buffer[] = [];

/** A piece of a stream, in memory that the payload threads see as well. */
export interface StreamPiece {
  readonly bytes: Buffer;
  /** Gives the memory to the next piece; not before the thread has taken the bytes. */
  release(): void;
}

/**
 * Cuts or joins what a source yields into pieces. Their memory is shared with the threads and used again: fresh memory
 * for each, given away with the message, costs more than to fill it, and keeps the garbage collectors of both threads
 * busy.
 */
export async function* piecesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<StreamPiece> {
  let piece: Buffer | undefined;
  let filled = 0;
  for await (const bytes of content) {
    for (let from = 0; from < bytes.length; ) {
      piece ??= idle.pop() ?? Buffer.from(new SharedArrayBuffer(STREAM_PIECE_BYTES));
      const count = Math.min(bytes.length - from, STREAM_PIECE_BYTES - filled);
      piece.set(bytes.subarray(from, from + count), filled);
      filled += count;
      from += count;
      if (filled < STREAM_PIECE_BYTES) continue;
      yield pieceOf(piece, filled);
      piece = undefined;
      filled = 0;
    }
  }
  if (piece !== undefined) yield pieceOf(piece, filled);
}

function pieceOf(memory: Buffer, filled: number): StreamPiece {
  let isReleased = false;
  return {
    bytes: memory.subarray(0, filled),
    release() {
      if (isReleased || idle.length >= MOST_IDLE) return;
      isReleased = true;
      idle.push(memory);
    },
  };
}
