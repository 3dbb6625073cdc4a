/** Accounts, principals, policies and keys, on the catalog. */

import { join } from 'node:path';
import { createIdentityStore, createKeyStore } from '@holdfast/catalog';
import {
  Authorizer,
  FileKeyEscrow,
  IdentityCredentials,
  type IdentityStore,
  KeyCryptography,
  KeyRing,
  KeyService,
  NO_ORGANIZATION,
  type OrganizationLookup,
  RoleAccess,
  SecretBox,
  type SessionStore,
  secureRandomBytes,
} from '@holdfast/neighbours';
import { systemIdentifiers } from '../adapters/identifiers.ts';
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
}

export function buildIdentity(foundation: Foundation, organizations: OrganizationLookup = NO_ORGANIZATION): Identity {
  const { catalog, masterKey, directory } = foundation;
  const random = secureRandomBytes;
  const { sessions, ...store } = createIdentityStore(catalog);
  const box = new SecretBox(masterKey.deriveKey('access keys'), random);
  const authorizer = new Authorizer(store, organizations);
  const escrow = new FileKeyEscrow(join(directory.keys, 'escrow'));
  const keys = new KeyService({
    ring: new KeyRing(createKeyStore(catalog), escrow),
    cryptography: new KeyCryptography(masterKey, random),
    random,
    uuid: systemIdentifiers.uuid,
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
  };
}
