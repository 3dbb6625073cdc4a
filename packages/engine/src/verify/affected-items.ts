import type { PackId } from '../authority/authority.ts';
import { openReading, type VaultReading } from '../collect/vault-reading.ts';
import { type NeededChunk, PointWalker } from '../collect/walk-point.ts';
import { type ChunkRef, chunkRefFromJson } from '../content/chunk-ref.ts';
import type { ItemPath } from '../content/item-record.ts';
import { pathOfSortKey } from '../content/sort-key.ts';
import { CHUNK_KINDS } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import type { PointBody } from '../point/point-object.ts';
import { readPoint } from '../retention/read-point.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { checkPackDeeply, type PackFinding } from './check-pack.ts';
import { type ImageRange, lostImageRanges, type TryChunk } from './image-damage.ts';

/** What damage means for one recovery point. */
export interface AffectedRecoveryPoint {
  readonly recoveryPointId: string;
  /** Items whose content is damaged, in path order; everything else of the recovery point restores. */
  readonly items: readonly ItemPath[];
  /** Nodes of the item tree are damaged: more items may be lost, and their names with them. */
  readonly unreadableNodes: number;
  /** Of an image: its bytes that are lost. */
  readonly imageRanges?: readonly ImageRange[];
}

/**
 * Says exactly which items of which recovery points, and which bytes of images, the damage of some packs affects. Packs are
 * read again, and what lies where they are damaged is tried: what can be had from there or from elsewhere is not affected.
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
    if (found === undefined) continue;
    const { items, unreadableNodes, imageRanges = [] } = found;
    if (items.length + unreadableNodes + imageRanges.length > 0) affected.push(found);
  }
  return affected;
}

type Findings = ReadonlyMap<PackId, PackFinding>;
type Place = Pick<NeededChunk, 'packId' | 'offset' | 'frameBytes'>;

function isHit(findings: Findings, { packId, offset, frameBytes }: Place): boolean {
  const ranges = findings.get(packId)?.ranges ?? [];
  return ranges.some((range) => offset < range.offset + range.length && range.offset < offset + frameBytes);
}

/** Undefined when the recovery point was deleted meanwhile. */
async function affectedOf(
  parts: VaultParts,
  recoveryPointId: string,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<AffectedRecoveryPoint | undefined> {
  const committed = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
  if (committed === undefined) return undefined;
  const { body } = await readPoint(parts, recoveryPointId, committed.fence);
  const uses = await parts.authority.collection.packUses(parts.vaultId, recoveryPointId);
  const isGone = (await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId)) === undefined;
  if (isGone) return undefined;
  const counted = new Set(uses.map(({ packId }) => packId));
  const reading = await openReading(parts);
  if (body.content !== 'image') {
    return { recoveryPointId, ...(await affectedTree(reading, body, counted, findings, signal)) };
  }
  // What was moved lies where only the index says: it is tried.
  const isSuspect = (ref: ChunkRef): boolean => !counted.has(ref.packId) || isHit(findings, ref);
  const root = body.root && chunkRefFromJson(body.root);
  const imageRanges =
    root === undefined ? [] : await lostImageRanges(root, body.sizeBytes ?? 0, tryingOf(reading, signal), isSuspect);
  return { recoveryPointId, items: [], unreadableNodes: 0, imageRanges };
}

async function affectedTree(
  reading: VaultReading,
  body: PointBody,
  counted: ReadonlySet<PackId>,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<Pick<AffectedRecoveryPoint, 'items' | 'unreadableNodes'>> {
  const keys = new Map<string, Buffer>();
  const suspects = new Map<string, { readonly chunk: NeededChunk; readonly itemKeys: Buffer[] }>();
  let unreadableNodes = 0;
  const walker = new PointWalker(reading, {
    needed(chunk) {
      const { itemKey } = chunk;
      if (itemKey === undefined || !isHit(findings, chunk)) return;
      const name = `${chunk.kind} ${chunk.chunkId.toString('latin1')}`;
      const known = suspects.get(name);
      if (known === undefined) suspects.set(name, { chunk, itemKeys: [itemKey] });
      else known.itemKeys.push(itemKey);
    },
    uncounted: () => {
      unreadableNodes += 1;
    },
    unreadable(_ref, kind, itemKey) {
      if (kind === CHUNK_KINDS.mapNode && itemKey !== undefined) keys.set(itemKey.toString('latin1'), itemKey);
      else unreadableNodes += 1;
    },
  });
  await walker.walk(body, counted, signal);
  const tryChunk = tryingOf(reading, signal);
  for (const { chunk, itemKeys } of suspects.values()) {
    if ((await tryChunk(chunk, chunk.kind)) !== undefined) continue;
    for (const itemKey of itemKeys) keys.set(itemKey.toString('latin1'), itemKey);
  }
  return { items: [...keys.values()].sort(Buffer.compare).map(pathOfSortKey), unreadableNodes };
}

function tryingOf({ nodes }: VaultReading, signal: AbortSignal | undefined): TryChunk {
  return async (ref, kind) => {
    signal?.throwIfAborted();
    try {
      return await nodes.read(ref, kind);
    } catch (error) {
      if (error instanceof EngineError && error.code === 'damaged') return undefined;
      throw error;
    }
  };
}
