const MAGIC = 0xd3ae1f0d;
const FIXED_BYTES = 12;
export const BLOCK_BYTES = 8192;
const PREFIX = 'INCREMENTAL.';
const ZEROS = Buffer.alloc(16 * BLOCK_BYTES);

/** What an incremental file says: which blocks of the file have changed, and how long it is at least. */
export interface ChangedBlocks {
  readonly blockNumbers: readonly number[];
  /** The length of the new file in blocks. */
  readonly lengthBlocks: number;
}

/** The name of the file that an `INCREMENTAL.` member of a backup changes; undefined for a whole file. */
export function incrementalTarget(name: string): string | undefined {
  const slash = name.lastIndexOf('/') + 1;
  return name.startsWith(PREFIX, slash) ? name.slice(0, slash) + name.slice(slash + PREFIX.length) : undefined;
}

/** Takes bytes of a stream in the amounts that one asks for. What it hands out is good until more is asked for. */
export class ByteTaker {
  readonly #parts: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(parts: AsyncIterable<Uint8Array>) {
    this.#parts = parts[Symbol.asyncIterator]();
  }

  /** In one piece; fewer only at the end. */
  async take(count: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    for await (const part of this.pass(count)) {
      if (part.length === count) return part;
      taken.push(Buffer.from(part));
    }
    return Buffer.concat(taken);
  }

  /** In the pieces in which they come; fewer only at the end. */
  async *pass(count: number): AsyncGenerator<Buffer> {
    for (let missing = count; missing > 0; ) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#parts.next();
        if (done === true) return;
        this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      yield part;
    }
  }
}

/**
 * Reads the header of an incremental file; what follows in the stream are the blocks, in ascending order.
 * @throws Error when it is none
 */
export async function readChangedBlocks(stream: ByteTaker): Promise<ChangedBlocks> {
  const fixed = await stream.take(FIXED_BYTES);
  if (fixed.length < FIXED_BYTES || fixed.readUInt32LE(0) !== MAGIC) throw new Error('not an incremental file');
  const count = fixed.readUInt32LE(4);
  const atLeastBlocks = fixed.readUInt32LE(8);
  const numbers = await stream.take(4 * count);
  const blockNumbers = Array.from({ length: count }, (_, index) => numbers.readUInt32LE(4 * index));
  const used = FIXED_BYTES + 4 * count;
  if (count > 0) await stream.take((BLOCK_BYTES - (used % BLOCK_BYTES)) % BLOCK_BYTES);
  return { blockNumbers, lengthBlocks: Math.max(atLeastBlocks, (blockNumbers.at(-1) ?? -1) + 1) };
}

/** The new file: the old one cut or lengthened with zeros, and the changed blocks laid over. */
export async function* overlayBlocks(
  old: AsyncIterable<Uint8Array>,
  { blockNumbers, lengthBlocks }: ChangedBlocks,
  blocks: ByteTaker,
): AsyncGenerator<Buffer> {
  const before = new ByteTaker(old);
  let block = 0;
  for (const changed of blockNumbers) {
    yield* keptBlocks(before, changed - block);
    for await (const _ of before.pass(BLOCK_BYTES));
    const fresh = await blocks.take(BLOCK_BYTES);
    if (fresh.length < BLOCK_BYTES) throw new Error('the server sent fewer blocks than it announced');
    yield fresh;
    block = changed + 1;
  }
  yield* keptBlocks(before, lengthBlocks - block);
}

async function* keptBlocks(before: ByteTaker, count: number): AsyncGenerator<Buffer> {
  let missing = count * BLOCK_BYTES;
  for await (const part of before.pass(missing)) {
    missing -= part.length;
    yield part;
  }
  for (; missing > 0; missing -= Math.min(missing, ZEROS.length)) yield ZEROS.subarray(0, missing);
}
