import type { ReadLease, WriteLease } from '../authority/authority.ts';
import { AuthorityError } from '../authority/authority-error.ts';
import { keepPacks } from '../collect/keep-packs.ts';
import { putSegments } from '../collect/put-segment.ts';
import { openReading, type VaultReading } from '../collect/vault-reading.ts';
import { type ChunkRef, chunkRefFromJson, chunkRefToJson } from '../content/chunk-ref.ts';
import type { Extent, StoredContent } from '../content/stored-content.ts';
import { CHUNK_KINDS, type ChunkKind } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { MapBuilder } from '../extent/map-builder.ts';
import { mapExtents } from '../extent/map-reader.ts';
import { cohortUntilAt } from '../point/cohort.ts';
import { encodePoint, type PointBody, type PointHeader, type PointObject, pointKey } from '../point/point-object.ts';
import type { PolicyFacts, RecoveryPointRetention } from '../point/recovery-point.ts';
import { putObject } from '../put-object.ts';
import { readPoint } from '../retention/read-point.ts';
import { lockOption, storeLockOf } from '../retention/store-lock.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { TreeBuilder } from '../tree/tree-builder.ts';
import { TreeReader } from '../tree/tree-reader.ts';
import { checkPackCheaply } from '../verify/check-pack.ts';
import { TargetWriter } from './target-writer.ts';

export interface CopyProgress {
  /** To be kept by the caller and given back as one of `resumeFences` when the copy is begun again. */
  readonly fence: number;
  readonly items: number;
  readonly logicalBytes: number;
  /** Bytes that had to be sent; the rest was there. */
  readonly sentBytes: number;
}

export interface CopyRequest {
  readonly source: VaultParts;
  readonly target: VaultParts;
  readonly recoveryPointId: string;
  /** Identifier in the target; default the same. */
  readonly targetRecoveryPointId?: string;
  readonly retention: RecoveryPointRetention;
  /** What the catalog must know of the copy; default that of the source. */
  readonly facts?: PolicyFacts;
  /** Fences of earlier attempts that died: what they stored is taken over. */
  readonly resumeFences?: readonly number[];
  readonly targetPackBytes?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CopyProgress) => void;
}

export interface CopyOutcome {
  readonly recoveryPointId: string;
  readonly fence: number;
  readonly items: number;
  readonly newChunkBytes: number;
  readonly storedBytes: number;
  readonly adoptedPacks: number;
}

const TARGET_PACK_BYTES = 32 << 20;
const RENEW_EVERY_MS_SHARE = 3;

/**
 * Copies a recovery point into a vault with other keys. Only chunks that the target lacks are read and sent; trees are
 * built anew, since they name packs. Each chunk is verified against its ID when it is read and again, in the pack, before
 * it is stored; each pack is asked for once more in the store before the commit.
 * @throws AuthorityError `not-found` (source), `already-exists` (target); EngineError `damaged` naming the chunk
 */
export async function copyRecoveryPoint(request: CopyRequest): Promise<CopyOutcome> {
  const { source, target, recoveryPointId } = request;
  const targetId = request.targetRecoveryPointId ?? recoveryPointId;
  const from = { vaultId: source.vaultId, recoveryPointId, holder: source.holder, ttlMs: source.leaseMs };
  const to = { vaultId: target.vaultId, recoveryPointId: targetId, holder: target.holder, ttlMs: target.leaseMs };
  const readLease = await source.authority.acquireReadLease(from);
  try {
    const writeLease = await target.authority.acquireWriteLease(to);
    try {
      return await new PointCopy(request, targetId, readLease, writeLease).run();
    } catch (error) {
      // Given up at once, so that the next attempt can take over what was stored; unless the process itself died.
      await target.authority.releaseWriteLease(writeLease);
      throw error;
    }
  } finally {
    await source.authority.releaseReadLease(readLease);
  }
}

class PointCopy {
  readonly #request: CopyRequest;
  readonly #targetId: string;
  #readLease: ReadLease;
  #writeLease: WriteLease;
  #renewAt = 0;
  #items = 0;
  #logicalBytes = 0;
  /** Whether both vaults give the same chunk the same ID, so that nothing need be read to know that it is there. */
  #isSameDomain = false;

  constructor(request: CopyRequest, targetId: string, readLease: ReadLease, writeLease: WriteLease) {
    this.#request = request;
    this.#targetId = targetId;
    this.#readLease = readLease;
    this.#writeLease = writeLease;
  }

  async run(): Promise<CopyOutcome> {
    const { source, target, recoveryPointId, retention, resumeFences = [] } = this.#request;
    const committed = await source.authority.recoveryPoint(source.vaultId, recoveryPointId);
    if (committed === undefined) throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId}`);
    const point = await readPoint(source, recoveryPointId, committed.fence);
    const reading = await openReading(source, new Map(point.uses.map(({ packId, sizeBytes }) => [packId, sizeBytes])));
    const writer = new TargetWriter({
      parts: target,
      reading: await openReading(target),
      lease: () => this.#writeLease,
      cohortUntilAt: cohortUntilAt(target.clock(), retention.keepUntilAt),
      lock: storeLockOf(retention),
      targetPackBytes: this.#request.targetPackBytes ?? TARGET_PACK_BYTES,
    });
    const [ours, theirs] = await Promise.all([source.keys.idDomainKey(), target.keys.idDomainKey()]);
    this.#isSameDomain = Buffer.compare(ours, theirs) === 0;
    let adoptedPacks = 0;
    for (const fence of resumeFences) adoptedPacks += await writer.adopt(fence);
    const trees = await this.#content(point, reading, writer);
    await this.#commit(point, trees, writer);
    return {
      recoveryPointId: this.#targetId,
      fence: this.#writeLease.fence,
      items: this.#items,
      newChunkBytes: writer.newChunkBytes,
      storedBytes: writer.storedBytes,
      adoptedPacks,
    };
  }

  async #content(point: PointObject, reading: VaultReading, writer: TargetWriter) {
    const { body } = point;
    const readNode = (ref: ChunkRef, kind: ChunkKind) => reading.nodes.read(ref, kind);
    const sealNode = async (kind: ChunkKind, bytes: Buffer): Promise<ChunkRef> => {
      const ref = await writer.add('tree', kind, bytes);
      writer.use(ref, 'tree');
      return ref;
    };
    const issues: ChunkRef[] = [];
    for (const page of body.issues) {
      issues.push(await sealNode(CHUNK_KINDS.issues, await readNode(chunkRefFromJson(page), CHUNK_KINDS.issues)));
    }
    const root = body.root === undefined ? undefined : chunkRefFromJson(body.root);
    if (body.content === 'image') {
      const map = root === undefined ? undefined : await this.#map(root, reading, writer, sealNode);
      return { issues, root: map?.root, height: map?.height ?? 0 };
    }
    const builder = new TreeBuilder(sealNode);
    for await (const item of new TreeReader(readNode, root, body.height).items()) {
      await this.#breathe(writer);
      const content = await this.#itemContent(item.content, reading, writer, sealNode);
      await builder.add(item.key, { ...item.record(), ...fingerprintOf(item.fingerprint) }, content);
      this.#items += 1;
      this.#logicalBytes += item.sizeBytes;
    }
    return { issues, ...(await builder.finish()) };
  }

  async #itemContent(
    content: StoredContent,
    reading: VaultReading,
    writer: TargetWriter,
    sealNode: (kind: ChunkKind, bytes: Buffer) => Promise<ChunkRef>,
  ): Promise<StoredContent> {
    if (content.form === 'extents') {
      const extents: Extent[] = [];
      for (const extent of content.extents) extents.push(await this.#extent(extent, reading, writer));
      return { ...content, extents };
    }
    if (content.form !== 'map') return content;
    const { root, height } = await this.#map(content.root, reading, writer, sealNode);
    return { ...content, root, height };
  }

  async #map(
    root: ChunkRef,
    reading: VaultReading,
    writer: TargetWriter,
    sealNode: (kind: ChunkKind, bytes: Buffer) => Promise<ChunkRef>,
  ) {
    const builder = new MapBuilder(sealNode);
    for await (const { at: _at, ...extent } of mapExtents((ref, kind) => reading.nodes.read(ref, kind), root)) {
      await this.#breathe(writer);
      await builder.add(await this.#extent(extent, reading, writer));
    }
    return builder.finish();
  }

  /** The same bytes at the target's place for them. */
  async #extent(extent: Extent, reading: VaultReading, writer: TargetWriter): Promise<Extent> {
    const { chunk } = extent;
    if (chunk === undefined) return extent;
    const known = this.#isSameDomain ? await writer.find(chunk.chunkId, chunk.plainBytes) : undefined;
    const ref =
      known ?? (await writer.add('data', CHUNK_KINDS.data, await reading.nodes.read(chunk, CHUNK_KINDS.data)));
    writer.use(ref, 'data');
    return { ...extent, chunk: ref };
  }

  /** Between two pieces: stops when asked to, keeps both leases, tells how far it is. */
  async #breathe(writer: TargetWriter): Promise<void> {
    const { source, target, signal, onProgress } = this.#request;
    signal?.throwIfAborted();
    const now = target.clock();
    if (now < this.#renewAt) return;
    this.#renewAt = now + Math.min(source.leaseMs, target.leaseMs) / RENEW_EVERY_MS_SHARE;
    this.#readLease = await source.authority.renewReadLease(this.#readLease, source.leaseMs);
    const { fence } = await this.#renewedWriteLease();
    onProgress?.({ fence, items: this.#items, logicalBytes: this.#logicalBytes, sentBytes: writer.newChunkBytes });
  }

  async #commit(
    point: PointObject,
    trees: { readonly issues: readonly ChunkRef[]; readonly root?: ChunkRef | undefined; readonly height: number },
    writer: TargetWriter,
  ): Promise<void> {
    const { target, retention } = this.#request;
    const { packs, uses } = await writer.finish();
    await this.#verify(packs.map(({ facts }) => facts.packId));
    const ownSegments = packs.length === 0 ? [] : await putSegments(target, packs);
    const draft = this.#body(point.body, trees, ownSegments, writer);
    const kept = await keepPacks(target, {
      recoveryPointId: this.#targetId,
      retention,
      content: draft,
      uses,
      ownPacks: packs.map(({ facts }) => facts.packId),
      lease: () => this.#renewedWriteLease(),
    });
    const { serial, key } = await target.keys.writeKey();
    const body = { ...draft, segments: [...ownSegments, ...kept.segments] };
    const header = this.#header(body, serial);
    const bytes = encodePoint({ header, body, uses }, key, target.random(16));
    await putObject(target.store, pointKey(this.#targetId, header.fence), [bytes], undefined, lockOption(retention));
    await target.authority.commit(this.#writeLease, {
      recoveryPointId: this.#targetId,
      createdAt: body.createdAt,
      retention,
      logicalBytes: body.statistics.logicalBytes,
      itemCount: body.statistics.itemCount,
      uses: kept.uses,
      segments: body.segments,
      moves: kept.moves,
    });
  }

  async #renewedWriteLease(): Promise<WriteLease> {
    const { target } = this.#request;
    this.#writeLease = await target.authority.renewWriteLease(this.#writeLease, target.leaseMs);
    return this.#writeLease;
  }

  /** Nothing is committed that the target's store does not hold as it was sent. */
  async #verify(packIds: readonly string[]): Promise<void> {
    const { target, signal } = this.#request;
    for (const pack of await target.authority.packs(target.vaultId, packIds)) {
      const { damage } = await checkPackCheaply(target.store, pack, signal);
      if (damage !== undefined) throw new EngineError('damaged', `pack ${pack.packId} of the copy: ${damage}`);
    }
  }

  #body(
    source: PointBody,
    trees: { readonly issues: readonly ChunkRef[]; readonly root?: ChunkRef | undefined; readonly height: number },
    segments: readonly string[],
    writer: TargetWriter,
  ): PointBody {
    const { root: _root, parentId: _parent, ...kept } = source;
    return {
      ...kept,
      recoveryPointId: this.#targetId,
      retention: this.#request.retention,
      facts: this.#request.facts ?? source.facts,
      ...(trees.root === undefined ? {} : { root: chunkRefToJson(trees.root) }),
      height: trees.height,
      issues: trees.issues.map(chunkRefToJson),
      segments,
      statistics: {
        ...source.statistics,
        storedBytes: writer.storedBytes,
        newChunkBytes: writer.newChunkBytes,
        newChunkCount: writer.newChunkCount,
      },
    };
  }

  #header(body: PointBody, dataKeySerial: number): PointHeader {
    const { keepUntilAt, lockedUntilAt } = body.retention;
    return {
      recoveryPointId: this.#targetId,
      vaultId: this.#request.target.vaultId,
      fence: this.#writeLease.fence,
      dataKeySerial,
      createdAt: body.createdAt,
      ...(keepUntilAt === undefined ? {} : { keepUntilAt }),
      ...(lockedUntilAt === undefined ? {} : { lockedUntilAt }),
    };
  }
}

function fingerprintOf(fingerprint: Uint8Array | undefined): { readonly fingerprint?: Uint8Array } {
  return fingerprint === undefined ? {} : { fingerprint };
}
