import { EngineError } from '../engine-error.ts';

/** Reads binary values; a read beyond the end is damage, never an undefined value. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
    this.#end = end;
  }

  get position(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  #advance(count: number): number {
    const at = this.#at;
    if (count < 0 || at + count > this.#end) {
      throw new EngineError('damaged', `a record ends ${at + count - this.#end} bytes too early`);
    }
    this.#at = at + count;
    return at;
  }

  u8(): number {
    return this.#bytes[this.#advance(1)] ?? 0;
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#advance(2));
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#advance(4));
  }

  u64(): number {
    const low = this.u32();
    const value = low + this.u32() * 0x1_0000_0000;
    if (!Number.isSafeInteger(value)) throw new EngineError('damaged', 'a 64-bit number is beyond 2^53-1');
    return value;
  }

  i64(): bigint {
    return this.#bytes.readBigInt64LE(this.#advance(8));
  }

  uvarint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count += 1) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
      scale *= 0x80;
    }
    throw new EngineError('damaged', 'a variable-length number is beyond 2^53-1');
  }

  /** `count` raw bytes as a view. */
  raw(count: number): Buffer {
    const at = this.#advance(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** Bytes behind their length, as a view. */
  bytes(): Buffer {
    return this.raw(this.uvarint());
  }

  text(): string {
    return this.bytes().toString('utf8');
  }
}
