import type { Authorizer } from '../authorization/authorizer.ts';
import type { RandomBytes } from '../identity/entity-id.ts';
import type { IdentityStore } from '../identity/identity-store.ts';
import type { SessionStore } from '../identity/session-store.ts';
import type { SecretBox } from '../secrets/secret-box.ts';

/** What the token service needs. Times come with each request. */
export interface StsPorts {
  readonly store: IdentityStore;
  readonly sessions: SessionStore;
  readonly authorizer: Authorizer;
  /** Seals the secrets of sessions. */
  readonly box: SecretBox;
  readonly random: RandomBytes;
}
