import type { PackId, WriteLease } from '../authority/authority.ts';
import type { PackToIndex } from '../collect/put-segment.ts';
import type { VaultReading } from '../collect/vault-reading.ts';
import type { ChunkRef } from '../content/chunk-ref.ts';
import { CHUNK_ID_BYTES, type ChunkKind } from '../crypt/chunk-id.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { PackBuilder } from '../pack/pack-builder.ts';
import { makePackId, packIdText, packKey } from '../pack/pack-id.ts';
import type { PackKind, TrailerEntry } from '../pack/pack-layout.ts';
import type { PointPackUse } from '../point/point-object.ts';
import { putObject } from '../put-object.ts';
import { readTrailer } from '../recover/read-trailer.ts';
import { recordNewPackLocks } from '../retention/pack-locks.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { crc32Checksum } from '../store/checksum.ts';
import type { StoreRetention } from '../store/store.ts';

const LARGEST_CHUNK_BYTES = 16 << 20;
const COMPRESSION_LEVEL = 1;

export interface TargetWriterOptions {
  readonly parts: VaultParts;
  readonly reading: VaultReading;
  readonly lease: () => WriteLease;
  readonly cohortUntilAt: number | undefined;
  readonly lock: StoreRetention | undefined;
  readonly targetPackBytes: number;
}

interface OpenPack {
  readonly builder: PackBuilder;
  readonly entries: TrailerEntry[];
}

/**
 * Puts chunks into a vault one at a time: what the vault holds is pinned and referred to, the rest is sealed under the
 * vault's own keys. One buffer per kind of pack, whatever the size of the copy.
 */
export class TargetWriter {
  readonly #options: TargetWriterOptions;
  readonly #buffers = new Map<PackKind, Buffer>();
  readonly #open = new Map<PackKind, OpenPack>();
  readonly #stored: PackToIndex[] = [];
  readonly #uses = new Map<PackId, PointPackUse>();
  readonly #refs = new Map<string, ChunkRef>();
  readonly #pinned = new Map<PackId, boolean>();
  readonly #sizes = new Map<PackId, number>();
  storedBytes = 0;
  newChunkBytes = 0;
  newChunkCount = 0;

  constructor(options: TargetWriterOptions) {
    this.#options = options;
  }

  /** Takes over what an earlier attempt stored before it died, so that nothing is sent twice. */
  async adopt(deadFence: number): Promise<number> {
    const { parts, reading, lease } = this.#options;
    const packs = await parts.authority.collection.adoptPacks(lease(), deadFence);
    for (const { packId, sizeBytes } of packs) {
      const pack = await readTrailer(parts.store, reading.packKeys, packId, sizeBytes);
      this.#stored.push(pack);
      this.#sizes.set(packId, sizeBytes);
      for (const entry of pack.entries) this.#refs.set(nameOf(entry.chunkId), refOf(packId, entry));
    }
    return packs.length;
  }

  /** The place of a chunk that the vault holds, pinned until the commit; undefined when it must be sent. */
  async find(chunkId: Buffer, plainBytes: number): Promise<ChunkRef | undefined> {
    const known = this.#refs.get(nameOf(chunkId));
    if (known !== undefined) return known;
    const short = chunkId.subarray(0, CHUNK_ID_BYTES);
    for (const { pack, offset, frameBytes } of await this.#options.reading.index.find(short)) {
      if (!(await this.#pin(pack.packId))) continue;
      this.#sizes.set(pack.packId, pack.sizeBytes);
      const ref = { chunkId: short, packId: pack.packId, offset, frameBytes, plainBytes };
      this.#refs.set(nameOf(chunkId), ref);
      return ref;
    }
    return undefined;
  }

  async #pin(packId: PackId): Promise<boolean> {
    const known = this.#pinned.get(packId);
    if (known !== undefined) return known;
    const { parts, lease } = this.#options;
    const isPinned = (await parts.authority.pinPacks(lease(), [packId])).length > 0;
    this.#pinned.set(packId, isPinned);
    return isPinned;
  }

  /** Seals a chunk that the vault does not hold. */
  async add(packKind: PackKind, kind: ChunkKind, plain: Uint8Array): Promise<ChunkRef> {
    const chunkId = this.#options.reading.idHasher.full(kind, plain);
    const known = await this.find(chunkId, plain.length);
    if (known !== undefined) return known;
    const pack = await this.#openPack(packKind);
    const place = pack.builder.add(chunkId, kind, plain, COMPRESSION_LEVEL);
    const entry = { chunkId, kind, plainBytes: plain.length, ...place };
    pack.entries.push(entry);
    this.newChunkBytes += plain.length;
    this.newChunkCount += 1;
    const ref = refOf(packIdText(pack.builder.header.packId), entry);
    this.#refs.set(nameOf(chunkId), ref);
    if (pack.builder.isFull) await this.#close(packKind);
    return ref;
  }

  /** Counts what the recovery point needs. */
  use(ref: ChunkRef, kind: PackKind): void {
    const use = this.#uses.get(ref.packId) ?? { packId: ref.packId, kind, usedBytes: 0, sizeBytes: 0 };
    this.#uses.set(ref.packId, { ...use, usedBytes: use.usedBytes + ref.frameBytes });
  }

  async #openPack(kind: PackKind): Promise<OpenPack> {
    const open = this.#open.get(kind);
    if (open !== undefined) return open;
    const { parts, lease, targetPackBytes, cohortUntilAt = 0 } = this.#options;
    const { serial, key } = await parts.keys.writeKey();
    const packId = makePackId(lease().fence, serial, parts.random(8));
    const buffer =
      this.#buffers.get(kind) ?? Buffer.alloc(PackBuilder.bufferBytes(targetPackBytes, LARGEST_CHUNK_BYTES));
    this.#buffers.set(kind, buffer);
    const header = { packId, kind, cohortUntilAt };
    const pack = {
      builder: new PackBuilder(buffer, header, derivedKeys.pack(key, packId), targetPackBytes),
      entries: [],
    };
    this.#open.set(kind, pack);
    return pack;
  }

  async #close(kind: PackKind): Promise<void> {
    const open = this.#open.get(kind);
    const buffer = this.#buffers.get(kind);
    if (open === undefined || buffer === undefined) return;
    const { parts, lease, lock } = this.#options;
    const { sizeBytes, merkleRoot, crc32 } = open.builder.seal();
    const packId = packIdText(open.builder.header.packId);
    const end = open.builder.header.cohortUntilAt;
    const facts = {
      packId,
      kind,
      sizeBytes,
      ...(end === 0 ? {} : { cohortUntilAt: end }),
      merkleRoot: merkleRoot.toString('hex'),
      crc32,
    };
    const put = lock === undefined ? {} : { retention: lock };
    await putObject(parts.store, packKey(packId), [buffer.subarray(0, sizeBytes)], crc32Checksum(crc32), put);
    await parts.authority.recordPacks(lease(), [facts]);
    await recordNewPackLocks(parts, [packId], lock);
    this.#stored.push({ facts, entries: open.entries });
    this.#sizes.set(packId, sizeBytes);
    this.#open.delete(kind);
    this.storedBytes += sizeBytes;
  }

  /** Stores what is open. @returns all packs that the copy wrote, and what the recovery point needs in order of pack ID */
  async finish(): Promise<{ readonly packs: readonly PackToIndex[]; readonly uses: readonly PointPackUse[] }> {
    for (const kind of ['data', 'tree'] as const) await this.#close(kind);
    const uses = [...this.#uses.values()].map((use) => {
      const sizeBytes = this.#sizes.get(use.packId) ?? 0;
      return { ...use, sizeBytes, usedBytes: Math.min(use.usedBytes, sizeBytes) };
    });
    return { packs: this.#stored, uses: uses.sort((a, b) => (a.packId < b.packId ? -1 : 1)) };
  }
}

function nameOf(chunkId: Uint8Array): string {
  return Buffer.from(chunkId.buffer, chunkId.byteOffset, CHUNK_ID_BYTES).toString('latin1');
}

function refOf(packId: PackId, entry: TrailerEntry): ChunkRef {
  const { offset, frameBytes, plainBytes } = entry;
  return { chunkId: Buffer.from(entry.chunkId.subarray(0, CHUNK_ID_BYTES)), packId, offset, frameBytes, plainBytes };
}
