import type { RandomBytes } from '../identity/entity-id.ts';
import type { IdentityStore } from '../identity/identity-store.ts';
import type { SecretBox } from '../secrets/secret-box.ts';

/** What the identity service needs. Times come with each request. */
export interface IamPorts {
  readonly store: IdentityStore;
  /** Seals secret access keys. */
  readonly box: SecretBox;
  readonly random: RandomBytes;
  /**
   * Why a service-linked role may not go yet (IAM-83, IAM-85), or an empty list. The server asks the backup service;
   * without it, nothing stands in the way.
   */
  readonly serviceLinkedRoleUses?: (accountId: string, roleName: string) => Promise<readonly string[]>;
}
