import type { CountedPack, PackId } from '../authority/authority.ts';
import { type RelocationOutcome, type RelocationPlan, relocate } from '../collect/relocate.ts';
import { openReading } from '../collect/vault-reading.ts';
import type { VaultParts } from '../retention/vault-parts.ts';

export interface BundleOptions {
  /** Data packs below this size are put together on their way to the cold tier; default 8 MiB, 0 for none. */
  readonly smallPackBytes: number;
  /** What one bundle is gathered from, in memory; default 64 MiB. */
  readonly bundleBytes: number;
}

export const BUNDLE_DEFAULTS: BundleOptions = { smallPackBytes: 8 << 20, bundleBytes: 64 << 20 };

/**
 * Groups small packs that turn cold: archive classes bill and warm up by the object, so many small ones cost more than
 * their bytes. Only packs of one cohort lie together, and a pack that the store keeps locked is left as it is, since it
 * would stay beside its copy.
 * @param locked packs whose lock still stands
 */
export function planBundles(
  packs: readonly CountedPack[],
  locked: ReadonlySet<PackId>,
  { smallPackBytes, bundleBytes }: BundleOptions,
): readonly RelocationPlan[] {
  const small = packs.filter(({ packId, sizeBytes }) => sizeBytes < smallPackBytes && !locked.has(packId));
  return [...Map.groupBy(small, ({ cohortUntilAt }) => cohortUntilAt)].flatMap(([cohortUntilAt, members]) =>
    batchesOf(members, bundleBytes)
      .filter((batch) => batch.length > 1)
      .map((batch) => ({
        packs: batch,
        kind: 'data' as const,
        tier: 'cold' as const,
        targetPackBytes: bundleBytes,
        ...(cohortUntilAt === undefined ? {} : { cohortUntilAt }),
      })),
  );
}

function batchesOf(packs: readonly CountedPack[], bundleBytes: number): readonly (readonly CountedPack[])[] {
  const batches: CountedPack[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const pack of packs) {
    if (bytes + pack.sizeBytes > bundleBytes) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(pack);
    bytes += pack.sizeBytes;
  }
  return batches;
}

/**
 * Moves what is needed of claimed packs into bundles in the cold tier, as ciphertext; the emptied packs go to the trash.
 * What is no longer claimed is left out: a warm recovery point came to need it.
 * @returns the packs that were emptied, and the bundles
 */
export async function executeBundles(
  parts: VaultParts,
  plans: readonly RelocationPlan[],
  claimed: ReadonlySet<PackId>,
  signal?: AbortSignal,
): Promise<Pick<RelocationOutcome, 'emptied' | 'written'>> {
  const emptied: PackId[] = [];
  const written: PackId[] = [];
  for (const plan of plans) {
    signal?.throwIfAborted();
    const packs = plan.packs.filter(({ packId }) => claimed.has(packId));
    if (packs.length < 2) continue;
    const options = signal === undefined ? {} : { signal };
    const outcome = await relocate(parts, await openReading(parts), { ...plan, packs }, options);
    await parts.authority.withdrawPacks(parts.vaultId, outcome.emptied);
    emptied.push(...outcome.emptied);
    written.push(...outcome.written);
  }
  return { emptied, written };
}
