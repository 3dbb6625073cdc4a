import type { Connection, Submittable } from 'pg';
import type { CopyPart } from './copy-frames.ts';
import type { LentBytes } from './lending-socket.ts';
import { readCopies } from './read-copies.ts';

/** What a server sends while it carries a replication command out. */
export type ReplicationMessage =
  | { readonly kind: 'row'; readonly values: readonly (string | null)[] }
  /** The rows before it were one result. */
  | { readonly kind: 'complete' }
  /** A copy begins; of old servers one for each archive. */
  | { readonly kind: 'copy' }
  /** A part of a message of a copy. Its memory is used again as soon as the next message is asked for. */
  | ({ readonly kind: 'data' } & CopyPart)
  | { readonly kind: 'copy-done' };

const COPY_DATA = 0x64;
const COPY_DONE = 0x63;

/** In the queue behind the parts of a read: whoever comes here has used them. */
interface GiveBack {
  readonly kind: 'give-back';
  readonly read: LentBytes;
}

/**
 * A command of the replication protocol, whose answers `pg` does not know how to collect: results, copies and more
 * results in one. Reads from the socket only as fast as the messages are taken.
 */
export class ReplicationCommand implements Submittable {
  readonly #text: string;
  readonly #queue: (ReplicationMessage | GiveBack)[] = [];
  #connection: Connection | undefined;
  #endCopies: (() => void) | undefined;
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
    this.#endCopies = readCopies(connection, {
      onPart: (part) => this.#push({ kind: 'data', ...part }),
      onRead: (read) => {
        if (this.#queue.length === 0) read.giveBack();
        else this.#queue.push({ kind: 'give-back', read });
      },
    });
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
      if (message?.kind === 'give-back') message.read.giveBack();
      else if (message !== undefined) yield message;
      else if (this.#end === undefined) {
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
    this.#wakeUp();
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#endCopies?.();
    this.#endCopies = undefined;
    for (const [event, listener] of this.#listeners) this.#connection?.off(event, listener);
    this.#wakeUp();
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** The same with the data of each message of a copy as a whole, in memory of its own. */
export async function* wholeMessages(messages: AsyncIterable<ReplicationMessage>): AsyncGenerator<ReplicationMessage> {
  let parts: Buffer[] = [];
  for await (const message of messages) {
    if (message.kind !== 'data') {
      yield message;
      continue;
    }
    parts.push(Buffer.from(message.bytes));
    if (!message.isEnd) continue;
    const bytes = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
    parts = [];
    yield { kind: 'data', bytes, isStart: true, isEnd: true };
  }
}
