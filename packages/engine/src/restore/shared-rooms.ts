/** What is lent for: shorter reads come in memory of their own, which the allocator has at hand; longer ones do not fit. */
export interface RoomSizes {
  readonly fromBytes: number;
  readonly roomBytes: number;
}

const MOST_FREE = 16;

/**
 * Memory into which parts of packs are read and that the threads see too, used again and again: fresh memory costs more
 * than to read the part, and to copy it into the thread would take fresh memory once more.
 */
export class SharedRooms {
  readonly #sizes: RoomSizes;
  readonly #free: SharedArrayBuffer[] = [];

  constructor(sizes: RoomSizes) {
    this.#sizes = sizes;
  }

  /** @param use reads into the memory, or into memory of its own without one, and no longer needs it when it has ended */
  async with<T>(bytes: number, use: (room: Uint8Array | undefined) => Promise<T>): Promise<T> {
    const { fromBytes, roomBytes } = this.#sizes;
    if (bytes < fromBytes || bytes > roomBytes) return use(undefined);
    const room = this.#free.pop() ?? new SharedArrayBuffer(roomBytes);
    try {
      return await use(new Uint8Array(room));
    } finally {
      if (this.#free.length < MOST_FREE) this.#free.push(room);
    }
  }
}
