import type { CountedPack, PackId } from '../authority/authority.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { RelocationPlan } from './relocate.ts';

const DAY_MS = 86_400_000;
const PAGE = 1000;
/** What one run withdraws and deletes at most: 3 TiB of full packs. Their facts are in memory meanwhile. */
const MOST_PACKS = 100_000;
/** Header, trailer, leaves and footer of a small pack. */
const PACK_OVERHEAD_BYTES = 512;
const WORTHWHILE = 0.75;

export interface CollectionOptions {
  /** How long a withdrawn pack stays in the store before it is deleted; default one day. */
  readonly graceMs: number;
  /** A live pack is emptied when at most this share of it is needed; default 0.5. */
  readonly repackBelow: number;
  /** Bytes of needed frames that one run may move; default 1 GiB. */
  readonly repackBytes: number;
  /** Needed bytes that are moved at once, in memory; default 96 MiB. */
  readonly batchBytes: number;
  /** Size of new packs; default 32 MiB. */
  readonly targetPackBytes: number;
  /** How many packs of several recovery points one run measures by walking their trees; default 256. */
  readonly measurePacks: number;
}

export const COLLECTION_DEFAULTS: CollectionOptions = {
  graceMs: DAY_MS,
  repackBelow: 0.5,
  repackBytes: 2 ** 30,
  batchBytes: 96 << 20,
  targetPackBytes: 32 << 20,
  measurePacks: 256,
};

/** What a collection would do; a plain value for previews, tests and audits. */
export interface CollectionPlan {
  readonly vaultId: string;
  readonly plannedAt: number;
  /** Deletion is frozen for this reason: nothing will be done. */
  readonly frozen?: string;
  /** Packs that nothing needs: they go to the trash. */
  readonly withdraw: readonly CountedPack[];
  /** Packs whose time in the trash is over: they are deleted. */
  readonly purge: readonly CountedPack[];
  /** Packs whose time in the trash is over, and which the store keeps until their lock ends. */
  readonly lockedUntil: readonly { readonly packId: PackId; readonly untilAt: number }[];
  /** Packs that are mostly waste: what is needed of them moves, and they go to the trash. */
  readonly repack: readonly RelocationPlan[];
  readonly totals: {
    readonly withdrawnBytes: number;
    readonly freedBytes: number;
    readonly movedBytes: number;
  };
}

/** Looks at counters only; changes nothing and reads nothing from the store. */
export async function planCollection(
  parts: Pick<VaultParts, 'vaultId' | 'authority' | 'clock'>,
  options: CollectionOptions = COLLECTION_DEFAULTS,
): Promise<CollectionPlan> {
  const { authority, vaultId } = parts;
  const plannedAt = parts.clock();
  const frozen = await authority.collection.frozenReason(vaultId);
  const withdraw = await authority.collectablePacks(vaultId, MOST_PACKS);
  const inTrash = await authority.collection.withdrawnPacks(vaultId, plannedAt - options.graceMs, MOST_PACKS);
  const locks = await authority.collection.packLocks(
    vaultId,
    inTrash.map(({ packId }) => packId),
  );
  const lockedUntil = locks.filter(({ untilAt }) => untilAt > plannedAt);
  const isLocked = new Set(lockedUntil.map(({ packId }) => packId));
  const purge = inTrash.filter(({ packId }) => !isLocked.has(packId));
  const repack = await planRepack(parts, options, plannedAt);
  return {
    vaultId,
    plannedAt,
    ...(frozen === undefined ? {} : { frozen }),
    withdraw,
    purge,
    lockedUntil: lockedUntil.map(({ packId, untilAt }) => ({ packId, untilAt })),
    repack,
    totals: {
      withdrawnBytes: sum(withdraw.map(({ sizeBytes }) => sizeBytes)),
      freedBytes: sum(purge.map(({ sizeBytes }) => sizeBytes)),
      movedBytes: sum(repack.flatMap(({ packs }) => packs.map(neededBytes))),
    },
  };
}

/**
 * Packs worth emptying, the worst first. The counters overstate what is needed (recovery points share frames), so a pack
 * that looks wasteful is; where they say too little, a measurement counts (see measure-waste.ts). Locked packs wait: emptying them would free nothing.
 */
async function planRepack(
  { authority, vaultId }: Pick<VaultParts, 'vaultId' | 'authority'>,
  options: CollectionOptions,
  now: number,
): Promise<readonly RelocationPlan[]> {
  const measured = new Map<PackId, number>();
  for (const { packId, usedBytes } of await authority.collection.measuredPacks(vaultId))
    measured.set(packId, usedBytes);
  const wasteful: CountedPack[] = [];
  for (let after: PackId | undefined; ; ) {
    const page = await authority.allPacks(vaultId, after, PAGE);
    const known = page.map((pack) => ({ ...pack, usedBytes: measured.get(pack.packId) ?? pack.usedBytes }));
    wasteful.push(...known.filter((pack) => isWasteful(pack, options)));
    after = page.at(-1)?.packId;
    if (page.length < PAGE) break;
  }
  const ids = wasteful.map(({ packId }) => packId);
  const locks = await authority.collection.packLocks(vaultId, ids);
  const waits = new Set([
    ...locks.filter(({ untilAt }) => untilAt > now).map(({ packId }) => packId),
    ...(await authority.collection.coldPacks(vaultId, ids)),
  ]);
  const candidates = wasteful.filter(({ packId }) => !waits.has(packId));
  candidates.sort((a, b) => neededBytes(a) / a.sizeBytes - neededBytes(b) / b.sizeBytes);
  return batches(candidates, options);
}

function isWasteful(pack: CountedPack, options: CollectionOptions): boolean {
  return pack.state === 'live' && pack.referenceCount > 0 && neededBytes(pack) <= pack.sizeBytes * options.repackBelow;
}

/** An upper bound. */
function neededBytes(pack: CountedPack): number {
  return Math.min(pack.usedBytes, pack.sizeBytes);
}

function batches(candidates: readonly CountedPack[], options: CollectionOptions): readonly RelocationPlan[] {
  const plans: { packs: CountedPack[]; bytes: number }[] = [];
  let left = options.repackBytes;
  for (const pack of candidates) {
    const bytes = neededBytes(pack);
    if (bytes > left) continue;
    left -= bytes;
    const fits = plans.find(
      (plan) =>
        plan.bytes + bytes <= options.batchBytes &&
        plan.packs[0]?.kind === pack.kind &&
        plan.packs[0].cohortUntilAt === pack.cohortUntilAt,
    );
    if (fits === undefined) plans.push({ packs: [pack], bytes });
    else {
      fits.packs.push(pack);
      fits.bytes += bytes;
    }
  }
  return plans.flatMap(({ packs, bytes }) => {
    const [first] = packs;
    if (first === undefined || !isWorthwhile(packs, bytes, options)) return [];
    const cohort = first.cohortUntilAt === undefined ? {} : { cohortUntilAt: first.cohortUntilAt };
    return [{ packs, kind: first.kind, tier: 'warm' as const, targetPackBytes: options.targetPackBytes, ...cohort }];
  });
}

/** A move must free a fair part of what it empties, or small packs would be rewritten for ever. */
function isWorthwhile(packs: readonly CountedPack[], bytes: number, options: CollectionOptions): boolean {
  const before = sum(packs.map(({ sizeBytes }) => sizeBytes));
  const after = bytes * 1.02 + PACK_OVERHEAD_BYTES * Math.ceil(bytes / options.targetPackBytes);
  return after <= before * Math.max(WORTHWHILE, options.repackBelow);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
