/** Every chunk of the usual sizes fits; larger ones come in memory of their own. */
const ROOM_BYTES = 4 * 1024 * 1024;
const FROM_BYTES = 128 * 1024;
const MOST_ROOMS = 16;

/**
 * Memory into which frames are read and that the threads see too, used again and again: fresh memory costs more than to
 * read a frame, and to copy it into the thread would take fresh memory once more.
 */
export class FrameRooms {
  readonly #free: SharedArrayBuffer[] = [];

  /** @param use reads into the memory, or into memory of its own without one, and no longer needs it when it has ended */
  async with<T>(frameBytes: number, use: (room: Uint8Array | undefined) => Promise<T>): Promise<T> {
    if (frameBytes < FROM_BYTES || frameBytes > ROOM_BYTES) return use(undefined);
    const room = this.#free.pop() ?? new SharedArrayBuffer(ROOM_BYTES);
    try {
      return await use(new Uint8Array(room));
    } finally {
      if (this.#free.length < MOST_ROOMS) this.#free.push(room);
    }
  }
}
