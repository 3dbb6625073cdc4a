/** Everything that the control plane asks of the rest of the house, plugged in. */
import {
  CatalogBackupPlanStore,
  CatalogBackupSelectionStore,
  CatalogCopyJobStore,
  CatalogJobStore,
  CatalogLegalHoldStore,
  controlStores,
} from '@holdfast/catalog';
import {
  type ControlPorts,
  DEFAULT_LEGAL_HOLDS_PER_ACCOUNT,
  DEFAULT_PLAN_QUOTAS,
  DEFAULT_QUOTAS,
  holdPort,
  jobStateListener,
  type LegalHoldPorts,
  type PlanPorts,
  type SchedulerPorts,
  type VaultSharePort,
} from '@holdfast/control';
import { JobQueue } from '@holdfast/jobs';
import { parseArn } from '@holdfast/neighbours';
import { BackgroundTasks } from '../adapters/background-tasks.ts';
import { connectorPort } from '../adapters/connector-port.ts';
import { systemIdentifiers } from '../adapters/identifiers.ts';
import { keyPort } from '../adapters/key-port.ts';
import { localStoreDirectories } from '../adapters/region-stores.ts';
import { rolePort } from '../adapters/role-port.ts';
import type { ProcessVaultRepositories } from '../adapters/vault-repositories.ts';
import { buildRepositories } from './engine.ts';
import type { Foundation } from './foundation.ts';
import type { Identity } from './identity.ts';

export interface Control {
  readonly ports: ControlPorts;
  readonly plans: PlanPorts & SchedulerPorts;
  readonly legalHolds: LegalHoldPorts;
  readonly copyJobs: CatalogCopyJobStore;
  readonly queue: JobQueue;
  readonly repositories: ProcessVaultRepositories;
  readonly background: BackgroundTasks;
}

/** @param wake tells the workers that a job was written */
export function buildControl(foundation: Foundation, identity: Identity, wake: () => void): Control {
  const { catalog, clock, configuration, directory, log } = foundation;
  const stores = controlStores(catalog, () => clock.now());
  const copyJobs = new CatalogCopyJobStore(catalog);
  const legalHolds = new CatalogLegalHoldStore(catalog, stores.tags);
  const repositories = buildRepositories(foundation, identity, stores);
  const background = new BackgroundTasks(log);
  let onStateChange: ReturnType<typeof jobStateListener> = () => {};
  const queue = new JobQueue({
    store: new CatalogJobStore(catalog),
    clock,
    onStateChange: (change) => onStateChange(change),
  });
  const ports: ControlPorts = {
    clock,
    ids: systemIdentifiers,
    stores,
    keys: keyPort(identity, () => clock.now()),
    roles: rolePort(identity, () => clock.now()),
    organization: identity.organizationDirectory,
    vaultShares: vaultSharePort(identity, stores),
    holds: holdPort(legalHolds),
    copies: copyJobs,
    repositories,
    connectors: connectorPort({
      directory,
      storeDirectories: localStoreDirectories(configuration.regions),
      log,
      now: () => clock.now(),
    }),
    jobControl: { requestStop: (jobId, reason) => queue.requestStop(jobId, reason), wake },
    background,
    quotas: DEFAULT_QUOTAS,
    emit: ({ kind, at }) => log.debug({ event: kind, at }, 'event'),
    log: (level, message, fields) => log[level](fields ?? {}, message),
  };
  onStateChange = jobStateListener(ports);
  return {
    ports,
    queue,
    repositories,
    background,
    copyJobs,
    legalHolds: { ...ports, legalHolds, catalog, legalHoldsPerAccount: DEFAULT_LEGAL_HOLDS_PER_ACCOUNT },
    plans: {
      ...ports,
      plans: new CatalogBackupPlanStore(catalog, stores.tags),
      selections: new CatalogBackupSelectionStore(catalog),
      catalog,
      planQuotas: DEFAULT_PLAN_QUOTAS,
      templateKey: foundation.masterKey.deriveKey('exported plan templates'),
    },
  };
}

function vaultSharePort({ shareDirectory }: Identity, { vaults }: ControlPorts['stores']): VaultSharePort {
  return {
    sharedWith: async ({ accountId, region }) => {
      const arns = await shareDirectory.resourcesSharedWith(accountId, region);
      const shared = await Promise.all(
        arns.map((arn) => {
          const { accountId: owner = '', resource = '' } = parseArn(arn) ?? {};
          return vaults.get({ accountId: owner, region }, resource.replace('backup-vault:', ''));
        }),
      );
      return shared.flatMap((vault) => (vault === undefined ? [] : [vault.vaultId])).sort();
    },
  };
}
