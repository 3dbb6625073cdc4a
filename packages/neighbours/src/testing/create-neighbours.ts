import type { AuthorizePort, CredentialsPort, ServiceImplementation } from '@holdfast/wire';
import type { AccessChecks } from '../authorization/access-checks.ts';
import { Authorizer } from '../authorization/authorizer.ts';
import type { BackupResources } from '../authorization/backup-checks.ts';
import { createAuthorize } from '../authorization/create-authorize.ts';
import { RoleAccess } from '../authorization/role-access.ts';
import { createIamHandlers } from '../iam/create-iam-handlers.ts';
import { type BootstrapOutcome, type BootstrapRequest, bootstrapAccount } from '../identity/bootstrap.ts';
import { IdentityCredentials } from '../identity/credentials.ts';
import type { RandomBytes } from '../identity/entity-id.ts';
import type { IdentityStore } from '../identity/identity-store.ts';
import type { SessionStore } from '../identity/session-store.ts';
import { createKmsHandlers } from '../kms/create-kms-handlers.ts';
import type { ExternalKeyStore } from '../kms/external-key-store.ts';
import { KeyCryptography } from '../kms/key-cryptography.ts';
import type { KeyEscrow } from '../kms/key-escrow.ts';
import { KeyRing } from '../kms/key-ring.ts';
import { KeyService } from '../kms/key-service.ts';
import type { KeyStore } from '../kms/key-store.ts';
import { createOrganizationHandlers } from '../organizations/create-organization-handlers.ts';
import { OrganizationDirectory } from '../organizations/organization-directory.ts';
import type { OrganizationStore } from '../organizations/organization-store.ts';
import { createRamHandlers } from '../ram/create-ram-handlers.ts';
import { ShareDirectory } from '../ram/share-directory.ts';
import type { ShareStore } from '../ram/share-records.ts';
import type { MasterKey } from '../secrets/master-key.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import { createStsHandlers } from '../sts/create-sts-handlers.ts';

export interface NeighbourPorts {
  readonly identity: IdentityStore & { readonly sessions: SessionStore };
  readonly keys: KeyStore;
  readonly organizations: OrganizationStore;
  readonly shares: ShareStore;
  readonly masterKey: MasterKey;
  readonly escrow: KeyEscrow;
  readonly externalKeyStores?: readonly ExternalKeyStore[];
  readonly random: RandomBytes;
  readonly uuid: () => string;
  /** See `RamPorts` and `IamPorts`. */
  readonly isShareable: (accountId: string, resourceArn: string) => Promise<boolean>;
  readonly serviceLinkedRoleUses?: (accountId: string, roleName: string) => Promise<readonly string[]>;
}

/** All neighbours, put together as the server does it. */
export interface Neighbours {
  /** iam, sts, kms, organizations, ram: to be given to the wire. */
  readonly services: readonly ServiceImplementation[];
  readonly credentials: CredentialsPort;
  readonly authorizer: Authorizer;
  readonly roles: RoleAccess;
  readonly keyService: KeyService;
  readonly organizationDirectory: OrganizationDirectory;
  readonly shareDirectory: ShareDirectory;
  /** The authorize port of the wire; `services` adds checks of further services. */
  authorize(backup: BackupResources, services?: Readonly<Record<string, AccessChecks>>): AuthorizePort;
  /** Makes an account with its administrator, default role and, in `region`, default key; can run at every start. */
  bootstrap(request: BootstrapRequest & { readonly region: string }): Promise<BootstrapOutcome>;
}

/** Builds the neighbours on their stores. */
export function createNeighbours(ports: NeighbourPorts): Neighbours {
  const { identity: store, random, uuid } = ports;
  const box = new SecretBox(ports.masterKey.deriveKey('access keys'), random);
  const organizationDirectory = new OrganizationDirectory(ports.organizations);
  const authorizer = new Authorizer(store, organizationDirectory, store.sessions);
  const keyService = new KeyService({
    ring: new KeyRing(ports.keys, ports.escrow),
    cryptography: new KeyCryptography(ports.masterKey, random, ports.externalKeyStores),
    random,
    uuid,
  });
  const shareDirectory = new ShareDirectory(ports.shares, organizationDirectory);
  const { serviceLinkedRoleUses } = ports;
  return {
    services: [
      createIamHandlers({
        store,
        box,
        random,
        ...(serviceLinkedRoleUses === undefined ? {} : { serviceLinkedRoleUses }),
      }),
      createStsHandlers({ store, sessions: store.sessions, authorizer, box, random }),
      createKmsHandlers({ service: keyService, authorizer, random, uuid }),
      createOrganizationHandlers({
        store: ports.organizations,
        directory: organizationDirectory,
        identity: store,
        random,
      }),
      createRamHandlers({
        store: ports.shares,
        directory: shareDirectory,
        organizations: organizationDirectory,
        organizationStore: ports.organizations,
        uuid,
        isShareable: ports.isShareable,
      }),
    ],
    credentials: new IdentityCredentials(store, store.sessions, box),
    authorizer,
    roles: new RoleAccess(store, authorizer),
    keyService,
    organizationDirectory,
    shareDirectory,
    authorize: (backup, services) =>
      createAuthorize({ authorizer, store, backup, ...(services === undefined ? {} : { services }) }),
    bootstrap: async (request) => {
      const outcome = await bootstrapAccount({ store, box, random }, request);
      await keyService.ensureDefaultKey(request, request.now);
      return outcome;
    },
  };
}
