/** The services that answer on the one endpoint. */
import { CatalogActivity, CatalogSearch } from '@holdfast/catalog';
import {
  type CopyPorts,
  createAdminService,
  createBackupHandlers,
  createCopyHandlers,
  createLegalHoldHandlers,
  createPlanHandlers,
  legalHoldTagTarget,
  planTagTarget,
} from '@holdfast/control';
import {
  createAuthorize,
  createIamHandlers,
  createKmsHandlers,
  createOrganizationHandlers,
  createRamHandlers,
  createStsHandlers,
  parseArn,
} from '@holdfast/neighbours';
import { type AuditPort, type AuthorizePort, implement, type ServiceImplementation } from '@holdfast/wire';
import { backup } from '@holdfast/wire/backup';
import { systemIdentifiers } from '../adapters/identifiers.ts';
import { VERSION } from '../version.ts';
import { backupResources } from './backup-resources.ts';
import { type BulkOperations, buildBulkOperations } from './bulk-operations.ts';
import type { Control } from './control-ports.ts';
import { buildCopies } from './copies.ts';
import type { Foundation } from './foundation.ts';
import type { Identity } from './identity.ts';

export interface ServerFacts {
  readonly startedAt: number;
  workers(): Promise<readonly { readonly workerId: string; readonly jobIds: readonly string[] }[]>;
}

export interface Services {
  /** For the request listener. */
  readonly services: readonly ServiceImplementation[];
  readonly authorize: AuthorizePort;
  readonly bulk: BulkOperations;
}

export function buildServices(
  foundation: Foundation,
  identity: Identity,
  control: Control,
  facts: ServerFacts,
  audit?: AuditPort,
): Services {
  const { ports, plans } = control;
  const authorize = createAuthorize({
    authorizer: identity.authorizer,
    store: identity.store,
    backup: backupResources(ports.stores),
  });
  const backupService = buildBackupService(control, buildCopies(foundation, identity, control));
  const bulk = buildBulkOperations(foundation, identity, control, backupService, {
    authorize,
    ...(audit === undefined ? {} : { audit }),
  });
  const { catalog } = foundation;
  const admin = createAdminService(
    ports,
    { version: VERSION, ...facts },
    {
      plans,
      bulk: bulk.ports,
      search: { ...ports, copyJobs: control.copyJobs, search: new CatalogSearch(catalog) },
      activity: new CatalogActivity(catalog),
    },
  );
  return { services: [backupService, admin, ...buildNeighbours(control, identity)], authorize, bulk };
}

function buildBackupService({ ports, plans, legalHolds }: Control, copies: CopyPorts): ServiceImplementation {
  const tagTargets = [planTagTarget(plans.plans), legalHoldTagTarget(legalHolds.legalHolds)];
  return implement(backup, {
    ...createBackupHandlers(ports, tagTargets),
    ...createPlanHandlers(plans),
    ...createLegalHoldHandlers(legalHolds),
    ...createCopyHandlers(copies),
  });
}

function buildNeighbours({ ports }: Control, identity: Identity): ServiceImplementation[] {
  return [
    createStsHandlers(identity),
    createIamHandlers({
      ...identity,
      serviceLinkedRoleUses: (accountId, roleName) => serviceLinkedRoleUses(ports, accountId, roleName),
    }),
    createKmsHandlers({ service: identity.keys, ...identity, uuid: systemIdentifiers.uuid }),
    createOrganizationHandlers({
      store: identity.organizations,
      directory: identity.organizationDirectory,
      identity: identity.store,
      random: identity.random,
    }),
    createRamHandlers({
      store: identity.organizations,
      directory: identity.shareDirectory,
      organizations: identity.organizationDirectory,
      organizationStore: identity.organizations,
      uuid: systemIdentifiers.uuid,
      isShareable: (accountId, arn) => isAirGapped(ports, accountId, arn),
    }),
  ];
}

/** Only logically air-gapped vaults can be shared with other accounts. */
async function isAirGapped({ stores }: Control['ports'], accountId: string, vaultArn: string): Promise<boolean> {
  const { region = '', resource = '' } = parseArn(vaultArn) ?? {};
  const vault = await stores.vaults.get({ accountId, region }, resource.replace('backup-vault:', ''));
  return vault?.type === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';
}

/** The service-linked role of backups goes after the last vault (IAM-80, IAM-84). */
async function serviceLinkedRoleUses(
  { stores }: Control['ports'],
  accountId: string,
  roleName: string,
): Promise<readonly string[]> {
  if (roleName !== 'AWSServiceRoleForBackup') return [];
  const uses: string[] = [];
  let afterKey: string | undefined;
  do {
    const page = await stores.vaults.listAll({ limit: 500, ...(afterKey === undefined ? {} : { afterKey }) });
    uses.push(...page.items.filter((vault) => vault.accountId === accountId).map(({ arn }) => arn));
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
  return uses;
}
