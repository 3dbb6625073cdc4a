import { CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';

const FIELDS = 4;
const PENDING = 0xffff_ffff;

/** The chunks that one backup added: typed arrays only, about 48 bytes per chunk. */
export class ChunkTable {
  #capacity = 4096;
  #count = 0;
  #ids = Buffer.alloc(this.#capacity * CHUNK_ID_BYTES);
  /** Per chunk: pack ordinal, offset, frame bytes, plain bytes. */
  #fields = new Uint32Array(this.#capacity * FIELDS);
  #slots = new Int32Array(this.#capacity * 2).fill(-1);

  get size(): number {
    return this.#count;
  }

  #slotOf(id: Buffer): number {
    const mask = this.#slots.length - 1;
    let slot = id.readUInt32LE(8) & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? -1;
      if (entry === -1) return slot;
      const at = entry * CHUNK_ID_BYTES;
      if (this.#ids.compare(id, 0, CHUNK_ID_BYTES, at, at + CHUNK_ID_BYTES) === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** @returns the entry of the chunk, or -1 */
  find(id: Buffer): number {
    return this.#slots[this.#slotOf(id)] ?? -1;
  }

  /** Adds a chunk whose place is not known yet. */
  addPending(id: Buffer, plainBytes: number): number {
    if (this.#count === this.#capacity) this.#grow();
    const entry = this.#count;
    this.#count += 1;
    this.#ids.set(id.subarray(0, CHUNK_ID_BYTES), entry * CHUNK_ID_BYTES);
    this.#fields[entry * FIELDS] = PENDING;
    this.#fields[entry * FIELDS + 3] = plainBytes;
    this.#slots[this.#slotOf(id)] = entry;
    return entry;
  }

  place(entry: number, pack: number, offset: number, frameBytes: number): void {
    this.#fields[entry * FIELDS] = pack;
    this.#fields[entry * FIELDS + 1] = offset;
    this.#fields[entry * FIELDS + 2] = frameBytes;
  }

  isPending(entry: number): boolean {
    return this.#fields[entry * FIELDS] === PENDING;
  }

  id(entry: number): Buffer {
    return this.#ids.subarray(entry * CHUNK_ID_BYTES, (entry + 1) * CHUNK_ID_BYTES);
  }

  pack(entry: number): number {
    return this.#fields[entry * FIELDS] ?? 0;
  }

  offset(entry: number): number {
    return this.#fields[entry * FIELDS + 1] ?? 0;
  }

  frameBytes(entry: number): number {
    return this.#fields[entry * FIELDS + 2] ?? 0;
  }

  plainBytes(entry: number): number {
    return this.#fields[entry * FIELDS + 3] ?? 0;
  }

  /** Entries in ascending order of ID. */
  sorted(): Uint32Array {
    const order = Uint32Array.from({ length: this.#count }, (_, entry) => entry);
    return order.sort((a, b) => {
      const at = b * CHUNK_ID_BYTES;
      return -this.#ids.compare(this.#ids, a * CHUNK_ID_BYTES, (a + 1) * CHUNK_ID_BYTES, at, at + CHUNK_ID_BYTES);
    });
  }

  #grow(): void {
    this.#capacity *= 2;
    const ids = Buffer.alloc(this.#capacity * CHUNK_ID_BYTES);
    this.#ids.copy(ids);
    this.#ids = ids;
    const fields = new Uint32Array(this.#capacity * FIELDS);
    fields.set(this.#fields);
    this.#fields = fields;
    this.#slots = new Int32Array(this.#capacity * 2).fill(-1);
    for (let entry = 0; entry < this.#count; entry += 1) this.#slots[this.#slotOf(this.id(entry))] = entry;
  }
}
