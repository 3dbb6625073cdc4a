/**
 * Hears the notifications of stores: one HTTP server for each address, for as long as the process lives, since a
 * connector is opened for one job only. A push is believed when its path is the token of a bucket that somebody captures.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { HintJournal } from './hint-journal.ts';
import { pushedKeys } from './pushed-keys.ts';

const MOST_BODY_BYTES = 1024 * 1024;
const MOST_CONNECTIONS = 256;
const SLOWEST_REQUEST_MS = 10_000;
const ANSWER_MS = 5_000;
const TOKEN = /^\/([A-Za-z0-9_-]{43})$/;

export interface ListenerAddress {
  readonly host: string;
  readonly port: number;
}

/** What identifies a bucket's journal and topic; says nothing about the token. */
export function nameOfToken(token: string): string {
  return `holdfast-${createHash('sha256').update(token).digest('hex').slice(0, 32)}`;
}

/** The listeners of this process by address; undefined while another process has it. */
const listeners = new Map<string, Promise<PushListener | undefined>>();

/**
 * Sees to it that somebody on this machine listens: this process, or another one of the same source.
 * @returns since when without a break, as a word that changes with each break
 * @throws Error when the address cannot be had, or belongs to somebody else
 */
export async function ensureListening(address: ListenerAddress, directory: string, token: string): Promise<string> {
  const key = keyOf(address);
  const opening = listeners.get(key) ?? PushListener.open(address);
  listeners.set(key, opening);
  const own = await opening.catch((error: unknown) => {
    listeners.delete(key);
    throw error;
  });
  if (own !== undefined) return own.serve(directory);
  listeners.delete(key);
  return askOther(address, token);
}

/** Stops listening in this process. */
export async function stopListening(address: ListenerAddress): Promise<void> {
  const listener = await listeners.get(keyOf(address));
  listeners.delete(keyOf(address));
  await listener?.close();
}

function keyOf({ host, port }: ListenerAddress): string {
  return `${host} ${port}`;
}

class PushListener {
  readonly #directories = new Set<string>();
  readonly #server = createServer((request, answer) => this.#receive(request, answer));
  #epoch = randomUUID();

  private constructor() {
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.requestTimeout = SLOWEST_REQUEST_MS;
    this.#server.headersTimeout = SLOWEST_REQUEST_MS;
    // Nobody's end waits for notifications.
    this.#server.on('connection', (socket) => socket.unref());
  }

  /** @returns undefined when another process has the address */
  static open(address: ListenerAddress): Promise<PushListener | undefined> {
    const listener = new PushListener();
    const server = listener.#server;
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(undefined);
        else reject(error);
      });
      server.listen({ host: address.host, port: address.port }, () => {
        server.unref();
        resolve(listener);
      });
    });
  }

  /** Notifications about buckets whose journals lie below the directory are taken from now on. @returns the epoch */
  serve(directory: string): string {
    this.#directories.add(directory);
    return this.#epoch;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #receive(request: IncomingMessage, answer: ServerResponse): void {
    this.#answerTo(request).then(
      // What came with a bad request is not read.
      ({ status, text }) => answer.writeHead(status, status < 400 ? {} : { connection: 'close' }).end(text),
      () => {
        // What could not be stored is as good as not heard.
        this.#epoch = randomUUID();
        answer.writeHead(500).end();
      },
    );
  }

  async #answerTo(request: IncomingMessage): Promise<{ readonly status: number; readonly text?: string }> {
    const journal = await this.#journalOf(TOKEN.exec(request.url ?? '')?.[1]);
    if (journal === undefined) return { status: 404 };
    if (request.method === 'GET') return { status: 200, text: this.#epoch };
    if (request.method !== 'POST') return { status: 405 };
    const epoch = this.#epoch;
    const body = await bodyOf(request);
    const keys = body === undefined ? undefined : pushedKeys(body);
    if (keys === undefined) return { status: 400 };
    if (!(await journal.append(epoch, keys))) this.#epoch = randomUUID();
    return { status: 200 };
  }

  async #journalOf(token: string | undefined): Promise<HintJournal | undefined> {
    if (token === undefined) return undefined;
    for (const directory of this.#directories) {
      const journal = new HintJournal(join(directory, nameOfToken(token)));
      if (await journal.exists()) return journal;
    }
    return undefined;
  }
}

/** @returns undefined for a body that is too long */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    if (bytes > MOST_BODY_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

async function askOther({ host, port }: ListenerAddress, token: string): Promise<string> {
  const near = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const url = `http://${near.includes(':') ? `[${near}]` : near}:${port}/${token}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  const text = await answer.text();
  if (answer.ok && /^[0-9a-f-]{36}$/.test(text)) return text;
  throw new Error(`port ${port} of ${host} is used by another program or by another source; each needs one of its own`);
}
