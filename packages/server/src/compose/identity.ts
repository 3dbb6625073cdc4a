/** Accounts, principals, policies and keys, on the catalog. */

import { join } from 'node:path';
import { controlStores, createIdentityStore, createKeyStore, createOrganizationStore } from '@holdfast/catalog';
import {
  Authorizer,
  FileKeyEscrow,
  IdentityCredentials,
  type IdentityStore,
  KeyCryptography,
  KeyRing,
  KeyService,
  OrganizationDirectory,
  type OrganizationStore,
  openExternalKeyStore,
  RoleAccess,
  SecretBox,
  type SessionStore,
  ShareDirectory,
  type ShareStore,
  secureRandomBytes,
} from '@holdfast/neighbours';
import { systemIdentifiers } from '../adapters/identifiers.ts';
import { isKeyOfLockedVault } from '../adapters/locked-vault-keys.ts';
import { resolveSecret } from '../adapters/secret-references.ts';
import type { Foundation } from './foundation.ts';

export interface Identity {
  readonly store: IdentityStore;
  readonly sessions: SessionStore;
  readonly box: SecretBox;
  readonly random: typeof secureRandomBytes;
  readonly credentials: IdentityCredentials;
  readonly authorizer: Authorizer;
  readonly roles: RoleAccess;
  readonly keys: KeyService;
  readonly organizations: OrganizationStore & ShareStore;
  readonly organizationDirectory: OrganizationDirectory;
  readonly shareDirectory: ShareDirectory;
}

export function buildIdentity(foundation: Foundation): Identity {
  const { catalog, clock, configuration, masterKey, directory } = foundation;
  const random = secureRandomBytes;
  const { sessions, ...store } = createIdentityStore(catalog);
  const box = new SecretBox(masterKey.deriveKey('access keys'), random);
  const organizations = createOrganizationStore(catalog);
  const organizationDirectory = new OrganizationDirectory(organizations);
  const authorizer = new Authorizer(store, organizationDirectory, sessions);
  const escrow = new FileKeyEscrow(join(directory.keys, 'escrow'));
  const keys = new KeyService({
    ring: new KeyRing(createKeyStore(catalog), escrow),
    cryptography: new KeyCryptography(masterKey, random, externalKeyStores(configuration)),
    random,
    uuid: systemIdentifiers.uuid,
    isNeeded: (arn) => isKeyOfLockedVault(controlStores(catalog, () => clock.now()).vaults, arn, clock.now()),
  });
  return {
    store,
    sessions,
    box,
    random,
    credentials: new IdentityCredentials(store, sessions, box),
    authorizer,
    roles: new RoleAccess(store, authorizer),
    keys,
    organizations,
    organizationDirectory,
    shareDirectory: new ShareDirectory(organizations, organizationDirectory),
  };
}

function externalKeyStores({ keyStores }: Foundation['configuration']) {
  return keyStores.map((settings) => {
    if (settings.kind === 'transit')
      return openExternalKeyStore({ ...settings, token: () => resolveSecret(settings.token) });
    const { accessKeyId, secretAccessKey, ...rest } = settings;
    if (accessKeyId === undefined || secretAccessKey === undefined) return openExternalKeyStore(rest);
    const accessKey = { accessKeyId, secretAccessKey: () => resolveSecret(secretAccessKey) };
    return openExternalKeyStore({ ...rest, accessKey });
  });
}
