import { Socket } from 'node:net';

const READ_BYTES = 256 * 1024;
/** Reads that may be lent at once; with these memory stays under 4 MiB for each connection. */
const MOST_LENT = 16;

/** What came from a server, in memory that is used again once it is given back. */
export interface LentBytes {
  readonly bytes: Buffer;
  giveBack(): void;
}

/**
 * A socket that reads into memory which it uses again and again: fresh memory for each read costs more processor time
 * than everything else about it. Until somebody borrows the reads, they are copied and handed out as `data` events.
 */
export class LendingSocket extends Socket {
  readonly #memory: Memory;

  constructor() {
    const memory = new Memory();
    super({
      onread: { buffer: () => memory.next(), callback: (count) => memory.wasRead(count) },
    });
    this.#memory = memory;
    memory.onSpace = () => this.resume();
    this.returnReads();
  }

  /** Hands each read to `take` instead of emitting it; stops reading while too many are lent. */
  lendReads(take: (read: LentBytes) => void): void {
    this.#memory.onRead = take;
  }

  /** Back to `data` events. */
  returnReads(): void {
    this.#memory.onRead = (read) => {
      this.emit('data', Buffer.from(read.bytes));
      read.giveBack();
    };
  }
}

class Memory {
  onRead: (read: LentBytes) => void = () => undefined;
  /** Memory was given back after there had been none. */
  onSpace: () => void = () => undefined;
  readonly #free: Buffer[] = [];
  #current: Buffer = Buffer.alloc(0);
  #lentCount = 0;
  #isFull = false;

  next(): Buffer {
    this.#current = this.#free.pop() ?? Buffer.allocUnsafeSlow(READ_BYTES);
    return this.#current;
  }

  /** @returns whether to read on */
  wasRead(count: number): boolean {
    const memory = this.#current;
    this.#lentCount += 1;
    const read = { bytes: memory.subarray(0, count), giveBack: () => this.#takeBack(memory) };
    this.#isFull = this.#lentCount >= MOST_LENT;
    this.onRead(read);
    return !this.#isFull;
  }

  #takeBack(memory: Buffer): void {
    this.#free.push(memory);
    this.#lentCount -= 1;
    if (!this.#isFull || this.#lentCount > MOST_LENT / 2) return;
    this.#isFull = false;
    this.onSpace();
  }
}
