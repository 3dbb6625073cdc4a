const HEADER_BYTES = 5;
const COPY_DATA = 0x64;

/** A part of a message of a copy; a view of the bytes that were pushed. */
export interface CopyPart {
  readonly bytes: Buffer;
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

export interface CopyFrameReceiver {
  onCopyPart(part: CopyPart): void;
  /** Bytes of any other message, as they came. */
  onOther(bytes: Buffer): void;
}

/** Splits what a server sends into the messages of copies, in parts and without copying, and everything else. */
export class CopyFrames {
  readonly #receiver: CopyFrameReceiver;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerFilled = 0;
  /** What is left of the body of the current message. */
  #left = 0;
  #isStart = false;

  constructor(receiver: CopyFrameReceiver) {
    this.#receiver = receiver;
  }

  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at += this.#take(bytes, at);
  }

  /** Takes a piece of a header or of a body. @returns how many bytes */
  #take(bytes: Buffer, at: number): number {
    if (this.#headerFilled < HEADER_BYTES) return this.#takeHeader(bytes, at);
    const part = bytes.subarray(at, at + this.#left);
    this.#left -= part.length;
    const isEnd = this.#left === 0;
    if (isEnd) this.#headerFilled = 0;
    if (this.#header[0] === COPY_DATA) {
      this.#receiver.onCopyPart({ bytes: part, isStart: this.#isStart, isEnd });
      this.#isStart = false;
    } else this.#receiver.onOther(part);
    return part.length;
  }

  #takeHeader(bytes: Buffer, at: number): number {
    const count = bytes.copy(this.#header, this.#headerFilled, at, at + HEADER_BYTES - this.#headerFilled);
    this.#headerFilled += count;
    if (this.#headerFilled < HEADER_BYTES) return count;
    this.#left = this.#header.readUInt32BE(1) - 4;
    this.#isStart = true;
    if (this.#header[0] !== COPY_DATA) this.#receiver.onOther(Buffer.from(this.#header));
    if (this.#left === 0) this.#headerFilled = 0;
    return count;
  }
}
