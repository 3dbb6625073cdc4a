import type { ReadLease } from '../authority/authority.ts';
import { chunkRefFromJson } from '../content/chunk-ref.ts';
import type { ItemIssue, ItemPath, ItemRecord } from '../content/item-record.ts';
import { printablePath, sortKeyOf } from '../content/sort-key.ts';
import { CHUNK_KINDS } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { decodeIssuePage } from '../point/issue-pages.ts';
import type { PointObject } from '../point/point-object.ts';
import type { RecoveryPointSummary } from '../point/recovery-point.ts';
import type { DirectoryPage, FileToWrite, RecoveryPointReader, WriteFilesOptions } from '../repository.ts';
import { readContent } from '../restore/read-content.ts';
import { ReadSession } from '../restore/read-session.ts';
import { writeFiles } from '../restore/write-files.ts';
import { type NodeReader, TreeReader } from '../tree/tree-reader.ts';
import type { Vault } from '../vault.ts';
import type { PayloadWorkers } from '../worker/payload-workers.ts';
import { ItemFinder } from './item-finder.ts';
import { openNodes } from './open-nodes.ts';

const PAGE_LIMIT = 1000;

/** An open recovery point of items. */
export class ItemsReader implements RecoveryPointReader {
  readonly summary: RecoveryPointSummary;
  readonly #vault: Vault;
  readonly #point: PointObject;
  readonly #readNode: NodeReader;
  readonly #tree: TreeReader;
  readonly #session: ReadSession;
  readonly #lease: ReadLease;
  readonly #renewal: NodeJS.Timeout;
  #isClosed = false;
  #leaseFailure: unknown;

  private constructor(vault: Vault, point: PointObject, readNode: NodeReader, session: ReadSession, lease: ReadLease) {
    this.#vault = vault;
    this.#point = point;
    this.summary = point.body;
    this.#readNode = readNode;
    const { root, height } = point.body;
    this.#tree = new TreeReader(readNode, root && chunkRefFromJson(root), height);
    this.#session = session;
    this.#lease = lease;
    this.#renewal = setInterval(() => this.#renew(), vault.leaseMs / 3);
    this.#renewal.unref();
  }

  /** @param lease held until `close` */
  static async open(vault: Vault, workers: PayloadWorkers, point: PointObject, lease: ReadLease): Promise<ItemsReader> {
    const nodes = await openNodes(vault, point);
    const session = new ReadSession(workers, vault.idKeys.chunkIdKey, await vault.keys.dataKeys());
    return new ItemsReader(vault, point, (ref, kind) => nodes.read(ref, kind), session, lease);
  }

  #renew(): void {
    this.#vault.authority.renewReadLease(this.#lease, this.#vault.leaseMs).catch((error: unknown) => {
      this.#leaseFailure = error;
    });
  }

  #check(): void {
    const { recoveryPointId } = this.summary;
    if (this.#isClosed) throw new EngineError('closed', `recovery point ${recoveryPointId} was closed`);
    if (this.#leaseFailure !== undefined) {
      throw new EngineError('lease-lost', `the read lease of recovery point ${recoveryPointId} lapsed`, {
        cause: this.#leaseFailure,
      });
    }
  }

  async *items(under?: ItemPath): AsyncGenerator<ItemRecord> {
    this.#check();
    const top = sortKeyOf(under ?? new Uint8Array(0));
    for await (const item of this.#tree.items(top)) {
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
    return { store, index, session: this.#session, readNode: this.#readNode };
  }

  async writeFiles(files: AsyncIterable<FileToWrite>, options: WriteFilesOptions): Promise<void> {
    this.#check();
    const finder = new ItemFinder(this.#tree);
    await writeFiles({ ...this.#readContext, find: (key) => finder.find(key) }, files, options);
  }

  async *issues(): AsyncGenerator<ItemIssue> {
    for (const page of this.#point.body.issues) {
      this.#check();
      yield* decodeIssuePage(await this.#readNode(chunkRefFromJson(page), CHUNK_KINDS.issues));
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#renewal);
    this.#session.close();
    await this.#vault.authority.releaseReadLease(this.#lease);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
