/**
 * A small vault in memory with a slow and obvious writer: one chunk per file, tiny packs. What collection, verification,
 * copies and recovery do to it is checked by reading every file back through the trees.
 */
import type { Authority, PackId, ReadLease, WriteLease } from '../authority/authority.ts';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { DEFAULT_CHUNKING } from '../chunk/chunk-parameters.ts';
import { type KeptPacks, keepPacks } from '../collect/keep-packs.ts';
import { type PackToIndex, putSegments } from '../collect/put-segment.ts';
import { openReading, type VaultReading } from '../collect/vault-reading.ts';
import { type ChunkRef, chunkRefFromJson, chunkRefToJson } from '../content/chunk-ref.ts';
import { sortKeyOf } from '../content/sort-key.ts';
import { blake3Of, CHUNK_ID_BYTES, CHUNK_KINDS, type ChunkKind } from '../crypt/chunk-id.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import type { KeyProvider } from '../keys/key-provider.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { PackBuilder } from '../pack/pack-builder.ts';
import { makePackId, packIdText, packKey } from '../pack/pack-id.ts';
import type { PackKind, TrailerEntry } from '../pack/pack-layout.ts';
import { cohortUntilAt } from '../point/cohort.ts';
import { encodePoint, type PointBody, pointKey } from '../point/point-object.ts';
import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import { readPoint } from '../retention/read-point.ts';
import { lockOption } from '../retention/store-lock.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { checksumOf, crc32Checksum } from '../store/checksum.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { StoredItem } from '../tree/leaf-decoder.ts';
import { type BuiltTree, TreeBuilder } from '../tree/tree-builder.ts';
import { TreeReader } from '../tree/tree-reader.ts';
import { MemoryKeyProvider } from './memory-key-provider.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

export interface SampleBackup {
  readonly retention?: RecoveryPointRetention;
  readonly parentId?: string;
  /** Ask the index for known chunks; default true. */
  readonly deduplicate?: boolean;
}

/** A clock that tests move. */
export class TestClock {
  #time: number;

  constructor(startAt = Date.parse('2026-01-01')) {
    this.#time = startAt;
  }

  readonly now = (): number => this.#time;

  advance(ms: number): void {
    this.#time += ms;
  }
}

/** Numbered bytes instead of random ones: never the same twice, the same in every run. */
export function countingRandom(seed = 1): (count: number) => Uint8Array {
  let counter = 0;
  return (count) => {
    counter += 1;
    const bytes = Buffer.alloc(Math.max(count, 8));
    bytes.writeUInt32BE(seed, 0);
    bytes.writeUInt32BE(counter, 4);
    return Uint8Array.from(blake3Of(bytes).subarray(0, count));
  };
}

export interface SampleVaultOptions {
  readonly vaultId?: string;
  readonly clock?: TestClock;
  readonly store?: Store;
  readonly authority?: Authority;
  readonly keyProvider?: KeyProvider;
  readonly idDomainKey?: Uint8Array;
  readonly targetPackBytes?: number;
  readonly seed?: number;
}

export class SampleVault implements VaultParts {
  readonly vaultId: string;
  readonly store: Store;
  readonly authority: Authority;
  readonly keys: KeyRing;
  readonly clock: () => number;
  readonly random: (count: number) => Uint8Array;
  readonly holder = 'sample';
  readonly leaseMs = 60_000;
  readonly targetPackBytes: number;

  private constructor(parts: Omit<VaultParts, 'holder' | 'leaseMs'>, targetPackBytes: number) {
    this.vaultId = parts.vaultId;
    this.store = parts.store;
    this.authority = parts.authority;
    this.keys = parts.keys;
    this.clock = parts.clock;
    this.random = parts.random;
    this.targetPackBytes = targetPackBytes;
  }

  static async create(options: SampleVaultOptions = {}): Promise<SampleVault> {
    return SampleVault.#make(options, (ring) => KeyRing.create(ring, options.idDomainKey ?? Buffer.alloc(32, 5)));
  }

  /** Opens the vault of an earlier instance again, as a new process would. */
  static async open(options: SampleVaultOptions): Promise<SampleVault> {
    return SampleVault.#make(options, (ring) => KeyRing.open(ring));
  }

  static async #make(
    options: SampleVaultOptions,
    ringOf: (ring: Parameters<typeof KeyRing.open>[0]) => Promise<KeyRing>,
  ): Promise<SampleVault> {
    const clock = (options.clock ?? new TestClock()).now;
    const random = countingRandom(options.seed);
    const vaultId = options.vaultId ?? 'ab'.repeat(16);
    const store = options.store ?? new MemoryStore({ now: clock });
    const authority = options.authority ?? new SqliteAuthority({ path: ':memory:', clock });
    const keyProvider = options.keyProvider ?? new MemoryKeyProvider();
    const keys = await ringOf({ store, keyProvider, vaultId, clock, random });
    return new SampleVault({ vaultId, store, authority, keys, clock, random }, options.targetPackBytes ?? 4096);
  }

  /** Writes and commits a recovery point with these files. */
  async backup(recoveryPointId: string, files: Files, options: SampleBackup = {}): Promise<void> {
    const lease = await this.lease(recoveryPointId);
    await this.commit(lease, await this.write(lease, files, options), options);
  }

  lease(recoveryPointId: string): Promise<WriteLease> {
    const { vaultId, holder, leaseMs: ttlMs } = this;
    return this.authority.acquireWriteLease({ vaultId, recoveryPointId, holder, ttlMs });
  }

  /** Everything of a backup but the commit. */
  async write(lease: WriteLease, files: Files, options: SampleBackup = {}): Promise<WrittenBackup> {
    const writer = new SampleWriter(this, lease, await openReading(this), options);
    return writer.write(files);
  }

  async commit(lease: WriteLease, written: WrittenBackup, options: SampleBackup = {}): Promise<void> {
    await this.authority.commit(lease, {
      recoveryPointId: lease.recoveryPointId,
      ...(options.parentId === undefined ? {} : { parentId: options.parentId }),
      createdAt: this.clock(),
      retention: options.retention ?? {},
      logicalBytes: 0,
      itemCount: 0,
      uses: written.uses,
      segments: written.segments,
      moves: written.moves,
    });
    if (written.parentLease !== undefined) await this.authority.releaseReadLease(written.parentLease);
  }

  /** Reads every file of a recovery point back, as a restore would. */
  async restore(recoveryPointId: string): Promise<Map<string, Buffer>> {
    const { reading, tree } = await this.open(recoveryPointId);
    const files = new Map<string, Buffer>();
    for await (const item of tree.items()) files.set(nameOf(item), await contentOf(reading, item));
    return files;
  }

  async restoreItem(recoveryPointId: string, path: string): Promise<Buffer | undefined> {
    const { reading, tree } = await this.open(recoveryPointId);
    const item = await tree.find(keyOf(path));
    return item === undefined ? undefined : contentOf(reading, item);
  }

  async open(recoveryPointId: string): Promise<{ readonly reading: VaultReading; readonly tree: TreeReader }> {
    const committed = await this.authority.recoveryPoint(this.vaultId, recoveryPointId);
    if (committed === undefined) throw new Error(`${recoveryPointId} is not committed`);
    const { body } = await readPoint(this, recoveryPointId, committed.fence);
    const reading = await openReading(this);
    const root = body.root === undefined ? undefined : chunkRefFromJson(body.root);
    return { reading, tree: new TreeReader((ref, kind) => reading.nodes.read(ref, kind), root, body.height) };
  }

  async recoveryPointIds(): Promise<readonly string[]> {
    const points = await this.authority.recoveryPoints(this.vaultId, undefined, 10_000);
    return points.map(({ recoveryPointId }) => recoveryPointId);
  }
}

export interface WrittenBackup extends KeptPacks {
  readonly parentLease?: ReadLease;
}

/** Fills tiny packs; where a chunk lies is known at once. */
class PackSink {
  readonly finished: (PackToIndex & { readonly body: Uint8Array })[] = [];
  readonly #start: () => { readonly builder: PackBuilder; readonly buffer: Buffer };
  #open: { readonly builder: PackBuilder; readonly buffer: Buffer; readonly entries: TrailerEntry[] } | undefined;

  constructor(start: () => { readonly builder: PackBuilder; readonly buffer: Buffer }) {
    this.#start = start;
  }

  add(chunkId: Buffer, kind: ChunkKind, plain: Uint8Array): ChunkRef {
    this.#open ??= { ...this.#start(), entries: [] };
    const { builder, entries } = this.#open;
    const place = builder.add(chunkId, kind, plain, 1);
    entries.push({ chunkId, kind, plainBytes: plain.length, ...place });
    const packId = packIdText(builder.header.packId);
    if (builder.isFull) this.close();
    return { chunkId: chunkId.subarray(0, CHUNK_ID_BYTES), packId, plainBytes: plain.length, ...place };
  }

  close(): void {
    if (this.#open === undefined) return;
    const { builder, buffer, entries } = this.#open;
    const { sizeBytes, merkleRoot, crc32 } = builder.seal();
    const { packId, kind, cohortUntilAt: end } = builder.header;
    const facts = {
      packId: packIdText(packId),
      kind,
      sizeBytes,
      ...(end === 0 ? {} : { cohortUntilAt: end }),
      merkleRoot: merkleRoot.toString('hex'),
      crc32,
    };
    this.finished.push({ facts, entries, body: buffer.subarray(0, sizeBytes) });
    this.#open = undefined;
  }
}

class SampleWriter {
  readonly #vault: SampleVault;
  readonly #lease: WriteLease;
  readonly #reading: VaultReading;
  readonly #options: SampleBackup;
  readonly #uses = new Map<PackId, { kind: PackKind; usedBytes: number }>();
  readonly #safe = new Set<PackId>();
  readonly #new = new Map<string, ChunkRef>();
  #parentLease: ReadLease | undefined;

  constructor(vault: SampleVault, lease: WriteLease, reading: VaultReading, options: SampleBackup) {
    this.#vault = vault;
    this.#lease = lease;
    this.#reading = reading;
    this.#options = options;
  }

  async write(files: Files): Promise<WrittenBackup> {
    const { authority, keys, store, vaultId, holder } = this.#vault;
    const { parentId, retention = {} } = this.#options;
    if (parentId !== undefined) {
      const request = { vaultId, recoveryPointId: parentId, holder, ttlMs: 60_000 };
      this.#parentLease = await authority.acquireReadLease(request);
    }
    const parent = parentId === undefined ? undefined : (await this.#vault.open(parentId)).tree;
    const dataKey = await keys.writeKey();
    const data = this.#sink('data', dataKey);
    const trees = this.#sink('tree', dataKey);
    const builder = new TreeBuilder((kind, bytes) => this.#chunk(trees, 'tree', kind, bytes));
    for (const [path, bytes] of [...files].sort(([a], [b]) => Buffer.compare(keyOf(a), keyOf(b)))) {
      const extents =
        bytes.length === 0
          ? []
          : [
              {
                length: bytes.length,
                chunk:
                  (await this.#reuse(await parent?.find(keyOf(path)), bytes)) ??
                  (await this.#chunk(data, 'data', CHUNK_KINDS.data, bytes)),
                chunkOffset: 0,
              },
            ];
      const item = { path: Buffer.from(path), type: 'file' as const, sizeBytes: bytes.length, metadata: {} };
      const checksum = { algorithm: 1 as const, value: blake3Of(bytes) };
      await builder.add(keyOf(path), item, { form: 'extents', checksum, extents });
    }
    const tree = await builder.finish();
    data.close();
    trees.close();
    const packs = [...data.finished, ...trees.finished];
    for (const { facts, body } of packs) {
      const lock = lockOption(retention);
      await store.put(packKey(facts.packId), [body], { checksum: crc32Checksum(facts.crc32), ...lock });
      await authority.recordPacks(this.#lease, [facts]);
    }
    return this.#seal(packs, tree, dataKey);
  }

  #sink(kind: PackKind, dataKey: { readonly serial: number; readonly key: Uint8Array }): PackSink {
    const { random, clock, targetPackBytes } = this.#vault;
    const end = cohortUntilAt(clock(), this.#options.retention?.keepUntilAt) ?? 0;
    return new PackSink(() => {
      const packId = makePackId(this.#lease.fence, dataKey.serial, random(8));
      const buffer = Buffer.alloc(PackBuilder.bufferBytes(targetPackBytes, 262_144));
      const packKeyBytes = derivedKeys.pack(dataKey.key, packId);
      return {
        buffer,
        builder: new PackBuilder(buffer, { packId, kind, cohortUntilAt: end }, packKeyBytes, targetPackBytes),
      };
    });
  }

  async #chunk(sink: PackSink, packKind: PackKind, kind: ChunkKind, plain: Uint8Array): Promise<ChunkRef> {
    const chunkId = this.#reading.idHasher.full(kind, plain);
    const name = chunkId.subarray(0, CHUNK_ID_BYTES).toString('latin1');
    const ref = this.#new.get(name) ?? (await this.#known(chunkId, plain)) ?? sink.add(chunkId, kind, plain);
    return this.#count(ref, packKind);
  }

  /** What the parent holds is taken from where the parent's tree says, as a backup by fingerprints does. */
  async #reuse(item: StoredItem | undefined, bytes: Uint8Array): Promise<ChunkRef | undefined> {
    if (item?.content.form !== 'extents') return undefined;
    const [extent] = item.content.extents;
    const isSame = Buffer.compare(item.content.checksum.value, blake3Of(bytes)) === 0;
    return isSame && extent?.chunk !== undefined ? this.#count(extent.chunk, 'data') : undefined;
  }

  #count(ref: ChunkRef, kind: PackKind): ChunkRef {
    const name = ref.chunkId.toString('latin1');
    if (this.#new.has(name)) return ref;
    this.#new.set(name, ref);
    const use = this.#uses.get(ref.packId) ?? { kind, usedBytes: 0 };
    this.#uses.set(ref.packId, { ...use, usedBytes: use.usedBytes + ref.frameBytes });
    return ref;
  }

  async #known(chunkId: Buffer, plain: Uint8Array): Promise<ChunkRef | undefined> {
    if (this.#options.deduplicate === false) return undefined;
    const short = chunkId.subarray(0, CHUNK_ID_BYTES);
    for (const { pack, offset, frameBytes } of await this.#reading.index.find(short)) {
      const { packId } = pack;
      if (!this.#safe.has(packId)) {
        for (const pinned of await this.#vault.authority.pinPacks(this.#lease, [packId])) this.#safe.add(pinned);
      }
      if (this.#safe.has(packId)) return { chunkId: short, packId, offset, frameBytes, plainBytes: plain.length };
    }
    return undefined;
  }

  async #seal(
    packs: readonly PackToIndex[],
    tree: BuiltTree,
    dataKey: { readonly serial: number; readonly key: Uint8Array },
  ): Promise<WrittenBackup> {
    const { vaultId, store, random, clock, authority } = this.#vault;
    const { recoveryPointId, fence } = this.#lease;
    const { retention = {}, parentId } = this.#options;
    const ownSegments = packs.length === 0 ? [] : await putSegments(this.#vault, packs);
    const sizes = new Map(packs.map(({ facts }) => [facts.packId, facts.sizeBytes]));
    for (const pack of await authority.packs(vaultId, [...this.#uses.keys()])) sizes.set(pack.packId, pack.sizeBytes);
    const uses = [...this.#uses]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([packId, use]) => ({ packId, ...use, sizeBytes: sizes.get(packId) ?? 0 }));
    const content = {
      content: 'items' as const,
      ...(tree.root === undefined ? {} : { root: chunkRefToJson(tree.root) }),
      height: tree.height,
      issues: [],
    };
    const ownPacks = packs.map(({ facts }) => facts.packId);
    const lease = async (): Promise<WriteLease> => this.#lease;
    const kept = await keepPacks(this.#vault, { recoveryPointId, retention, content, uses, ownPacks, lease });
    const segments = [...ownSegments, ...kept.segments];
    const common = { recoveryPointId, createdAt: clock(), ...(parentId === undefined ? {} : { parentId }) };
    const { keepUntilAt, lockedUntilAt } = retention;
    const header = {
      recoveryPointId,
      vaultId,
      fence,
      dataKeySerial: dataKey.serial,
      createdAt: clock(),
      ...(keepUntilAt === undefined ? {} : { keepUntilAt }),
      ...(lockedUntilAt === undefined ? {} : { lockedUntilAt }),
    };
    const body: PointBody = {
      ...common,
      retention,
      facts: { sample: recoveryPointId },
      ...content,
      chunking: DEFAULT_CHUNKING,
      segments,
      statistics: NO_STATISTICS,
      outcome: 'complete',
    };
    const object = encodePoint({ header, body, uses }, dataKey.key, random(16));
    await store.put(pointKey(recoveryPointId, fence), [object], {
      checksum: checksumOf([object]),
      ...lockOption(retention),
    });
    return { ...kept, segments, ...(this.#parentLease === undefined ? {} : { parentLease: this.#parentLease }) };
  }
}

const NO_STATISTICS = {
  itemCount: 0,
  logicalBytes: 0,
  readBytes: 0,
  storedBytes: 0,
  newChunkBytes: 0,
  newChunkCount: 0,
  reusedItemCount: 0,
  reusedBytes: 0,
  issueCount: 0,
  missingCount: 0,
  durationMs: 0,
};

function nameOf(item: StoredItem): string {
  return item.key.toString('utf8').replaceAll('\0', '/');
}

async function contentOf(reading: VaultReading, { content }: StoredItem): Promise<Buffer> {
  if (content.form !== 'extents') return Buffer.alloc(0);
  const parts: Buffer[] = [];
  for (const { chunk } of content.extents) {
    if (chunk !== undefined) parts.push(await reading.nodes.read(chunk, CHUNK_KINDS.data));
  }
  return Buffer.concat(parts);
}

function keyOf(path: string): Buffer {
  return sortKeyOf(Buffer.from(path));
}
