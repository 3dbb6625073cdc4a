import type { WriteLease } from '../authority/authority.ts';
import { chunkRefFromJson, chunkRefToJson } from '../content/chunk-ref.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { type IndexedPack, SEGMENT_ID_BYTES, segmentKey } from '../index/segment-layout.ts';
import { encodeSegment } from '../index/segment-writer.ts';
import { cohortUntilAt } from '../point/cohort.ts';
import { IssuePages } from '../point/issue-pages.ts';
import { encodePoint, type PointBody, type PointObject, type PointPackUse, pointKey } from '../point/point-object.ts';
import type { SealedRecoveryPoint } from '../point/recovery-point.ts';
import { putObject } from '../put-object.ts';
import { openNodes } from '../read/open-nodes.ts';
import type { BackupItemsRequest } from '../repository.ts';
import { extendPackLocks, recordNewPackLocks } from '../retention/pack-locks.ts';
import { lockOption, storeLockOf } from '../retention/store-lock.ts';
import type { StoreRetention } from '../store/store.ts';
import { type BuiltTree, type NodeSealer, TreeBuilder } from '../tree/tree-builder.ts';
import { type NodeReader, TreeReader } from '../tree/tree-reader.ts';
import type { Vault } from '../vault.ts';
import type { PayloadWorkers } from '../worker/payload-workers.ts';
import type { ChunkTable } from './chunk-table.ts';
import { ItemReader } from './item-reader.ts';
import { ItemsPipeline } from './items-pipeline.ts';
import { KnownChunks } from './known-chunks.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { PackUploads } from './pack-uploads.ts';
import { PackUses } from './pack-uses.ts';
import { ParentCursor } from './parent-cursor.ts';
import { WriteSession } from './write-session.ts';
import { writeSizes } from './write-sizes.ts';

const SALT_BYTES = 16;

export interface BackupContext {
  readonly vault: Vault;
  readonly workers: PayloadWorkers;
  readonly memoryBytes: number;
  readonly compressionLevel: number;
}

interface Parent {
  readonly point: PointObject;
  readonly tree: TreeReader;
  readonly readNode: NodeReader;
}

/** Runs one backup of items under a lease; the order of writes is docs/format/order.md. */
export class ItemsBackup {
  readonly #context: BackupContext;
  readonly #request: BackupItemsRequest;
  readonly #keeper: LeaseKeeper;
  readonly #startedAt: number;
  readonly #uses = new PackUses();
  #session: WriteSession | undefined;

  constructor(context: BackupContext, request: BackupItemsRequest, lease: WriteLease) {
    this.#context = context;
    this.#request = request;
    this.#startedAt = context.vault.clock();
    this.#keeper = new LeaseKeeper(context.vault.authority, lease, context.vault.leaseMs, (error) =>
      this.#session?.fail(error),
    );
  }

  get #lock(): StoreRetention | undefined {
    return storeLockOf(this.#request.retention);
  }

  /** @param parent the parent's object, which the caller holds by a read lease */
  async run(parentPoint: PointObject | undefined): Promise<SealedRecoveryPoint> {
    const { vault } = this.#context;
    try {
      await vault.index.refresh();
      const parent = parentPoint === undefined ? undefined : await this.#openParent(parentPoint);
      return await this.#write(parent);
    } finally {
      this.#keeper.stop();
      this.#session?.close();
    }
  }

  async #openParent(point: PointObject): Promise<Parent> {
    const nodes = await openNodes(this.#context.vault, point);
    const readNode: NodeReader = (ref, kind) => nodes.read(ref, kind);
    const { root, height } = point.body;
    return { point, readNode, tree: new TreeReader(readNode, root && chunkRefFromJson(root), height) };
  }

  async #write(parent: Parent | undefined): Promise<SealedRecoveryPoint> {
    const { vault, workers, memoryBytes, compressionLevel } = this.#context;
    const { authority, store } = vault;
    const lease = () => this.#keeper.lease;
    const cohort = cohortUntilAt(this.#startedAt, this.#request.retention.keepUntilAt);
    const writeKey = await vault.keys.writeKey();
    const uploads = new PackUploads({
      store,
      authority,
      lease,
      cohortUntilAt: cohort ?? 0,
      retention: this.#lock,
    });
    const known = new KnownChunks(vault.index, authority, lease);
    const session = await WriteSession.open({
      workers,
      uploads,
      known,
      idHasher: vault.idHasher,
      random: vault.random,
      open: {
        ...vault.idKeys,
        ...writeSizes(memoryBytes, workers.threads),
        dataKey: writeKey.key,
        dataKeySerial: writeKey.serial,
        fence: lease().fence,
        cohortUntilAt: cohort ?? 0,
        chunking: vault.chunking,
        compressionLevel,
      },
    });
    this.#session = session;
    const { pipeline, built, issues } = await this.#readItems(parent, session, known, uploads);
    const issuePages = await issues.finish();
    const { packs, chunks } = await session.finish();
    const segments = await this.#writeSegment(packs, chunks, writeKey);
    const sizes = new Map(packs.map(({ packId, sizeBytes }) => [packId, sizeBytes]));
    const parentSizes = new Map(parent?.point.uses.map(({ packId, sizeBytes }) => [packId, sizeBytes]) ?? []);
    const uses = this.#uses.list((id) => sizes.get(id) ?? parentSizes.get(id) ?? known.sizes.get(id) ?? 0);
    const body = this.#body(pipeline, built, session, uploads);
    const point = { ...body, issues: issuePages.map(chunkRefToJson), segments };
    await this.#lockPacks(packs, uses);
    await this.#writePoint(point, uses, writeKey);
    await this.#commit(point, uses);
    return { ...summaryOf(point), issues: pipeline.issues };
  }

  async #readItems(parent: Parent | undefined, session: WriteSession, known: KnownChunks, uploads: PackUploads) {
    const sealCounted: NodeSealer = async (kind, bytes) => {
      const ref = await session.sealNode(kind, bytes);
      this.#uses.add(ref, 'tree');
      return ref;
    };
    const issues = new IssuePages(sealCounted);
    const cursor = new ParentCursor(parent?.tree, (ref) => known.addParentNode(ref));
    const pipeline = new ItemsPipeline({
      request: this.#request,
      session,
      parent: cursor,
      readParentNode: parent?.readNode ?? (() => Promise.reject(new Error('there is no parent'))),
      tree: new TreeBuilder(sealCounted),
      issuePages: issues,
      uses: this.#uses,
      storedBytes: () => uploads.storedBytes,
      clock: this.#context.vault.clock,
    });
    const abort = new AbortController();
    const onAbort = () => session.fail(this.#request.signal?.reason);
    this.#request.signal?.addEventListener('abort', onAbort, { once: true });
    session.failed.catch((error: unknown) => abort.abort(error));
    const reader = new ItemReader({
      session,
      sealMapNode: (kind, bytes) => session.sealNode(kind, bytes),
      smallBytes: this.#context.vault.chunking.smallBytes,
      signal: abort.signal,
      onIssue: (issue) => pipeline.addIssue(issue),
      onReady: () => pipeline.drain(),
    });
    try {
      this.#request.signal?.throwIfAborted();
      const built = await pipeline.run(reader, abort.signal);
      return { pipeline, built, issues };
    } finally {
      this.#request.signal?.removeEventListener('abort', onAbort);
      await cursor.close();
    }
  }

  async #writeSegment(
    packs: readonly IndexedPack[],
    chunks: ChunkTable,
    writeKey: { readonly serial: number; readonly key: Uint8Array },
  ): Promise<readonly string[]> {
    if (chunks.size === 0) return [];
    const { vault } = this.#context;
    const segmentId = vault.random(SEGMENT_ID_BYTES);
    const keys = {
      segmentId,
      dataKeySerial: writeKey.serial,
      indexKey: derivedKeys.index(writeKey.key, segmentId),
    };
    const parts = encodeSegment(keys, packs, entriesOf(chunks), chunks.size);
    const name = Buffer.from(segmentId).toString('hex');
    await putObject(vault.store, segmentKey(name), parts);
    return [name];
  }

  #body(
    pipeline: ItemsPipeline,
    built: BuiltTree,
    session: WriteSession,
    uploads: PackUploads,
  ): Omit<PointBody, 'issues' | 'segments'> {
    const { recoveryPointId, parentId, retention, facts } = this.#request;
    const { lossCount, ...counts } = pipeline.counts;
    return {
      recoveryPointId,
      ...(parentId === undefined ? {} : { parentId }),
      createdAt: this.#startedAt,
      content: 'items',
      retention,
      facts,
      statistics: {
        ...counts,
        readBytes: session.readBytes,
        storedBytes: uploads.storedBytes,
        newChunkBytes: session.newChunkBytes,
        newChunkCount: session.newChunkCount,
        durationMs: this.#context.vault.clock() - this.#startedAt,
      },
      outcome: lossCount > 0 ? 'partial' : 'complete',
      chunking: this.#context.vault.chunking,
      ...(built.root === undefined ? {} : { root: chunkRefToJson(built.root) }),
      height: built.height,
    };
  }

  /** Own packs got their lock in the PUT; those of others must be kept as long before anything promises them. */
  async #lockPacks(packs: readonly IndexedPack[], uses: readonly PointPackUse[]): Promise<void> {
    const lock = this.#lock;
    if (lock === undefined) return;
    const own = packs.map(({ packId }) => packId);
    await recordNewPackLocks(this.#context.vault, own, lock);
    await extendPackLocks(
      this.#context.vault,
      uses.map(({ packId }) => packId),
      lock,
    );
  }

  async #writePoint(
    body: PointBody,
    uses: readonly PointPackUse[],
    writeKey: { readonly serial: number; readonly key: Uint8Array },
  ): Promise<void> {
    const { vault } = this.#context;
    const { fence } = this.#keeper.lease;
    const { keepUntilAt, lockedUntilAt } = body.retention;
    const header = {
      recoveryPointId: body.recoveryPointId,
      vaultId: vault.vaultId,
      fence,
      dataKeySerial: writeKey.serial,
      createdAt: body.createdAt,
      ...(keepUntilAt === undefined ? {} : { keepUntilAt }),
      ...(lockedUntilAt === undefined ? {} : { lockedUntilAt }),
    };
    const bytes = encodePoint({ header, body, uses }, writeKey.key, vault.random(SALT_BYTES));
    await putObject(vault.store, pointKey(body.recoveryPointId, fence), [bytes], undefined, lockOption(body.retention));
  }

  async #commit(body: PointBody, uses: readonly PointPackUse[]): Promise<void> {
    const { vault } = this.#context;
    await vault.authority.commit(this.#keeper.lease, {
      recoveryPointId: body.recoveryPointId,
      ...(body.parentId === undefined ? {} : { parentId: body.parentId }),
      createdAt: body.createdAt,
      retention: body.retention,
      logicalBytes: body.statistics.logicalBytes,
      itemCount: body.statistics.itemCount,
      uses,
      segments: body.segments,
    });
  }
}

function* entriesOf(chunks: ChunkTable) {
  for (const entry of chunks.sorted()) {
    yield {
      chunkId: chunks.id(entry),
      pack: chunks.pack(entry),
      offset: chunks.offset(entry),
      frameBytes: chunks.frameBytes(entry),
    };
  }
}

/** The part of a body that callers see. */
export function summaryOf(body: PointBody): Omit<SealedRecoveryPoint, 'issues'> {
  const { recoveryPointId, parentId, createdAt, content, retention, statistics, outcome, facts } = body;
  const summary = { recoveryPointId, createdAt, content, retention, statistics, outcome, facts };
  return parentId === undefined ? summary : { ...summary, parentId };
}
