import type { PackId } from '../authority/authority.ts';
import { ChunkIdHasher } from '../crypt/chunk-id.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { ChunkIndex } from '../index/chunk-index.ts';
import { NodeSource } from '../read/node-source.ts';
import { PackKeys } from '../read/pack-keys.ts';
import type { VaultParts } from '../retention/vault-parts.ts';

/** What reading trees and frames of a vault takes; opened once per operation. */
export interface VaultReading {
  readonly index: ChunkIndex;
  readonly packKeys: PackKeys;
  readonly idHasher: ChunkIdHasher;
  readonly nodes: NodeSource;
}

/** @param packSizes known sizes, which let neighbouring nodes come with one request */
export async function openReading(
  parts: Pick<VaultParts, 'vaultId' | 'store' | 'authority' | 'keys'>,
  packSizes: ReadonlyMap<PackId, number> = new Map(),
): Promise<VaultReading> {
  const { store, authority, keys, vaultId } = parts;
  const index = new ChunkIndex({
    store,
    segments: () => authority.segments(vaultId),
    indexKeyOf: async (serial, segmentId) => derivedKeys.index(await keys.dataKey(serial), segmentId),
  });
  await index.refresh();
  const packKeys = new PackKeys(await keys.dataKeys());
  const idHasher = new ChunkIdHasher(derivedKeys.chunkId(await keys.idDomainKey()));
  return { index, packKeys, idHasher, nodes: new NodeSource({ store, index, packKeys, idHasher, packSizes }) };
}
