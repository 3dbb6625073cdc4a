import type { Connection, Submittable } from 'pg';

/** What a server sends while it carries a replication command out. */
export type ReplicationMessage =
  | { readonly kind: 'row'; readonly values: readonly (string | null)[] }
  /** The rows before it were one result. */
  | { readonly kind: 'complete' }
  /** A copy begins; of old servers one for each archive. */
  | { readonly kind: 'copy' }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'copy-done' };

const HIGH_BYTES = 4 * 1024 * 1024;
const LOW_BYTES = 1024 * 1024;
const COPY_DATA = 0x64;
const COPY_DONE = 0x63;

/**
 * A command of the replication protocol, whose answers `pg` does not know how to collect: results, copies and more
 * results in one. Reads from the socket only as fast as the messages are taken.
 */
export class ReplicationCommand implements Submittable {
  readonly #text: string;
  readonly #queue: ReplicationMessage[] = [];
  #queuedBytes = 0;
  #isPaused = false;
  #connection: Connection | undefined;
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  readonly #listeners: readonly (readonly [string, () => void])[] = [
    ['copyOutResponse', () => this.#push({ kind: 'copy' })],
    ['replicationStart', () => this.#push({ kind: 'copy' })],
    ['copyDone', () => this.#push({ kind: 'copy-done' })],
  ];

  constructor(text: string) {
    this.#text = text;
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    for (const [event, listener] of this.#listeners) connection.on(event, listener);
    connection.query(this.#text);
  }

  handleRowDescription(): void {
    // All columns are read as text by their place.
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    this.#push({ kind: 'row', values: message.fields });
  }

  handleCommandComplete(): void {
    this.#push({ kind: 'complete' });
  }

  handleCopyInResponse(): void {
    this.#push({ kind: 'copy' });
  }

  handleCopyData(message: { readonly chunk: Buffer }): void {
    // The parser uses its buffer again, so that what it hands out has to be copied.
    this.#push({ kind: 'data', bytes: Buffer.from(message.chunk) });
  }

  handleReadyForQuery(): void {
    this.#finish({});
  }

  handleError(error: unknown): void {
    this.#finish({ error });
  }

  /** Everything from now on, to the end of the command. @throws the server's or the connection's error */
  async *messages(): AsyncGenerator<ReplicationMessage> {
    for (;;) {
      const message = this.#queue.shift();
      if (message !== undefined) {
        this.#taken(message);
        yield message;
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if ('error' in this.#end) throw this.#end.error;
      else return;
    }
  }

  /** Sends bytes into a copy that goes both ways, or inwards. */
  send(bytes: Uint8Array): void {
    const frame = Buffer.alloc(5 + bytes.length);
    frame[0] = COPY_DATA;
    frame.writeUInt32BE(4 + bytes.length, 1);
    frame.set(bytes, 5);
    this.#write(frame);
  }

  /** Ends this side of a copy. */
  sendDone(): void {
    this.#write(Buffer.from([COPY_DONE, 0, 0, 0, 4]));
  }

  #write(frame: Buffer): void {
    if (this.#connection?.stream.writable === true) this.#connection.stream.write(frame);
  }

  #push(message: ReplicationMessage): void {
    this.#queue.push(message);
    if (message.kind === 'data') this.#queuedBytes += message.bytes.length;
    if (this.#queuedBytes > HIGH_BYTES && !this.#isPaused) {
      this.#isPaused = true;
      this.#connection?.stream.pause();
    }
    this.#wakeUp();
  }

  #taken(message: ReplicationMessage): void {
    if (message.kind === 'data') this.#queuedBytes -= message.bytes.length;
    if (this.#queuedBytes < LOW_BYTES && this.#isPaused) {
      this.#isPaused = false;
      this.#connection?.stream.resume();
    }
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    for (const [event, listener] of this.#listeners) this.#connection?.off(event, listener);
    this.#wakeUp();
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
