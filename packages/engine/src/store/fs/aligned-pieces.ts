import { alignedMemory } from '../../native/aligned-memory.ts';

export const PIECE_BYTES = 4 * 1024 * 1024;
const PIECES = 6;

const free: Buffer[] = [];
const waiting: ((piece: Buffer) => void)[] = [];
let made = 0;

async function borrow(): Promise<Buffer> {
  const piece = free.pop();
  if (piece !== undefined) return piece;
  if (made < PIECES) {
    made += 1;
    return alignedMemory(PIECE_BYTES);
  }
  return new Promise((resolve) => waiting.push(resolve));
}

function giveBack(piece: Buffer): void {
  const next = waiting.shift();
  if (next === undefined) free.push(piece);
  else next(piece);
}

/** Lends one of a fixed number of aligned pieces of memory, shared by all stores of the process, for one piece of work. */
export async function withAlignedPiece<T>(work: (piece: Buffer) => Promise<T>): Promise<T> {
  const piece = await borrow();
  try {
    return await work(piece);
  } finally {
    giveBack(piece);
  }
}
