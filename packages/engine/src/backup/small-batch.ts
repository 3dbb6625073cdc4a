import type { SmallItemsTask } from '../worker/protocol.ts';
import type { Slot } from './slot-queue.ts';

/** Rules of docs/format/chunking.md, "Shared streams". */
const MIN_BYTES = 2 * 1024 * 1024;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_ITEMS = 2048;
const END_BELOW = 8;

/** A small item: the path of a local file, or its bytes (perhaps still on their way). */
export interface SmallItem {
  readonly slot: Slot;
  readonly source: { readonly path: Uint8Array } | { readonly bytes: Promise<Uint8Array | undefined> };
  readonly modifiedMs: number;
  readonly inode: number;
}

/** Small items that will share one stream. */
export class SmallBatch {
  readonly items: SmallItem[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  hasRoomFor(sizeBytes: number): boolean {
    return this.#bytes + sizeBytes <= MAX_BYTES && this.items.length < MAX_ITEMS;
  }

  /** @param firstHashByte of BLAKE3 of the path. @returns true when the stream ends behind this item */
  add(item: SmallItem, firstHashByte: () => number): boolean {
    this.items.push(item);
    this.#bytes += item.slot.item.sizeBytes;
    return this.#bytes >= MIN_BYTES && firstHashByte() < END_BELOW;
  }

  /** Encodes the batch for a worker; what could not be read (undefined) takes part with no bytes. */
  async encode(): Promise<Omit<SmallItemsTask, 'type' | 'session' | 'task'>> {
    const count = this.items.length;
    const kinds = new Uint8Array(count);
    const sizes = new Float64Array(count);
    const modifiedMs = new Float64Array(count);
    const inodes = new Float64Array(count);
    const ends = new Uint32Array(count);
    const parts: Uint8Array[] = [];
    let end = 0;
    for (let index = 0; index < count; index += 1) {
      const item = this.items[index];
      if (item === undefined) continue;
      const isPath = 'path' in item.source;
      const part = 'path' in item.source ? item.source.path : ((await item.source.bytes) ?? new Uint8Array(0));
      parts.push(part);
      end += part.length;
      ends[index] = end;
      kinds[index] = isPath ? 0 : 1;
      sizes[index] = item.slot.item.sizeBytes;
      modifiedMs[index] = item.modifiedMs;
      inodes[index] = item.inode;
    }
    return { data: Buffer.concat(parts), ends, kinds, sizes, modifiedMs, inodes };
  }
}
