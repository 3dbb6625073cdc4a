/** Memory that direct input and output accepts: it must begin, and end, at a block of the device. */
export const BLOCK_BYTES = 4096;
export const PIECE_BYTES = 4 * 1024 * 1024;
const PIECES = 6;
const WASM_PAGE_BYTES = 65_536;

const free: Buffer[] = [];
const waiting: ((piece: Buffer) => void)[] = [];
let made = 0;

/** Node cannot allocate by alignment, but a WebAssembly memory begins at a page. */
function makePiece(): Buffer {
  made += 1;
  const pages = PIECE_BYTES / WASM_PAGE_BYTES;
  return Buffer.from(new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer);
}

async function borrow(): Promise<Buffer> {
  const piece = free.pop();
  if (piece !== undefined) return piece;
  if (made < PIECES) return makePiece();
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
