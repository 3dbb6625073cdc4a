import type { RandomBytes } from '../identity/entity-id.ts';
import type { IdentityStore } from '../identity/identity-store.ts';
import type { OrganizationDirectory } from './organization-directory.ts';
import type { OrganizationStore } from './organization-store.ts';

/** What the handlers of organizations need. Times come with each request. */
export interface OrganizationPorts {
  readonly store: OrganizationStore;
  readonly directory: OrganizationDirectory;
  readonly identity: IdentityStore;
  readonly random: RandomBytes;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Random lower-case letters and digits, as the identifiers of organisations have them. */
export function randomName(random: RandomBytes, length: number): string {
  return [...random(length)].map((byte) => ALPHABET[byte & 31]).join('');
}
