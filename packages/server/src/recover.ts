/**
 * Rebuilds a lost catalog from stores and keys: `holdfast recover`. What it needs is the data directory's `keys` (or the
 * master key from the environment and the escrowed keys) and the stores; no data pack is read.
 */
import { CatalogAuthority } from '@holdfast/catalog';
import { type FoundRecoveryPoint, recoverLegalHolds, recoverVaultRecords } from '@holdfast/control';
import { openRepository } from '@holdfast/engine';
import { executeRecovery, planRecovery, type RecoveryPlan } from '@holdfast/engine/maintenance';
import { VaultKeyProvider } from '@holdfast/neighbours';
import { findVaults } from './adapters/find-vaults.ts';
import { type VaultPlace, vaultStores } from './adapters/region-stores.ts';
import { buildControl, type Control } from './compose/control-ports.ts';
import { type Foundation, layFoundation } from './compose/foundation.ts';
import { buildIdentity, type Identity } from './compose/identity.ts';
import type { LoadedConfiguration } from './configuration/load-configuration.ts';
import { prepareFirstStart } from './first-start.ts';

export interface RecoveredVault extends VaultPlace {
  /** Absent when nothing in the vault tells its name: it holds no recovery point that can be read. */
  readonly vaultArn?: string;
  readonly recoveryPoints: number;
  /** Recovery points that the catalog had already. */
  readonly known: number;
  /** Legal holds that stand on its recovery points. */
  readonly legalHolds: number;
  /** Objects of recovery points that cannot be used, and records of moves that cannot be read, each with the reason. */
  readonly unusable: RecoveryPlan['unusable'];
  /** Why nothing of the vault could be recovered. */
  readonly failure?: string;
}

export interface RecoveryReport {
  readonly keysRestored: number;
  readonly vaults: readonly RecoveredVault[];
}

/**
 * @param onVault hears of each vault when it is done
 * @throws StartupError when the data directory, the master key or the catalog cannot be used
 */
export async function recover(
  configuration: LoadedConfiguration,
  onVault: (vault: RecoveredVault) => void = () => undefined,
): Promise<RecoveryReport> {
  const foundation = await layFoundation(configuration, 'server');
  const identity = buildIdentity(foundation);
  const control = buildControl(foundation, identity, () => undefined);
  try {
    const keysRestored = await identity.keys.ring.restoreFromEscrow();
    const vaults: RecoveredVault[] = [];
    for (const place of await findVaults(configuration.regions, foundation.directory.regions)) {
      const recovered = await recoverVault(foundation, identity, control, place);
      vaults.push(recovered);
      onVault(recovered);
    }
    await prepareFirstStart(foundation, identity, control.ports);
    return { keysRestored, vaults };
  } finally {
    await control.repositories.close();
    await foundation.catalog.close();
  }
}

async function recoverVault(
  foundation: Foundation,
  identity: Identity,
  control: Control,
  place: VaultPlace,
): Promise<RecoveredVault> {
  const { configuration, directory, catalog, clock } = foundation;
  try {
    await using repository = await openRepository({
      store: await vaultStores(configuration.regions, directory.regions, () => clock.now())(place, false),
      authority: new CatalogAuthority(catalog, () => clock.now()),
      // Wrapped keys name their key themselves; nothing is wrapped here.
      keyProvider: new VaultKeyProvider(identity.keys, '', () => clock.now()),
    });
    const plan = await planRecovery(repository.parts);
    await executeRecovery(repository.parts, plan);
    const records = await recoverVaultRecords(control.ports, plan.points.map(found));
    const { legalHolds } = control.legalHolds;
    const held = plan.points.map(({ point, holds }) => ({ facts: point.body.facts, holds }));
    return {
      ...place,
      legalHolds: await recoverLegalHolds({ ...control.ports, legalHolds }, held),
      recoveryPoints: records?.recoveryPoints ?? 0,
      known: records?.known ?? 0,
      unusable: [...plan.unusable, ...plan.unreadableMoves],
      ...(records === undefined ? {} : { vaultArn: records.vault.arn }),
    };
  } catch (error) {
    return { ...place, recoveryPoints: 0, known: 0, legalHolds: 0, unusable: [], failure: (error as Error).message };
  }
}

function found({ point, retention }: RecoveryPlan['points'][number]): FoundRecoveryPoint {
  const { facts, statistics, outcome, createdAt } = point.body;
  return {
    facts,
    statistics,
    outcome,
    createdAt,
    keepUntilAt: retention.keepUntilAt,
    isLocked: retention.lockedUntilAt !== undefined,
  };
}
