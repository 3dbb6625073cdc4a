import type { PackId, PackUse, WriteLease } from '../authority/authority.ts';
import type { PackMove } from '../authority/collection-authority.ts';
import { CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { packKey } from '../pack/pack-id.ts';
import { putObject } from '../put-object.ts';
import { recordNewPackLocks } from '../retention/pack-locks.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { crc32Checksum } from '../store/checksum.ts';
import type { StoreRetention, StoreTier } from '../store/store.ts';
import type { FinishedPack } from './moved-pack.ts';
import { PackFiller, type PackTarget, type PlainChunk } from './pack-filler.ts';
import { readFrames } from './read-frames.ts';
import type { VaultReading } from './vault-reading.ts';
import type { NeededChunk } from './walk-point.ts';

/**
 * Gives the plain bytes of chunks that do not verify here, from a copy elsewhere, by chunk ID in hexadecimal; what it
 * lacks is absent.
 */
export type HealSource = (lost: readonly NeededChunk[]) => Promise<ReadonlyMap<string, Uint8Array>>;

export interface FrameCopy {
  /** Which frames of which packs; all of one kind. */
  readonly frames: ReadonlyMap<PackId, readonly NeededChunk[]>;
  readonly target: PackTarget & { readonly tier: StoreTier };
  /** Only these recovery points change over; absent: all. */
  readonly points?: readonly string[];
  /** Of the new packs, from their PUT on. */
  readonly lock: StoreRetention | undefined;
  /** The writer's lease, renewed if need be; asked for before each step. */
  readonly lease: () => Promise<WriteLease>;
  readonly heal?: HealSource;
  readonly signal?: AbortSignal;
}

export interface CopiedFrames {
  readonly packs: readonly FinishedPack[];
  /** One per source whose frames are all copied. */
  readonly moves: readonly PackMove[];
  /** Sources in which a frame does not verify and cannot be had from elsewhere. */
  readonly damaged: readonly { readonly packId: PackId; readonly chunks: readonly NeededChunk[] }[];
}

/**
 * Copies frames as ciphertext into new packs, each verified on the way, and stores and journals these. Nothing refers to
 * them yet: index segment, record of moves and commit are the caller's, in the order of docs/format/order.md.
 */
export async function copyFrames(parts: VaultParts, reading: VaultReading, copy: FrameCopy): Promise<CopiedFrames> {
  const { fence } = await copy.lease();
  const filler = new PackFiller(parts, copy.target, fence, await parts.keys.writeKey());
  const moves: PackMove[] = [];
  const damaged: CopiedFrames['damaged'][number][] = [];
  for (const [packId, wanted] of copy.frames) {
    copy.signal?.throwIfAborted();
    await copy.lease();
    const { good, bad } = await readFrames(parts.store, reading, { packId }, wanted, copy.signal);
    const healed = await heal(reading, bad, copy.heal);
    if (healed === undefined) {
      damaged.push({ packId, chunks: bad });
      continue;
    }
    const to = [...good.map((frame) => filler.add(frame)), ...healed.map((chunk) => filler.seal(chunk))];
    moves.push({ from: packId, to: sumUses(to), ...(copy.points === undefined ? {} : { points: copy.points }) });
  }
  return { packs: await storePacks(parts, filler.finish(), copy), moves, damaged };
}

/** Undefined when a chunk cannot be had from anywhere. */
async function heal(
  reading: VaultReading,
  lost: readonly NeededChunk[],
  source: HealSource | undefined,
): Promise<readonly PlainChunk[] | undefined> {
  if (lost.length === 0) return [];
  const found = await source?.(lost);
  if (found === undefined) return undefined;
  const healed: PlainChunk[] = [];
  for (const { chunkId, kind } of lost) {
    const plain = found.get(chunkId.toString('hex'));
    if (plain === undefined) return undefined;
    const full = reading.idHasher.full(kind, plain);
    if (full.compare(chunkId, 0, CHUNK_ID_BYTES, 0, CHUNK_ID_BYTES) !== 0) return undefined;
    healed.push({ chunkId: full, kind, plain });
  }
  return healed;
}

async function storePacks(
  parts: VaultParts,
  packs: readonly FinishedPack[],
  { target, lock, lease }: FrameCopy,
): Promise<readonly FinishedPack[]> {
  for (const { facts, body } of packs) {
    await putObject(parts.store, packKey(facts.packId), [body], crc32Checksum(facts.crc32), {
      tier: target.tier,
      ...(lock === undefined ? {} : { retention: lock }),
    });
    await parts.authority.recordPacks(await lease(), [facts]);
  }
  await recordNewPackLocks(
    parts,
    packs.map(({ facts }) => facts.packId),
    lock,
  );
  return packs;
}

/** Bytes by pack, each pack once. */
function sumUses(uses: readonly PackUse[]): readonly PackUse[] {
  const sums = new Map<PackId, number>();
  for (const { packId, usedBytes } of uses) sums.set(packId, (sums.get(packId) ?? 0) + usedBytes);
  return [...sums].map(([packId, usedBytes]) => ({ packId, usedBytes }));
}
