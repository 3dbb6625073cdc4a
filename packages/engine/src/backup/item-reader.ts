import type { ContentSource, ItemIssue, ItemRecord } from '../content/item-record.ts';
import { type ContentChecksum, INLINE_LIMIT_BYTES } from '../content/stored-content.ts';
import { blake3Of } from '../crypt/chunk-id.ts';
import type { NodeSealer } from '../tree/tree-builder.ts';
import { type FileUpdate, type LargeItemResult, READ_STATUS, type SmallItemsResult } from '../worker/protocol.ts';
import { type BuiltContent, ContentBuilder } from './content-builder.ts';
import { ReadQueue } from './read-queue.ts';
import { StreamSlicer } from './slices.ts';
import type { Slot } from './slot-queue.ts';
import { SmallBatch, type SmallItem } from './small-batch.ts';
import type { ContentPart, WriteSession } from './write-session.ts';

const STREAMS_AT_ONCE = 8;
/** A stream that was announced as small may still grow to this. */
const SMALL_STREAM_LIMIT_BYTES = 4 * 1024 * 1024;
const NO_CONTENT: BuiltContent = { content: { form: 'none' }, mapUses: [] };
const EMPTY_CHECKSUM: ContentChecksum = { algorithm: 1, value: blake3Of(new Uint8Array(0)) };

export interface ItemReaderOptions {
  readonly session: WriteSession;
  readonly sealMapNode: NodeSealer;
  readonly smallBytes: number;
  readonly signal: AbortSignal;
  onIssue(issue: ItemIssue): void;
  /** Some slot got its content, or was dropped. */
  onReady(): void;
}

function modifiedMsOf(item: ItemRecord): number {
  const { posix } = item.metadata;
  return posix === undefined ? Number.NaN : Number(posix.modifiedAtNs) / 1e6;
}

function inodeOf(item: ItemRecord): number {
  return Number(item.metadata.posix?.inode ?? Number.NaN);
}

/** The record as the file was when it was read, without fingerprint, so that the next backup looks again. */
function updated(item: ItemRecord, update: FileUpdate): ItemRecord {
  const { fingerprint: _, ...rest } = item;
  const { posix } = item.metadata;
  const { modifiedAtNs, changedAtNs, sizeBytes } = update;
  if (posix === undefined) return { ...rest, sizeBytes };
  const times = posix.changedAtNs === undefined ? { modifiedAtNs } : { modifiedAtNs, changedAtNs };
  return { ...rest, sizeBytes, metadata: { ...item.metadata, posix: { ...posix, ...times } } };
}

/** Has the contents of items read by the payload threads, small ones together, and fills the slots. */
export class ItemReader {
  readonly #options: ItemReaderOptions;
  readonly #running = new Set<Promise<void>>();
  readonly #queue: ReadQueue;
  #batch = new SmallBatch();
  #streams = 0;
  readonly #streamWaiters: (() => void)[] = [];

  constructor(options: ItemReaderOptions) {
    this.#options = options;
    const { session } = options;
    this.#queue = new ReadQueue(
      () => session.takeSeat(),
      (error) => session.fail(error),
    );
  }

  /** Begins to read an item's content. @returns when another one may be begun */
  async read(slot: Slot, source: ContentSource): Promise<void> {
    const { item } = slot;
    if (source.kind === 'inline' && source.bytes.length <= INLINE_LIMIT_BYTES) {
      slot.item = { ...item, sizeBytes: source.bytes.length };
      slot.built = { content: { form: 'inline', bytes: source.bytes }, mapUses: [] };
      return;
    }
    if (source.kind === 'local-file' && item.sizeBytes === 0) {
      slot.built = { content: { form: 'extents', checksum: EMPTY_CHECKSUM, extents: [] }, mapUses: [] };
      return;
    }
    if (item.sizeBytes < this.#options.smallBytes) await this.#readSmall(slot, source);
    else if (source.kind === 'local-file') await this.#readLarge(slot, source.path);
    else await this.#readStream(slot, source);
  }

  #track(work: Promise<void>): void {
    const tracked = work.catch((error: unknown) => this.#options.session.fail(error));
    this.#running.add(tracked);
    tracked.finally(() => this.#running.delete(tracked));
  }

  async #readSmall(slot: Slot, source: ContentSource): Promise<void> {
    if (!this.#batch.hasRoomFor(slot.item.sizeBytes)) await this.#flush();
    const item: SmallItem = {
      slot,
      source: await this.#smallSource(slot, source),
      modifiedMs: modifiedMsOf(slot.item),
      inode: inodeOf(slot.item),
    };
    if (this.#batch.add(item, () => blake3Of(slot.item.path)[0] ?? 0)) await this.#flush();
  }

  async #smallSource(slot: Slot, source: ContentSource): Promise<SmallItem['source']> {
    if (source.kind === 'local-file') return { path: source.path };
    if (source.kind === 'inline') return { bytes: Promise.resolve(source.bytes) };
    await this.#takeStreamSeat();
    const bytes = this.#collect(slot, source).finally(() => this.#leaveStreamSeat());
    bytes.catch(() => undefined);
    return { bytes };
  }

  async #collect(slot: Slot, source: ContentSource & { kind: 'stream' }): Promise<Uint8Array | undefined> {
    try {
      const parts: Uint8Array[] = [];
      let count = 0;
      for await (const part of source.open(this.#options.signal)) {
        // A source may use the memory of a part again when the next one is asked for.
        parts.push(Buffer.from(part));
        count += part.length;
        if (count > SMALL_STREAM_LIMIT_BYTES)
          throw new Error(`it grew beyond ${SMALL_STREAM_LIMIT_BYTES} bytes while read`);
      }
      slot.item = { ...slot.item, sizeBytes: count };
      return parts.length === 1 ? parts[0] : Buffer.concat(parts);
    } catch (error) {
      this.#failItem(slot, error);
      return undefined;
    }
  }

  /** A source that fails for one item costs that item; an abort ends the backup. */
  #failItem(slot: Slot, error: unknown): void {
    this.#options.session.throwIfFailed();
    this.#options.signal.throwIfAborted();
    this.#unreadable(slot, error instanceof Error ? error.message : String(error));
  }

  #unreadable(slot: Slot, message: string): void {
    const { fingerprint: _, ...item } = slot.item;
    slot.item = item;
    slot.built = NO_CONTENT;
    this.#options.onIssue({ path: item.path, code: 'unreadable', message, dataMissing: true });
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    if (batch.items.length === 0) return;
    this.#batch = new SmallBatch();
    const items = await batch.encode();
    await this.#queue.add({
      sizeBytes: batch.bytes,
      heldBytes: items.data.length,
      begin: (worker) => {
        const refs: ContentPart['refs'][number][] = [];
        const onPart = (part: ContentPart): void => {
          refs.push(...part.refs);
        };
        const result = this.#options.session.smallItems(worker, items, { onPart });
        this.#track(result.then((read) => this.#fillSmall(batch, read, new StreamSlicer(refs))));
      },
    });
  }

  async #fillSmall(batch: SmallBatch, read: SmallItemsResult, slicer: StreamSlicer): Promise<void> {
    const updates = new Map(read.updates.map((update) => [update.index, update]));
    const messages = new Map(read.errors.map(({ index, message }) => [index, message]));
    for (let index = 0; index < batch.items.length; index += 1) {
      const item = batch.items[index];
      if (item === undefined || item.slot.built !== undefined) continue;
      const status = read.statuses[index];
      const extents = slicer.next(read.sizes[index] ?? 0);
      if (status === READ_STATUS.grown) {
        if ('path' in item.source) await this.#readLarge(item.slot, item.source.path);
        else
          await this.#readStream(item.slot, { kind: 'inline', bytes: (await item.source.bytes) ?? new Uint8Array(0) });
        continue;
      }
      const value = read.checksums.subarray(index * 32, index * 32 + 32);
      const built: BuiltContent = {
        content: { form: 'extents', checksum: { algorithm: 1, value }, extents },
        mapUses: [],
      };
      this.#settle(item.slot, status ?? READ_STATUS.ok, built, updates.get(index), messages.get(index));
    }
    this.#options.onReady();
  }

  #settle(
    slot: Slot,
    status: number,
    built: BuiltContent,
    update: FileUpdate | undefined,
    message: string | undefined,
  ): void {
    const { path } = slot.item;
    if (status === READ_STATUS.vanished) {
      slot.isDropped = true;
      this.#options.onIssue({
        path,
        code: 'vanished',
        message: message ?? 'it was deleted before it could be read',
        dataMissing: true,
      });
      return;
    }
    if (status === READ_STATUS.unreadable) {
      this.#unreadable(slot, message ?? 'it could not be read');
      return;
    }
    if (update !== undefined) slot.item = updated(slot.item, update);
    if (status === READ_STATUS.changed) {
      this.#options.onIssue({
        path,
        code: 'changed-while-read',
        message: 'it changed while it was read; parts of its content may be of different times',
        dataMissing: false,
      });
    }
    slot.built = built;
  }

  async #readLarge(slot: Slot, path: Uint8Array): Promise<void> {
    const file = {
      path,
      sizeBytes: slot.item.sizeBytes,
      modifiedMs: modifiedMsOf(slot.item),
      inode: inodeOf(slot.item),
    };
    await this.#queue.add({
      sizeBytes: file.sizeBytes,
      heldBytes: path.length,
      begin: (worker) => {
        const builder = new ContentBuilder(this.#options.sealMapNode);
        const result = this.#options.session.largeFile(worker, file, { onPart: (part) => builder.addPart(part) });
        this.#track(result.then((read) => this.#fillLarge(slot, read, builder)));
      },
    });
  }

  async #fillLarge(slot: Slot, read: LargeItemResult, builder: ContentBuilder): Promise<void> {
    const isRead = read.status !== READ_STATUS.vanished && read.status !== READ_STATUS.unreadable;
    const built = isRead ? await builder.finish({ algorithm: 1, value: read.checksum }) : NO_CONTENT;
    this.#settle(slot, read.status, built, read.update, read.error);
    this.#options.onReady();
  }

  async #readStream(slot: Slot, source: ContentSource & { kind: 'stream' | 'inline' }): Promise<void> {
    await this.#takeStreamSeat();
    this.#track(this.#pump(slot, source).finally(() => this.#leaveStreamSeat()));
  }

  async #pump(slot: Slot, source: ContentSource & { kind: 'stream' | 'inline' }): Promise<void> {
    const builder = new ContentBuilder(this.#options.sealMapNode);
    const content = source.kind === 'stream' ? source.open(this.#options.signal) : onePiece(source.bytes);
    try {
      const read = await this.#options.session.stream(content, {
        onPart: (part) => builder.addPart(part),
      });
      slot.item = { ...slot.item, sizeBytes: read.sizeBytes };
      slot.built = await builder.finish({ algorithm: 1, value: read.checksum });
    } catch (error) {
      this.#options.session.throwIfFailed();
      this.#failItem(slot, error);
    }
    this.#options.onReady();
  }

  async #takeStreamSeat(): Promise<void> {
    while (this.#streams >= STREAMS_AT_ONCE) {
      await new Promise<void>((resolve) => this.#streamWaiters.push(resolve));
    }
    this.#streams += 1;
  }

  #leaveStreamSeat(): void {
    this.#streams -= 1;
    this.#streamWaiters.shift()?.();
  }

  /** Waits until everything begun has been read. */
  async finish(): Promise<void> {
    await this.#flush();
    // A small file that has grown is queued again as a large one.
    do {
      await this.#queue.empty();
      await Promise.all(this.#running);
    } while (this.#running.size > 0 || !this.#queue.isEmpty);
    this.#options.session.throwIfFailed();
  }
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
