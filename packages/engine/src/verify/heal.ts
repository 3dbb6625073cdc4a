import type { CountedPack, PackId } from '../authority/authority.ts';
import { type RelocationOutcome, relocate } from '../collect/relocate.ts';
import { openReading, type VaultReading } from '../collect/vault-reading.ts';
import type { NeededChunk } from '../collect/walk-point.ts';
import { EngineError } from '../engine-error.ts';
import type { VaultParts } from '../retention/vault-parts.ts';

const TARGET_PACK_BYTES = 32 << 20;

/** Where lost chunks may be had: plain bytes by chunk ID in hexadecimal, as many as it has. */
export type HealSource = (lost: readonly NeededChunk[]) => Promise<ReadonlyMap<string, Uint8Array>>;

/**
 * A vault as a source of chunks for another one of the same ID domain, or for itself (a chunk may lie in two packs).
 * What it gives is verified against the chunk ID by whoever takes it.
 */
export async function vaultHealSource(
  parts: Pick<VaultParts, 'vaultId' | 'store' | 'authority' | 'keys'>,
): Promise<HealSource> {
  const reading = await openReading(parts);
  return async (lost) => {
    const found = new Map<string, Uint8Array>();
    for (const chunk of lost) {
      const plain = await readElsewhere(reading, chunk);
      if (plain !== undefined) found.set(chunk.chunkId.toString('hex'), plain);
    }
    return found;
  };
}

async function readElsewhere(reading: VaultReading, chunk: NeededChunk): Promise<Uint8Array | undefined> {
  const { chunkId, kind, plainBytes } = chunk;
  for (const { pack, offset, frameBytes } of await reading.index.find(chunkId)) {
    try {
      return await reading.nodes.read({ chunkId, plainBytes, packId: pack.packId, offset, frameBytes }, kind);
    } catch (error) {
      // This place is damaged too, or the pack is on its way out: another one may be good.
      if (!(error instanceof EngineError && error.code === 'damaged')) throw error;
    }
  }
  return undefined;
}

export interface HealOutcome {
  /** Packs whose needed frames all lie in new packs now. */
  readonly healed: readonly PackId[];
  /** Packs with chunks that no source has; `affectedItems` says what that means. */
  readonly lost: readonly { readonly packId: PackId; readonly chunks: number }[];
  /** Packs that a writer was using: try again later. */
  readonly skipped: readonly PackId[];
}

/**
 * Repairs damaged packs: good frames move as they are, lost ones are sealed anew from a copy, and every recovery point
 * changes over in one transaction. Chunks that nobody has stay lost until a backup sends them again.
 */
export async function healPacks(
  parts: VaultParts,
  packs: readonly CountedPack[],
  sources: readonly HealSource[],
  signal?: AbortSignal,
): Promise<HealOutcome> {
  const heal = async (lost: readonly NeededChunk[]): Promise<ReadonlyMap<string, Uint8Array>> => {
    const found = new Map<string, Uint8Array>();
    for (const source of sources) {
      const missing = lost.filter(({ chunkId }) => !found.has(chunkId.toString('hex')));
      if (missing.length > 0) for (const [id, plain] of await source(missing)) found.set(id, plain);
    }
    return found;
  };
  const outcomes: RelocationOutcome[] = [];
  for (const pack of packs) {
    const plan = {
      packs: [pack],
      kind: pack.kind,
      tier: 'warm' as const,
      targetPackBytes: TARGET_PACK_BYTES,
      ...(pack.cohortUntilAt === undefined ? {} : { cohortUntilAt: pack.cohortUntilAt }),
    };
    const options = signal === undefined ? { heal } : { heal, signal };
    outcomes.push(await relocate(parts, await openReading(parts), plan, options));
  }
  const healed = outcomes.flatMap(({ emptied }) => emptied);
  await parts.authority.withdrawPacks(parts.vaultId, healed);
  const lost = outcomes.flatMap(({ damaged }) => damaged);
  return {
    healed,
    lost: lost.map(({ packId, chunks }) => ({ packId, chunks: chunks.length })),
    skipped: outcomes.flatMap(({ skipped }) => skipped),
  };
}
