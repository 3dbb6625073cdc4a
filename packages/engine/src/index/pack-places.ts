import { PACK_ID_BYTES, packIdText } from '../pack/pack-id.ts';
import { PACK_ROW_BYTES } from './segment-layout.ts';

const SIZE_AT = 20;
const ROW_BYTES = PACK_ID_BYTES + 4;

/** What somebody who looks a chunk up must know of its pack. */
export interface PlacePack {
  readonly packId: string;
  readonly sizeBytes: number;
}

/** Names and sizes of a segment's packs, 20 bytes each: with the whole rows the index of a large vault would double. */
export class PackPlaces {
  readonly #rows: Buffer;

  private constructor(rows: Buffer) {
    this.#rows = rows;
  }

  /** @param rows as `encodePackRows` made them */
  static of(rows: Buffer): PackPlaces {
    const count = Math.floor(rows.length / PACK_ROW_BYTES);
    const kept = Buffer.allocUnsafeSlow(count * ROW_BYTES);
    for (let row = 0; row < count; row += 1) {
      const from = row * PACK_ROW_BYTES;
      rows.copy(kept, row * ROW_BYTES, from, from + PACK_ID_BYTES);
      rows.copy(kept, row * ROW_BYTES + PACK_ID_BYTES, from + SIZE_AT, from + SIZE_AT + 4);
    }
    return new PackPlaces(kept);
  }

  get sizeBytes(): number {
    return this.#rows.length;
  }

  ids(): readonly string[] {
    return Array.from({ length: this.#rows.length / ROW_BYTES }, (_, row) => this.#idOf(row));
  }

  #idOf(row: number): string {
    return packIdText(this.#rows.subarray(row * ROW_BYTES, row * ROW_BYTES + PACK_ID_BYTES));
  }

  at(pack: number): PlacePack | undefined {
    const from = pack * ROW_BYTES;
    if (from + ROW_BYTES > this.#rows.length) return undefined;
    return {
      packId: this.#idOf(pack),
      sizeBytes: this.#rows.readUInt32LE(from + PACK_ID_BYTES),
    };
  }
}
