import type { NamedPolicy } from '../policy/evaluate-policies.ts';

/** An account's place in its organisation, as far as policies care. */
export interface OrganizationPlace {
  readonly organizationId: string;
  readonly managementAccountId: string;
  /** `o-…/r-…/ou-…/`: from the organisation to the unit that holds the account. */
  readonly path: string;
  /** Service control policies from the root to the account, one list per level; empty while that type is not enabled. */
  readonly serviceControl: readonly (readonly NamedPolicy[])[];
}

export interface OrganizationLookup {
  /** Undefined for an account that is in no organisation. */
  placeOf(accountId: string): Promise<OrganizationPlace | undefined>;
}

/** For installations without organisations, and for tests. */
export const NO_ORGANIZATION: OrganizationLookup = { placeOf: async () => undefined };
