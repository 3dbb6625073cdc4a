import type { PointObject } from '../point/point-object.ts';
import type { Vault } from '../vault.ts';
import { NodeSource } from './node-source.ts';
import { PackKeys } from './pack-keys.ts';

/** A source of the nodes of one recovery point. */
export async function openNodes(vault: Vault, point: PointObject): Promise<NodeSource> {
  return new NodeSource({
    store: vault.store,
    index: vault.index,
    packKeys: new PackKeys(await vault.keys.dataKeys()),
    idHasher: vault.idHasher,
    packSizes: new Map(point.uses.map(({ packId, sizeBytes }) => [packId, sizeBytes])),
  });
}
