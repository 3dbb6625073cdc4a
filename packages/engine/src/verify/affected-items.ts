import type { PackId } from '../authority/authority.ts';
import { openReading } from '../collect/vault-reading.ts';
import { PointWalker } from '../collect/walk-point.ts';
import type { ItemPath } from '../content/item-record.ts';
import { pathOfSortKey } from '../content/sort-key.ts';
import { CHUNK_KINDS } from '../crypt/chunk-id.ts';
import { readPoint } from '../retention/read-point.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { checkPackDeeply, type PackFinding } from './check-pack.ts';

/** What damage means for one recovery point. */
export interface AffectedRecoveryPoint {
  readonly recoveryPointId: string;
  /** Items whose content is damaged, in path order; everything else of the recovery point restores. */
  readonly items: readonly ItemPath[];
  /** Nodes of the item tree are damaged: more items may be lost, and their names with them. */
  readonly unreadableNodes: number;
}

/**
 * Says exactly which items of which recovery points the damage of some packs affects. Packs are read again, so that only
 * frames that touch damaged bytes count.
 */
export async function affectedItems(
  parts: VaultParts,
  packIds: readonly PackId[],
  signal?: AbortSignal,
): Promise<readonly AffectedRecoveryPoint[]> {
  const { authority, vaultId, store } = parts;
  const findings = new Map<PackId, PackFinding>();
  const points = new Set<string>();
  for (const pack of await authority.packs(vaultId, packIds)) {
    const finding = await checkPackDeeply(store, pack, signal);
    if (finding.damage === undefined) continue;
    findings.set(pack.packId, finding);
    for (const point of await authority.collection.pointsUsing(vaultId, pack.packId)) points.add(point);
  }
  const affected: AffectedRecoveryPoint[] = [];
  for (const recoveryPointId of [...points].sort()) {
    const found = await affectedOf(parts, recoveryPointId, findings, signal);
    if (found.items.length > 0 || found.unreadableNodes > 0) affected.push(found);
  }
  return affected;
}

async function affectedOf(
  parts: VaultParts,
  recoveryPointId: string,
  findings: ReadonlyMap<PackId, PackFinding>,
  signal: AbortSignal | undefined,
): Promise<AffectedRecoveryPoint> {
  const committed = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
  if (committed === undefined) return { recoveryPointId, items: [], unreadableNodes: 0 };
  const keys = new Map<string, Buffer>();
  let unreadableNodes = 0;
  const remember = (itemKey: Buffer): void => {
    keys.set(itemKey.toString('latin1'), itemKey);
  };
  const walker = new PointWalker(await openReading(parts), {
    needed({ packId, offset, frameBytes, itemKey }) {
      const ranges = findings.get(packId)?.ranges ?? [];
      const isHit = ranges.some((range) => offset < range.offset + range.length && range.offset < offset + frameBytes);
      if (isHit && itemKey !== undefined) remember(itemKey);
    },
    uncounted: () => {
      unreadableNodes += 1;
    },
    unreadable(_ref, kind, itemKey) {
      if (kind === CHUNK_KINDS.mapNode && itemKey !== undefined) remember(itemKey);
      else unreadableNodes += 1;
    },
  });
  const { body } = await readPoint(parts, recoveryPointId, committed.fence);
  const uses = await parts.authority.collection.packUses(parts.vaultId, recoveryPointId);
  const isGone = (await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId)) === undefined;
  if (isGone) return { recoveryPointId, items: [], unreadableNodes: 0 };
  await walker.walk(body, new Set(uses.map(({ packId }) => packId)), signal);
  const items = [...keys.values()].sort(Buffer.compare).map(pathOfSortKey);
  return { recoveryPointId, items, unreadableNodes };
}
