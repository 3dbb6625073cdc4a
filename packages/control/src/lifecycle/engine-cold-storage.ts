import type { VaultRepositories } from '../recovery-points/vault-repositories.ts';
import type { ColdStoragePort } from './lifecycle-ports.ts';

/**
 * Tells the engine that a recovery point belongs to the cold tier. Its packs follow when no warm recovery point needs
 * them any more (PLAN-87), which the maintenance of the vault sees to.
 */
export function engineColdStorage(repositories: Pick<VaultRepositories, 'open'>): ColdStoragePort {
  return {
    async moveToColdStorage(point) {
      const { parts } = await repositories.open(point);
      await parts.authority.collection.setPointTier(parts.vaultId, point.engineId, 'cold');
    },
  };
}
