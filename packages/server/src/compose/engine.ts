/** The vaults' repositories of this process, with the key service in front of their keys. */
import { CatalogAuthority } from '@holdfast/catalog';
import type { ControlStores } from '@holdfast/control';
import { VaultKeyProvider } from '@holdfast/neighbours';
import { vaultStores } from '../adapters/region-stores.ts';
import { ProcessVaultRepositories } from '../adapters/vault-repositories.ts';
import type { Foundation } from './foundation.ts';
import type { Identity } from './identity.ts';

/** Beside the jobs: one refresh of a source with versions at a time, and one log that is stored, so that none waits long. */
const CONTINUOUS_SESSIONS = 2;

export function buildRepositories(
  foundation: Foundation,
  identity: Identity,
  stores: Pick<ControlStores, 'vaults'>,
): ProcessVaultRepositories {
  const { configuration, directory, catalog, clock, masterKey, processId } = foundation;
  const { memoryMiB, concurrentJobs } = configuration.workers;
  return new ProcessVaultRepositories({
    vaults: stores.vaults,
    openStore: vaultStores(configuration.regions, directory.regions, () => clock.now()),
    clock: () => clock.now(),
    authority: new CatalogAuthority(catalog, () => clock.now()),
    keyProvider: (keyArn) => new VaultKeyProvider(identity.keys, keyArn, () => clock.now()),
    idDomainKey: async (accountId) => masterKey.deriveKey(`chunk identifiers of ${accountId}`),
    limits: { memoryBytes: Math.floor(memoryMiB / concurrentJobs) * 2 ** 20 },
    sessions: concurrentJobs + CONTINUOUS_SESSIONS,
    holder: processId,
  });
}
