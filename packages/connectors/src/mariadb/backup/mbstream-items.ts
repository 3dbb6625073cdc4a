import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentSource, ItemEntry } from '@holdfast/engine';
import { fileItem } from './base-items.ts';
import type { MbstreamChunk } from './read-mbstream.ts';

/** Files up to this size are held whole; of larger ones the size is not known when they begin. */
const WHOLE_BYTES = 1024 * 1024;

interface Spooled {
  readonly path: string;
  readonly handle: FileHandle;
  sizeBytes: number;
}

export interface LayerOptions {
  readonly layer: number;
  readonly backupId: string;
  readonly signal: AbortSignal;
  /** A private directory for files that arrive while another one is being read. */
  readonly spoolDirectory: string;
  /** Called with each file that was held whole, for what the connector itself wants to read. */
  onWhole(name: string, bytes: Buffer): void;
}

/**
 * Turns the chunks of a backup into items, one file after the other. A file whose chunks arrive between those of another
 * (the redo log, which the program copies meanwhile) is spooled to disk and follows when it has ended.
 */
export class MbstreamItems {
  readonly #chunks: AsyncIterator<MbstreamChunk>;
  readonly #options: LayerOptions;
  readonly #spooled = new Map<string, Spooled>();
  readonly #ended: { name: string; file: Spooled }[] = [];
  #number = 0;
  #spools = 0;

  constructor(chunks: AsyncIterable<MbstreamChunk>, options: LayerOptions) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#options = options;
  }

  /** Reads what the iterator did not deliver yet; ends with the stream. */
  async *entries(): AsyncGenerator<ItemEntry> {
    for (;;) {
      const chunk = await this.#next();
      if (chunk === undefined) break;
      if (this.#spooled.has(chunk.name)) await this.#spool(chunk);
      else if (chunk.kind === 'end') yield this.#whole(chunk.name, Buffer.alloc(0));
      else yield* this.#file(chunk.name, chunk.bytes);
      yield* this.#endedFiles();
    }
  }

  async *#file(name: string, first: Buffer): AsyncGenerator<ItemEntry> {
    const parts = [first];
    let count = first.length;
    while (count <= WHOLE_BYTES) {
      const chunk = await this.#nextOf(name);
      if (chunk === undefined) {
        yield this.#whole(name, Buffer.concat(parts));
        return;
      }
      parts.push(chunk);
      count += chunk.length;
    }
    const read = Promise.withResolvers<void>();
    // Whoever asks for the next file hears of the failure; nobody may ask any more.
    read.promise.catch(() => undefined);
    const { signal } = this.#options;
    signal.addEventListener('abort', () => read.reject(signal.reason), { once: true });
    yield this.#entry(name, count, { kind: 'stream', open: () => this.#stream(name, parts, read) });
    // The next file lies behind this one in the same stream.
    await read.promise;
  }

  async *#stream(name: string, parts: readonly Buffer[], read: PromiseWithResolvers<void>): AsyncGenerator<Uint8Array> {
    try {
      yield* parts;
      for (let bytes = await this.#nextOf(name); bytes !== undefined; bytes = await this.#nextOf(name)) yield bytes;
      read.resolve();
    } catch (error) {
      read.reject(error);
      throw error;
    } finally {
      read.reject(new Error(`${name} was not read to its end`));
    }
  }

  /** The next bytes of a file, others being spooled; undefined at its end. */
  async #nextOf(name: string): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = await this.#next();
      if (chunk === undefined) throw new Error(`the stream of the backup ends within ${name}`);
      if (chunk.name === name) return chunk.kind === 'end' ? undefined : chunk.bytes;
      await this.#spool(chunk);
    }
  }

  async #next(): Promise<MbstreamChunk | undefined> {
    const step = await this.#chunks.next();
    return step.done === true ? undefined : step.value;
  }

  async #spool(chunk: MbstreamChunk): Promise<void> {
    const file = this.#spooled.get(chunk.name) ?? (await this.#newSpool(chunk.name));
    if (chunk.kind === 'payload') {
      await file.handle.write(chunk.bytes);
      file.sizeBytes += chunk.bytes.length;
      return;
    }
    await file.handle.close();
    this.#spooled.delete(chunk.name);
    this.#ended.push({ name: chunk.name, file });
  }

  async #newSpool(name: string): Promise<Spooled> {
    this.#spools += 1;
    const path = join(this.#options.spoolDirectory, `file-${this.#spools}`);
    const file = { path, handle: await open(path, 'wx', 0o600), sizeBytes: 0 };
    this.#spooled.set(name, file);
    return file;
  }

  *#endedFiles(): Generator<ItemEntry> {
    for (const { name, file } of this.#ended.splice(0)) {
      yield this.#entry(name, file.sizeBytes, { kind: 'local-file', path: Buffer.from(file.path) });
    }
  }

  #whole(name: string, bytes: Buffer): ItemEntry {
    this.#options.onWhole(name, bytes);
    return this.#entry(name, bytes.length, { kind: 'inline', bytes });
  }

  #entry(name: string, sizeBytes: number, content: ContentSource): ItemEntry {
    this.#number += 1;
    const { layer, backupId } = this.#options;
    return { item: { ...fileItem(layer, this.#number, { name, sizeBytes, backupId }), content } };
  }

  /** Closes what is still open; the spool directory itself is its owner's. */
  async close(): Promise<void> {
    for (const { handle } of this.#spooled.values()) await handle.close();
    this.#spooled.clear();
  }
}
