const BLOCK_BYTES = 512;
const MAGIC = 'ustar';

/** A member of a tar stream. */
export interface TarMember {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly sizeBytes: number;
  /** In seconds since the epoch, as tar knows it. */
  readonly modifiedAtSeconds: number;
  readonly linkTarget: string;
  /**
   * The bytes, to be taken before the next member is asked for; what is not taken is skipped. Taken by one reader at
   * most. @throws Error when the stream ends within the member
   */
  content(): AsyncGenerator<Buffer>;
}

/**
 * Reads a tar stream (ustar, sizes beyond 8 GiB in base 256) as it comes, in bounded memory. What its members yield is good
 * until more is asked for: the stream may use the memory of its parts again.
 */
export async function* readTar(stream: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const bytes = new ByteStream(stream);
  try {
    for (;;) {
      const header = await bytes.exactly(BLOCK_BYTES);
      if (header === undefined || header.every((byte) => byte === 0)) {
        // A writer may end with two blocks of zeros, one, or none; whatever follows is padding.
        await bytes.skipToEnd();
        return;
      }
      const member = parseHeader(header);
      let left = member.sizeBytes;
      const padding = (BLOCK_BYTES - (left % BLOCK_BYTES)) % BLOCK_BYTES;
      yield {
        ...member,
        async *content() {
          while (left > 0) {
            const part = await bytes.upTo(left);
            if (part === undefined) throw new Error(`the stream ended within ${member.name}`);
            left -= part.length;
            yield part;
          }
        },
      };
      if (!(await bytes.skip(left + padding))) throw new Error(`the stream ended within ${member.name}`);
    }
  } finally {
    await bytes.close();
  }
}

type Header = Omit<TarMember, 'content'>;

function parseHeader(header: Buffer): Header {
  const expected = numberIn(header, 148, 8);
  if (header.toString('latin1', 257, 262) !== MAGIC || checksumOf(header) !== expected) {
    throw new Error('the stream is not a tar archive, or is damaged');
  }
  const prefix = textIn(header, 345, 155);
  const name = textIn(header, 0, 100);
  return {
    name: (prefix === '' ? name : `${prefix}/${name}`).replace(/\/+$/, ''),
    type: typeOf(String.fromCharCode(header[156] ?? 0)),
    mode: numberIn(header, 100, 8) & 0o7777,
    sizeBytes: header[156] === 0x35 || header[156] === 0x32 ? 0 : numberIn(header, 124, 12),
    modifiedAtSeconds: numberIn(header, 136, 12),
    linkTarget: textIn(header, 157, 100),
  };
}

function typeOf(flag: string): TarMember['type'] {
  if (flag === '0' || flag === '\0') return 'file';
  if (flag === '5') return 'directory';
  if (flag === '2') return 'symlink';
  throw new Error(`the tar archive holds a member of the unknown type '${flag}'`);
}

function checksumOf(header: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK_BYTES; at += 1) if (at < 148 || at >= 156) sum += header[at] ?? 0;
  return sum;
}

function textIn(header: Buffer, offset: number, length: number): string {
  const field = header.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/** Octal digits, or base 256 when the highest bit of the field is set. */
function numberIn(header: Buffer, offset: number, length: number): number {
  const first = header[offset] ?? 0;
  if ((first & 0x80) === 0) return Number.parseInt(textIn(header, offset, length).trim() || '0', 8);
  let value = first & 0x7f;
  for (let index = 1; index < length; index += 1) value = value * 256 + (header[offset + index] ?? 0);
  return value;
}

/** Parts of any size, taken in other sizes. */
class ByteStream {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #part: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#iterator = stream[Symbol.asyncIterator]();
  }

  /** What is at hand, at most this much; undefined at the end. */
  async upTo(count: number): Promise<Buffer | undefined> {
    while (this.#part.length === 0) {
      const { done, value } = await this.#iterator.next();
      if (done === true) return undefined;
      this.#part = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
    const taken = this.#part.subarray(0, count);
    this.#part = this.#part.subarray(taken.length);
    return taken;
  }

  /** Undefined at the end. @throws Error when the stream ends in between */
  async exactly(count: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      const part = await this.upTo(missing);
      if (part === undefined) {
        if (parts.length === 0) return undefined;
        throw new Error('the tar archive ended within a header');
      }
      missing -= part.length;
      // The stream may use the memory of a part again.
      parts.push(missing === 0 && parts.length === 0 ? part : Buffer.from(part));
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  async skip(count: number): Promise<boolean> {
    for (let left = count; left > 0; ) {
      const part = await this.upTo(left);
      if (part === undefined) return false;
      left -= part.length;
    }
    return true;
  }

  async skipToEnd(): Promise<void> {
    while ((await this.upTo(Number.MAX_SAFE_INTEGER)) !== undefined);
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}
