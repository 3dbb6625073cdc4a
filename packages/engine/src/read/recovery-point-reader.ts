import { summaryOf } from '../backup/backup-run.ts';
import { chunkRefFromJson } from '../content/chunk-ref.ts';
import type { ItemIssue, ItemPath, ItemRecord } from '../content/item-record.ts';
import { printablePath, sortKeyOf } from '../content/sort-key.ts';
import { CHUNK_KINDS } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { decodeIssuePage } from '../point/issue-pages.ts';
import type { RecoveryPointSummary } from '../point/recovery-point.ts';
import type { DirectoryPage, FileToWrite, RecoveryPointReader, WriteFilesOptions } from '../repository.ts';
import { readContent } from '../restore/read-content.ts';
import { ReadSession } from '../restore/read-session.ts';
import { SharedChunks } from '../restore/shared-chunks.ts';
import { writeFiles } from '../restore/write-files.ts';
import type { StoredItem } from '../tree/leaf-decoder.ts';
import { type NodeReader, TreeReader } from '../tree/tree-reader.ts';
import type { Vault } from '../vault.ts';
import type { PayloadWorkers } from '../worker/payload-workers.ts';
import type { HeldPoint } from './held-point.ts';
import { ItemFinder } from './item-finder.ts';
import { openNodes } from './open-nodes.ts';

const PAGE_LIMIT = 1000;

/** An open recovery point of items. */
export class ItemsReader implements RecoveryPointReader {
  readonly summary: RecoveryPointSummary;
  readonly #vault: Vault;
  readonly #held: HeldPoint;
  readonly #readNode: NodeReader;
  readonly #tree: TreeReader;
  readonly #session: ReadSession;
  readonly #shared = new SharedChunks();

  private constructor(vault: Vault, held: HeldPoint, readNode: NodeReader, session: ReadSession) {
    const { body } = held.point;
    this.#vault = vault;
    this.#held = held;
    this.summary = summaryOf(body);
    this.#readNode = readNode;
    this.#tree = new TreeReader(readNode, body.root && chunkRefFromJson(body.root), body.height);
    this.#session = session;
  }

  /** @param held released by `close` */
  static async open(vault: Vault, workers: PayloadWorkers, held: HeldPoint): Promise<ItemsReader> {
    const { content, recoveryPointId } = held.point.body;
    if (content === 'image') {
      throw new EngineError('invalid-argument', `recovery point ${recoveryPointId} is an image and holds no items`);
    }
    const nodes = await openNodes(vault, held.point);
    const session = new ReadSession(workers, vault.idKeys.chunkIdKey, await vault.keys.dataKeys());
    return new ItemsReader(vault, held, (ref, kind) => nodes.read(ref, kind), session);
  }

  #check(): void {
    this.#held.check();
  }

  /** Items with what is known of their content; for readers of other kinds that rest on this one. */
  async *storedItems(): AsyncGenerator<StoredItem> {
    this.#check();
    for await (const item of this.#tree.items()) {
      this.#check();
      yield item;
    }
  }

  async *items(under?: ItemPath, from?: ItemPath): AsyncGenerator<ItemRecord> {
    this.#check();
    const top = sortKeyOf(under ?? new Uint8Array(0));
    const start = from === undefined ? top : sortKeyOf(from);
    for await (const item of this.#tree.items(Buffer.compare(start, top) > 0 ? start : top)) {
      const isTop = top.length === 0 || item.key.equals(top);
      const isBelow =
        item.key.length > top.length && item.key[top.length] === 0 && item.key.subarray(0, top.length).equals(top);
      if (!isTop && !isBelow) return;
      this.#check();
      yield item.record();
    }
  }

  async item(path: ItemPath): Promise<ItemRecord | undefined> {
    this.#check();
    return (await this.#tree.find(sortKeyOf(path)))?.record();
  }

  /** Goes from child to child, over whatever lies below them. */
  async list(path: ItemPath, cursor: string | undefined, limit: number): Promise<DirectoryPage> {
    this.#check();
    const wanted = Math.max(1, Math.min(PAGE_LIMIT, limit));
    const top = sortKeyOf(path);
    const prefix = top.length === 0 ? top : Buffer.concat([top, Buffer.of(0)]);
    const finder = new ItemFinder(this.#tree);
    const items: ItemRecord[] = [];
    let from: Buffer = cursor === undefined ? prefix : Buffer.from(cursor, 'base64url');
    for (;;) {
      const item = await finder.seek(from);
      const isInside =
        item !== undefined && item.key.length >= prefix.length && item.key.subarray(0, prefix.length).equals(prefix);
      if (!isInside) return { items };
      if (items.length === wanted) return { items, cursor: item.key.toString('base64url') };
      // The root itself has the empty key; a listing of the root leaves it out.
      if (item.key.length > 0) items.push(item.record());
      from = item.key.length === 0 ? Buffer.of(0) : Buffer.concat([item.key, Buffer.of(1)]);
    }
  }

  async *read(
    path: ItemPath,
    range?: { readonly offset: number; readonly length: number },
  ): AsyncGenerator<Uint8Array> {
    this.#check();
    const item = await this.#tree.find(sortKeyOf(path));
    if (item === undefined || item.content.form === 'none') {
      throw new EngineError('not-found', `there is no content for ${JSON.stringify(printablePath(path))}`);
    }
    yield* readContent(this.#readContext, item.content, item.sizeBytes, range);
  }

  get #readContext() {
    const { store, index } = this.#vault;
    return { store, index, session: this.#session, readNode: this.#readNode, shared: this.#shared };
  }

  async writeFiles(files: AsyncIterable<FileToWrite>, options: WriteFilesOptions): Promise<void> {
    this.#check();
    const finder = new ItemFinder(this.#tree);
    await writeFiles({ ...this.#readContext, find: (key) => finder.find(key) }, files, options);
  }

  async *issues(): AsyncGenerator<ItemIssue> {
    for (const page of this.#held.point.body.issues) {
      this.#check();
      yield* decodeIssuePage(await this.#readNode(chunkRefFromJson(page), CHUNK_KINDS.issues));
    }
  }

  async close(): Promise<void> {
    if (this.#held.isReleased) return;
    this.#session.close();
    await this.#held.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
