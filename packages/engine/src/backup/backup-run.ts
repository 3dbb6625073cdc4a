import type { WriteLease } from '../authority/authority.ts';
import { type KeptPacks, keepPacks } from '../collect/keep-packs.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { type IndexedPack, SEGMENT_ID_BYTES, segmentKey } from '../index/segment-layout.ts';
import { encodeSegment } from '../index/segment-writer.ts';
import { cohortUntilAt } from '../point/cohort.ts';
import { encodePoint, type PointBody, type PointObject, type PointPackUse, pointKey } from '../point/point-object.ts';
import type { RecoveryPointSummary } from '../point/recovery-point.ts';
import { putObject } from '../put-object.ts';
import { openNodes } from '../read/open-nodes.ts';
import type { BackupRequest } from '../repository.ts';
import { lockOption, storeLockOf } from '../retention/store-lock.ts';
import type { NodeSealer } from '../tree/tree-builder.ts';
import type { NodeReader } from '../tree/tree-reader.ts';
import type { Vault } from '../vault.ts';
import type { PayloadWorkers } from '../worker/payload-workers.ts';
import type { ChunkTable } from './chunk-table.ts';
import { KnownChunks } from './known-chunks.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { PackUploads } from './pack-uploads.ts';
import { PackUses } from './pack-uses.ts';
import { WriteSession } from './write-session.ts';
import { writeSizes } from './write-sizes.ts';

const SALT_BYTES = 16;

export interface BackupContext {
  readonly vault: Vault;
  readonly workers: PayloadWorkers;
  readonly memoryBytes: number;
  readonly compressionLevel: number;
}

/** The parent, which the caller holds by a read lease. */
export interface Parent {
  readonly point: PointObject;
  readonly readNode: NodeReader;
}

interface WriteKey {
  readonly serial: number;
  readonly key: Uint8Array;
}

/** What the content of a backup adds to its recovery point. */
export type SealedContent = Omit<
  PointBody,
  'recoveryPointId' | 'parentId' | 'createdAt' | 'retention' | 'facts' | 'segments' | 'statistics'
> & {
  readonly counts: Omit<
    PointBody['statistics'],
    'readBytes' | 'storedBytes' | 'newChunkBytes' | 'newChunkCount' | 'durationMs'
  >;
};

/**
 * One backup under a write lease, whatever its content: opens the session, and seals in the order of
 * docs/format/order.md. Dispose of it in any case.
 */
export class BackupRun implements Disposable {
  readonly request: BackupRequest;
  readonly parent: Parent | undefined;
  readonly session: WriteSession;
  readonly known: KnownChunks;
  readonly uses = new PackUses();
  readonly vault: Vault;
  readonly #uploads: PackUploads;
  readonly #keeper: LeaseKeeper;
  readonly #writeKey: WriteKey;
  readonly #startedAt: number;

  private constructor(
    vault: Vault,
    request: BackupRequest,
    parent: Parent | undefined,
    parts: {
      readonly session: WriteSession;
      readonly known: KnownChunks;
      readonly uploads: PackUploads;
      readonly keeper: LeaseKeeper;
      readonly writeKey: WriteKey;
      readonly startedAt: number;
    },
  ) {
    this.vault = vault;
    this.request = request;
    this.parent = parent;
    this.session = parts.session;
    this.known = parts.known;
    this.#uploads = parts.uploads;
    this.#keeper = parts.keeper;
    this.#writeKey = parts.writeKey;
    this.#startedAt = parts.startedAt;
  }

  static async open(
    context: BackupContext,
    request: BackupRequest,
    lease: WriteLease,
    parentPoint: PointObject | undefined,
  ): Promise<BackupRun> {
    const { vault, workers, memoryBytes, compressionLevel } = context;
    const startedAt = vault.clock();
    let session: WriteSession | undefined;
    const keeper = new LeaseKeeper(vault.authority, lease, vault.leaseMs, (error) => session?.fail(error));
    try {
      await vault.index.refresh();
      const parent = parentPoint === undefined ? undefined : await openParent(vault, parentPoint);
      const cohort = cohortUntilAt(startedAt, request.retention.keepUntilAt) ?? 0;
      const writeKey = await vault.keys.writeKey();
      const currentLease = () => keeper.lease;
      const uploads = new PackUploads({
        store: vault.store,
        authority: vault.authority,
        lease: currentLease,
        cohortUntilAt: cohort,
        retention: storeLockOf(request.retention),
      });
      const known = new KnownChunks(vault.index, vault.authority, currentLease);
      session = await WriteSession.open({
        workers,
        uploads,
        known,
        idHasher: vault.idHasher,
        random: vault.random,
        open: {
          ...vault.idKeys,
          // The index of a large vault takes memory from the packs.
          ...writeSizes(memoryBytes - vault.index.sizeBytes, workers.threads),
          dataKey: writeKey.key,
          dataKeySerial: writeKey.serial,
          fence: lease.fence,
          cohortUntilAt: cohort,
          chunking: vault.chunking,
          compressionLevel,
        },
      });
      return new BackupRun(vault, request, parent, { session, known, uploads, keeper, writeKey, startedAt });
    } catch (error) {
      keeper.stop();
      throw error;
    }
  }

  get storedBytes(): number {
    return this.#uploads.storedBytes;
  }

  /** Stores a node and counts it as needed. */
  readonly sealCounted: NodeSealer = async (kind, bytes) => {
    const ref = await this.session.sealNode(kind, bytes);
    this.uses.add(ref, 'tree');
    return ref;
  };

  /** Steps 2 to 5 of the order of writes: the last packs, the index segment, locks, the object, the commit. */
  async seal({ counts, ...content }: SealedContent): Promise<RecoveryPointSummary> {
    const { session, request, vault } = this;
    const { packs, chunks } = await session.finish();
    const ownSegments = await this.#writeSegment(packs, chunks);
    const uses = this.uses.list(this.#sizeOf(packs));
    const { recoveryPointId, parentId, retention, facts } = request;
    const kept = await keepPacks(vault, {
      recoveryPointId,
      retention,
      content,
      uses,
      ownPacks: packs.map(({ packId }) => packId),
      lease: async () => this.#keeper.lease,
    });
    const body: PointBody = {
      recoveryPointId,
      ...(parentId === undefined ? {} : { parentId }),
      createdAt: this.#startedAt,
      retention,
      facts,
      ...content,
      segments: [...ownSegments, ...kept.segments],
      statistics: {
        ...counts,
        readBytes: session.readBytes,
        storedBytes: this.storedBytes,
        newChunkBytes: session.newChunkBytes,
        newChunkCount: session.newChunkCount,
        durationMs: vault.clock() - this.#startedAt,
      },
    };
    await this.#writePoint(body, uses);
    await this.#commit(body, kept);
    return summaryOf(body);
  }

  #sizeOf(packs: readonly IndexedPack[]): (packId: string) => number {
    const own = new Map(packs.map(({ packId, sizeBytes }) => [packId, sizeBytes]));
    const parents = new Map(this.parent?.point.uses.map(({ packId, sizeBytes }) => [packId, sizeBytes]) ?? []);
    return (packId) => own.get(packId) ?? parents.get(packId) ?? this.known.sizes.get(packId) ?? 0;
  }

  async #writeSegment(packs: readonly IndexedPack[], chunks: ChunkTable): Promise<readonly string[]> {
    if (chunks.size === 0) return [];
    const segmentId = this.vault.random(SEGMENT_ID_BYTES);
    const { serial, key } = this.#writeKey;
    const keys = { segmentId, dataKeySerial: serial, indexKey: derivedKeys.index(key, segmentId) };
    const parts = encodeSegment(keys, packs, entriesOf(chunks), chunks.size);
    const name = Buffer.from(segmentId).toString('hex');
    await putObject(this.vault.store, segmentKey(name), parts);
    return [name];
  }

  async #writePoint(body: PointBody, uses: readonly PointPackUse[]): Promise<void> {
    const { fence } = this.#keeper.lease;
    const { keepUntilAt, lockedUntilAt } = body.retention;
    const header = {
      recoveryPointId: body.recoveryPointId,
      vaultId: this.vault.vaultId,
      fence,
      dataKeySerial: this.#writeKey.serial,
      createdAt: body.createdAt,
      ...(keepUntilAt === undefined ? {} : { keepUntilAt }),
      ...(lockedUntilAt === undefined ? {} : { lockedUntilAt }),
    };
    const bytes = encodePoint({ header, body, uses }, this.#writeKey.key, this.vault.random(SALT_BYTES));
    const name = pointKey(body.recoveryPointId, fence);
    await putObject(this.vault.store, name, [bytes], undefined, lockOption(body.retention));
  }

  async #commit(body: PointBody, { uses, moves }: KeptPacks): Promise<void> {
    await this.vault.authority.commit(this.#keeper.lease, {
      recoveryPointId: body.recoveryPointId,
      ...(body.parentId === undefined ? {} : { parentId: body.parentId }),
      createdAt: body.createdAt,
      retention: body.retention,
      logicalBytes: body.statistics.logicalBytes,
      itemCount: body.statistics.itemCount,
      uses,
      segments: body.segments,
      moves,
    });
  }

  [Symbol.dispose](): void {
    this.#keeper.stop();
    this.session.close();
  }
}

async function openParent(vault: Vault, point: PointObject): Promise<Parent> {
  const nodes = await openNodes(vault, point);
  return { point, readNode: (ref, kind) => nodes.read(ref, kind) };
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
export function summaryOf(body: PointBody): RecoveryPointSummary {
  const { recoveryPointId, parentId, createdAt, content, retention, statistics, outcome, facts } = body;
  const summary = { recoveryPointId, createdAt, content, retention, statistics, outcome, facts };
  return parentId === undefined ? summary : { ...summary, parentId };
}
