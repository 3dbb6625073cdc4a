import type { VaultParts } from '../retention/vault-parts.ts';
import { findLiveFrames } from './live-frames.ts';
import type { CollectionOptions } from './plan-collection.ts';
import { openReading } from './vault-reading.ts';

/**
 * Measures what several recovery points together need of the packs that they share, for the next plan: thirty daily
 * points may each need the same third of a pack, which the sum of their uses cannot tell from all of it. Each pack is
 * measured once, and again when one of its recovery points has gone.
 */
export async function measureWaste(
  parts: VaultParts,
  options: Pick<CollectionOptions, 'repackBelow' | 'measurePacks'> & { readonly signal?: AbortSignal },
): Promise<number> {
  const { collection } = parts.authority;
  const packs = await collection.packsToMeasure(parts.vaultId, options.repackBelow, options.measurePacks);
  if (packs.length === 0) return 0;
  const ids = packs.map(({ packId }) => packId);
  const users = new Set<string>();
  for (const packId of ids) for (const point of await collection.pointsUsing(parts.vaultId, packId)) users.add(point);
  const { byPack, uncounted } = await findLiveFrames(
    parts,
    await openReading(parts),
    new Set(ids),
    users,
    options.signal,
  );
  // Wrong counters are the audit's business; a measurement that rests on them is not kept.
  if (uncounted.length > 0) return 0;
  const live = ids.map((packId) => {
    const frames = byPack.get(packId) ?? [];
    return { packId, usedBytes: frames.reduce((sum, { frameBytes }) => sum + frameBytes, 0) };
  });
  await collection.recordLiveBytes(parts.vaultId, live);
  return live.length;
}
