import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { EngineError, type ItemEntry, type ItemIssue, type ItemPath, type ItemRecord } from '@holdfast/engine';
import type { FileToWrite, RecoveryPointContent, WriteFilesOptions } from '../connector.ts';

const BLOCK_BYTES = 4096;
const READ_BYTES = 1024 * 1024;
const ZERO_BLOCK = Buffer.alloc(BLOCK_BYTES);

/** Bytes in which blocks of zeros cost nothing. */
interface SparseBytes {
  readonly sizeBytes: number;
  /** By offset, each at most one block. */
  readonly blocks: ReadonlyMap<number, Buffer>;
}

/**
 * A recovery point in memory, in the role of the engine: takes a session's entries in, as the engine would, and gives
 * them back to a restore. Keeps the rules of the contract and fails loudly when a connector breaks one.
 */
export class MemoryRecoveryPoint implements RecoveryPointContent {
  readonly issues: ItemIssue[] = [];
  /** Paths (one character per byte) whose content was really read, as opposed to taken from the parent. */
  readonly readPaths: string[] = [];
  readonly #records = new Map<string, ItemRecord>();
  readonly #contents = new Map<string, SparseBytes>();
  /** Items whose content cannot be had: writeFiles answers with an issue, read fails as the engine does. */
  readonly damaged = new Set<string>();

  /**
   * Reads a whole session.
   * @throws Error when entries come out of order or break the contract of ItemRecord
   */
  static async capture(
    entries: AsyncIterable<ItemEntry>,
    options: { readonly signal: AbortSignal; readonly parent?: MemoryRecoveryPoint },
  ): Promise<MemoryRecoveryPoint> {
    const point = new MemoryRecoveryPoint();
    let last: ItemRecord | undefined;
    for await (const entry of entries) {
      if ('issue' in entry) {
        point.issues.push(entry.issue);
        continue;
      }
      assertFollows(last, entry.item);
      last = entry.item;
      await point.#take(entry.item, options);
    }
    return point;
  }

  /** Adds a record as it is, for recovery points that no honest source would produce. */
  add(record: ItemRecord, content?: Uint8Array): void {
    this.#records.set(keyOf(record.path), record);
    if (content !== undefined) this.#contents.set(keyOf(record.path), sparse([Buffer.from(content)]));
  }

  get records(): readonly ItemRecord[] {
    return [...this.#records.values()];
  }

  contentOf(path: ItemPath): Buffer {
    return flat(this.#contentAt(path));
  }

  async *items(under: ItemPath = new Uint8Array(0)): AsyncGenerator<ItemRecord> {
    const prefix = keyOf(under);
    for (const [key, record] of this.#records) {
      if (prefix === '' || key === prefix || key.startsWith(`${prefix}/`)) yield record;
    }
  }

  async item(path: ItemPath): Promise<ItemRecord | undefined> {
    return this.#records.get(keyOf(path));
  }

  async *read(
    path: ItemPath,
    range?: { readonly offset: number; readonly length: number },
  ): AsyncGenerator<Uint8Array> {
    if (this.damaged.has(keyOf(path))) throw new EngineError('damaged', 'the content is damaged');
    const bytes = this.contentOf(path);
    yield range === undefined ? bytes : bytes.subarray(range.offset, range.offset + range.length);
  }

  async writeFiles(files: AsyncIterable<FileToWrite>, options: WriteFilesOptions): Promise<void> {
    for await (const file of files) {
      options.signal.throwIfAborted();
      const content = this.#contentAt(file.item);
      if (this.damaged.has(keyOf(file.item))) {
        const issue = { path: file.item, code: 'damaged', message: 'the content is damaged', dataMissing: true };
        options.done(file, { bytes: 0, issue });
        continue;
      }
      writeSparse(file.file, content, options.overExisting);
      options.done(file, { bytes: content.sizeBytes });
    }
  }

  #contentAt(path: ItemPath): SparseBytes {
    const content = this.#contents.get(keyOf(path));
    if (content === undefined) throw new Error(`the recovery point holds no content of ${keyOf(path)}`);
    return content;
  }

  async #take(item: ItemRecord, options: { signal: AbortSignal; parent?: MemoryRecoveryPoint }): Promise<void> {
    const key = keyOf(item.path);
    if (item.content === undefined) {
      this.#records.set(key, item);
      return;
    }
    const known = this.#fromParent(key, item, options.parent);
    if (known === undefined) {
      this.readPaths.push(key);
      try {
        this.#contents.set(key, await readContent(item, options.signal));
      } catch (error) {
        options.signal.throwIfAborted();
        this.issues.push({ path: item.path, code: 'unreadable', message: String(error), dataMissing: true });
        return;
      }
    } else {
      this.#contents.set(key, known);
    }
    const { content: _, ...record } = item;
    this.#records.set(key, record);
  }

  #fromParent(key: string, item: ItemRecord, parent: MemoryRecoveryPoint | undefined): SparseBytes | undefined {
    if (parent === undefined || item.fingerprint === undefined) return undefined;
    const before = parent.#records.get(key)?.fingerprint;
    if (before === undefined || Buffer.compare(before, item.fingerprint) !== 0) return undefined;
    return parent.#contents.get(key);
  }
}

/** A path as a string with one character per byte. */
export function keyOf(path: ItemPath): string {
  return Buffer.from(path).toString('latin1');
}

/** The order of ItemRecord: as if `/` sorted below every other byte. */
export function comparePaths(a: ItemPath, b: ItemPath): number {
  const [left, right] = [keyOf(a).replaceAll('/', '\0'), keyOf(b).replaceAll('/', '\0')];
  return left === right ? 0 : left < right ? -1 : 1;
}

function assertFollows(last: ItemRecord | undefined, item: ItemRecord): void {
  if (last !== undefined && comparePaths(last.path, item.path) >= 0) {
    throw new Error(`${keyOf(item.path)} comes after ${keyOf(last.path)}, which is not path order`);
  }
  const hasContent = item.type === 'file' || item.type === 'object';
  if ((item.content !== undefined) !== (hasContent && item.hardLinkTo === undefined)) {
    throw new Error(`${keyOf(item.path)} (${item.type}) must ${hasContent ? '' : 'not '}have content`);
  }
}

async function readContent({ content }: ItemRecord, signal: AbortSignal): Promise<SparseBytes> {
  switch (content?.kind) {
    case 'inline':
      return sparse([Buffer.from(content.bytes)]);
    case 'local-file':
      return readSparse(content.path);
    case 'stream': {
      const parts: Buffer[] = [];
      for await (const part of content.open(signal)) parts.push(Buffer.from(part));
      return sparse(parts);
    }
    case undefined:
      throw new Error('no content');
  }
}

function readSparse(path: Uint8Array): SparseBytes {
  const descriptor = openSync(Buffer.from(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const blocks = new Map<number, Buffer>();
    const buffer = Buffer.alloc(READ_BYTES);
    let sizeBytes = 0;
    for (;;) {
      const length = readSync(descriptor, buffer, 0, READ_BYTES, sizeBytes);
      if (length === 0) return { sizeBytes, blocks };
      addBlocks(blocks, sizeBytes, buffer.subarray(0, length));
      sizeBytes += length;
    }
  } finally {
    closeSync(descriptor);
  }
}

function sparse(parts: readonly Buffer[]): SparseBytes {
  const whole = Buffer.concat(parts);
  const blocks = new Map<number, Buffer>();
  addBlocks(blocks, 0, whole);
  return { sizeBytes: whole.length, blocks };
}

function addBlocks(blocks: Map<number, Buffer>, offset: number, bytes: Buffer): void {
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const block = bytes.subarray(start, start + BLOCK_BYTES);
    if (!block.equals(ZERO_BLOCK.subarray(0, block.length))) blocks.set(offset + start, Buffer.from(block));
  }
}

function flat(content: SparseBytes): Buffer {
  const whole = Buffer.alloc(content.sizeBytes);
  for (const [offset, block] of content.blocks) block.copy(whole, offset);
  return whole;
}

function writeSparse(path: Uint8Array, content: SparseBytes, overExisting: boolean): void {
  const descriptor = openSync(Buffer.from(path), constants.O_RDWR);
  try {
    if (!overExisting && fstatSync(descriptor).size > 0) throw new Error('a new file is expected to be empty');
    ftruncateSync(descriptor, 0);
    ftruncateSync(descriptor, content.sizeBytes);
    for (const [offset, block] of content.blocks) writeSync(descriptor, block, 0, block.length, offset);
  } finally {
    closeSync(descriptor);
  }
}
