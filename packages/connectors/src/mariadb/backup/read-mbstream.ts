import { crc32 } from 'node:zlib';

const MAGIC = Buffer.from('XBSTCK01');
const FIXED_HEADER_BYTES = MAGIC.length + 1 + 1 + 4;
const PAYLOAD_HEADER_BYTES = 8 + 8 + 4;
const LONGEST_NAME_BYTES = 4096;
/** The writer's buffer is 10 MiB; more than this is not a chunk but damage. */
const LARGEST_CHUNK_BYTES = 1024 ** 3;

/** A run of bytes of one file, or the end of one. */
export type MbstreamChunk =
  | { readonly kind: 'payload'; readonly name: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'end'; readonly name: string };

/**
 * Takes an mbstream (the output of `mariadb-backup --stream`) apart. Chunks of several files may be interleaved; those of
 * one file come in order and without gaps. Each chunk's checksum is verified.
 * @throws Error for anything that is not an mbstream, and for one that breaks off
 */
export async function* readMbstream(source: AsyncIterable<Uint8Array>): AsyncGenerator<MbstreamChunk> {
  const bytes = new ByteReader(source);
  const positions = new Map<string, number>();
  while (await bytes.has(1)) {
    const header = await bytes.take(FIXED_HEADER_BYTES);
    if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('the stream of the backup is damaged');
    const kind = String.fromCharCode(header.readUInt8(MAGIC.length + 1));
    const nameBytes = header.readUInt32LE(MAGIC.length + 2);
    if (nameBytes === 0 || nameBytes > LONGEST_NAME_BYTES) throw new Error('the stream of the backup is damaged');
    const name = (await bytes.take(nameBytes)).toString('utf8');
    if (kind === 'E') {
      positions.delete(name);
      yield { kind: 'end', name };
    } else if (kind === 'P') {
      const chunk = await takePayload(bytes, name);
      if (chunk.offset !== (positions.get(name) ?? 0)) throw new Error(`the stream of the backup has a gap in ${name}`);
      positions.set(name, chunk.offset + chunk.bytes.length);
      yield chunk;
    } else throw new Error(`the stream of the backup has a chunk of the unknown type '${kind}'`);
  }
  const [unfinished] = positions.keys();
  if (unfinished !== undefined) throw new Error(`the stream of the backup ends within ${unfinished}`);
}

async function takePayload(bytes: ByteReader, name: string): Promise<MbstreamChunk & { kind: 'payload' }> {
  const header = await bytes.take(PAYLOAD_HEADER_BYTES);
  const length = Number(header.readBigUInt64LE(0));
  const offset = Number(header.readBigUInt64LE(8));
  if (length > LARGEST_CHUNK_BYTES) throw new Error('the stream of the backup is damaged');
  const payload = await bytes.take(length);
  if (crc32(payload) !== header.readUInt32LE(16)) throw new Error(`the stream of the backup is damaged in ${name}`);
  return { kind: 'payload', name, offset, bytes: payload };
}

/** Pieces of any size, taken as runs of the size that is wanted. */
class ByteReader {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #parts: Buffer[] = [];
  #count = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  async has(wanted: number): Promise<boolean> {
    while (this.#count < wanted) {
      const step = await this.#iterator.next();
      if (step.done === true) return false;
      this.#parts.push(Buffer.from(step.value.buffer, step.value.byteOffset, step.value.byteLength));
      this.#count += step.value.byteLength;
    }
    return true;
  }

  async take(wanted: number): Promise<Buffer> {
    if (!(await this.has(wanted))) throw new Error('the stream of the backup breaks off');
    const all = this.#parts.length === 1 ? (this.#parts[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#parts);
    this.#parts = all.length === wanted ? [] : [all.subarray(wanted)];
    this.#count = all.length - wanted;
    return all.subarray(0, wanted);
  }
}
