/** What is kept about organisations. Times are ms since the epoch. */

export type OrganizationPolicyType =
  | 'SERVICE_CONTROL_POLICY'
  | 'BACKUP_POLICY'
  | 'TAG_POLICY'
  | 'AISERVICES_OPT_OUT_POLICY';

export interface DelegatedAdministratorRecord {
  readonly accountId: string;
  readonly servicePrincipal: string;
  readonly enabledAt: number;
}

export interface OrganizationRecord {
  /** `o-…` */
  readonly organizationId: string;
  readonly managementAccountId: string;
  /** `r-…` */
  readonly rootId: string;
  readonly enabledPolicyTypes: readonly OrganizationPolicyType[];
  /** Services with trusted access, by principal: since when. */
  readonly trustedServices: Readonly<Record<string, number>>;
  readonly delegatedAdministrators: readonly DelegatedAdministratorRecord[];
  /** The delegation policy (ORG-29), as text. */
  readonly resourcePolicy?: { readonly id: string; readonly content: string } | undefined;
  /** Tags of the root. */
  readonly rootTags: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** An account as a member of an organisation. */
export interface MemberRecord {
  readonly accountId: string;
  readonly organizationId: string;
  /** Root or unit that holds it. */
  readonly parentId: string;
  readonly name: string;
  readonly email: string;
  readonly joinedMethod: 'INVITED' | 'CREATED';
  readonly joinedAt: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Set for accounts that were made with `CreateAccount`: the request's ID. */
  readonly createRequestId?: string | undefined;
}

export interface UnitRecord {
  /** `ou-…` */
  readonly unitId: string;
  readonly organizationId: string;
  readonly parentId: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface OrganizationPolicyRecord {
  /** `p-…` */
  readonly policyId: string;
  readonly organizationId: string;
  readonly type: OrganizationPolicyType;
  readonly name: string;
  readonly description: string;
  readonly content: string;
  /** Roots, units and accounts that it is attached to. */
  readonly targetIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}
