/** Reads the primitive types of docs/format/README.md, "Conventions", from a buffer. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new Error(`damaged: ${length} bytes wanted at ${this.#at}`);
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return part;
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u32(): number {
    return this.take(4).readUInt32LE();
  }

  u64(): number {
    return Number(this.take(8).readBigUInt64LE());
  }

  i64(): bigint {
    return this.take(8).readBigInt64LE();
  }

  uvarint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  bytes(): Buffer {
    return this.take(this.uvarint());
  }

  /** `count` times the given reading. */
  times<T>(count: number, read: () => T): T[] {
    return Array.from({ length: count }, read);
  }
}
