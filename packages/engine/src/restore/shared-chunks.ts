import type { PlacedExtent } from '../extent/map-reader.ts';

const MOST_BYTES = 16 * 1024 * 1024;

type Plain = Promise<Uint8Array | undefined>;

/**
 * Chunks that several small items share, kept for a while: items are mostly read in the order in which they were packed,
 * and reading the chunk anew for each would multiply the work by the number of items in it.
 */
export class SharedChunks {
  /** Least recently used first. */
  readonly #kept = new Map<string, { readonly plain: Plain; readonly bytes: number }>();
  #bytes = 0;

  /** Whether an item takes only a part of its chunk. */
  static isShared({ chunk, length }: PlacedExtent): boolean {
    return chunk !== undefined && length < chunk.plainBytes && chunk.plainBytes <= MOST_BYTES / 2;
  }

  /** The plain bytes of a shared chunk, which belong to all who read it. */
  read({ chunk }: PlacedExtent, load: () => Plain): Plain {
    if (chunk === undefined) return load();
    const key = chunk.chunkId.toString('latin1');
    const known = this.#kept.get(key);
    const plain = known?.plain ?? load();
    this.#kept.delete(key);
    this.#kept.set(key, { plain, bytes: chunk.plainBytes });
    if (known === undefined) {
      this.#bytes += chunk.plainBytes;
      // What failed may succeed when it is asked for again.
      plain.catch(() => this.#drop(key));
      for (const [oldest] of this.#kept) {
        if (this.#bytes <= MOST_BYTES) break;
        this.#drop(oldest);
      }
    }
    return plain;
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}
