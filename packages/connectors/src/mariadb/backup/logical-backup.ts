import type { ItemEntry } from '@holdfast/engine';
import { type StreamingChild, streamChild } from '../../child-process/streaming-child.ts';
import { programError } from '../errors.ts';
import { type BaseFacts, fileItem, layerItem, rootItem } from './base-items.ts';

/** The name of the one file of a logical backup. */
export const DUMP_NAME = 'dump.sql';
/** Streams of unknown length are announced as large, so that the engine cuts them as they come. */
const ANNOUNCED_BYTES = 64 * 1024 * 1024;
const END_MARK = 'Dump completed';
const TAIL_BYTES = 200;

export interface LogicalBackupOptions {
  /** The path of `mariadb-dump` or `mysqldump`. */
  readonly program: string;
  readonly connection: readonly string[];
  readonly backupId: string;
  readonly facts: BaseFacts;
  /** Whether the server writes a binary log, whose position then stands in the dump. */
  readonly hasBinaryLog: boolean;
  limit(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** A consistent dump of all databases, users, routines, triggers and events. */
export class LogicalBackup implements AsyncDisposable {
  readonly #options: LogicalBackupOptions;
  #child: StreamingChild | undefined;

  constructor(options: LogicalBackupOptions) {
    this.#options = options;
  }

  /** @throws ConnectorError with the words of the program when it gave up */
  async *entries(signal: AbortSignal): AsyncGenerator<ItemEntry> {
    signal.throwIfAborted();
    const { facts, backupId } = this.#options;
    yield rootItem(facts);
    yield layerItem(0);
    const read = Promise.withResolvers<void>();
    read.promise.catch(() => undefined);
    signal.addEventListener('abort', () => read.reject(signal.reason), { once: true });
    const item = fileItem(0, 1, { name: DUMP_NAME, sizeBytes: ANNOUNCED_BYTES, backupId });
    yield { item: { ...item, content: { kind: 'stream', open: () => this.#dump(signal, read) } } };
    await read.promise;
  }

  async *#dump(signal: AbortSignal, read: PromiseWithResolvers<void>): AsyncGenerator<Uint8Array> {
    const child = streamChild(this.#options.program, this.#arguments(), { signal });
    this.#child = child;
    try {
      let tail = '';
      for await (const part of this.#options.limit(child.stdout)) {
        tail = (tail + Buffer.from(part.subarray(-TAIL_BYTES)).toString('latin1')).slice(-TAIL_BYTES);
        yield part;
      }
      const code = await child.exit;
      if (code !== 0) throw programError('the dump', 'The dump of the server failed', child.stderr());
      if (!tail.includes(END_MARK)) throw new Error('the dump ends before its end mark');
      read.resolve();
    } catch (error) {
      read.reject(error);
      throw error;
    } finally {
      read.reject(new Error('the dump was not read to its end'));
    }
  }

  #arguments(): readonly string[] {
    const { facts, connection, hasBinaryLog } = this.#options;
    const position = facts.product === 'MariaDB' ? '--master-data=2' : '--source-data=2';
    return [
      ...connection,
      '--all-databases',
      '--single-transaction',
      '--quick',
      '--hex-blob',
      '--routines',
      '--events',
      '--triggers',
      '--flush-privileges',
      '--default-character-set=utf8mb4',
      ...(hasBinaryLog ? [position] : []),
      ...(facts.product === 'MySQL' ? ['--set-gtid-purged=OFF'] : []),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child?.[Symbol.asyncDispose]();
  }
}
