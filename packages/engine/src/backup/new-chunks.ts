import type { ChunkRef } from '../content/chunk-ref.ts';
import { ChunkTable } from './chunk-table.ts';
import { LiveRef } from './live-ref.ts';
import type { PackUploads } from './pack-uploads.ts';

/** The chunks that one backup adds to its vault: begun when they are seen, placed when a thread has sealed them. */
export class NewChunks {
  readonly table = new ChunkTable();
  readonly #uploads: PackUploads;
  readonly #pending = new Map<number, LiveRef>();
  count = 0;
  bytes = 0;

  constructor(uploads: PackUploads) {
    this.#uploads = uploads;
  }

  /** Takes a chunk that nobody has. @returns its entry in the table, to be placed, and a reference that will know where */
  add(id: Buffer, plainBytes: number): { readonly ref: LiveRef; readonly entry: number } {
    const entry = this.table.addPending(id, plainBytes);
    const ref = new LiveRef(id, plainBytes);
    this.#pending.set(entry, ref);
    this.count += 1;
    this.bytes += plainBytes;
    return { ref, entry };
  }

  has(id: Buffer): boolean {
    return this.table.find(id) !== -1;
  }

  /** @returns the chunk, a `LiveRef` while it is being sealed */
  find(id: Buffer): ChunkRef | undefined {
    const { table } = this;
    const entry = table.find(id);
    if (entry === -1) return undefined;
    return (
      this.#pending.get(entry) ?? {
        chunkId: id,
        packId: this.#uploads.packId(table.pack(entry)),
        offset: table.offset(entry),
        frameBytes: table.frameBytes(entry),
        plainBytes: table.plainBytes(entry),
      }
    );
  }

  /** As `find`; waits until it is sealed. */
  async findPlaced(id: Buffer): Promise<ChunkRef | undefined> {
    const ref = this.find(id);
    if (ref instanceof LiveRef) await ref.placed;
    return ref;
  }

  /** @param places pack number of the worker, offset and frame length, beginning at `at` */
  place(worker: number, entry: number, places: Uint32Array, at: number): void {
    const ordinal = this.#uploads.ordinal(worker, places[at] ?? 0);
    const [offset = 0, frameBytes = 0] = places.subarray(at + 1, at + 3);
    this.table.place(entry, ordinal, offset, frameBytes);
    this.#pending.get(entry)?.place(this.#uploads.packId(ordinal), offset, frameBytes);
    this.#pending.delete(entry);
  }

  fail(error: unknown): void {
    for (const ref of this.#pending.values()) ref.fail(error);
  }
}
