/** What is kept about accounts and the identities in them. Times are ms since the epoch. */

export type TagMap = Readonly<Record<string, string>>;

export interface AccountRecord {
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  /** A name for the account's sign-in page, unique in the installation. */
  readonly alias?: string | undefined;
  readonly createdAt: number;
}

/** What users, groups and roles have in common: policies hang on them. */
export interface PolicyHolder {
  readonly accountId: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly createdAt: number;
  /** Policy documents by policy name. */
  readonly inlinePolicies: Readonly<Record<string, string>>;
  readonly attachedPolicyArns: readonly string[];
}

export interface UserRecord extends PolicyHolder {
  readonly userName: string;
  /** `AIDA…` */
  readonly userId: string;
  readonly tags: TagMap;
  readonly groupNames: readonly string[];
  readonly permissionsBoundaryArn?: string | undefined;
  readonly accessKeyIds: readonly string[];
  /** Present for users who may sign in to the console. */
  readonly password?: PasswordRecord | undefined;
  readonly passwordLastUsedAt?: number | undefined;
}

/** A password as it is kept: never the text, only what scrypt makes of it. */
export interface PasswordRecord {
  readonly hash: string;
  readonly createdAt: number;
  readonly isResetRequired: boolean;
}

export interface GroupRecord extends PolicyHolder {
  readonly groupName: string;
  /** `AGPA…` */
  readonly groupId: string;
}

export interface RoleRecord extends PolicyHolder {
  readonly roleName: string;
  /** `AROA…` */
  readonly roleId: string;
  /** Who may assume the role: the document as it came. */
  readonly trustPolicy: string;
  readonly description?: string | undefined;
  readonly maxSessionDurationSeconds: number;
  readonly tags: TagMap;
  readonly permissionsBoundaryArn?: string | undefined;
  /** Set for service-linked roles: the service that alone may use and delete it (IAM-78). */
  readonly serviceLinkedTo?: string | undefined;
  readonly lastUsed?: { readonly at: number; readonly region: string } | undefined;
}

export interface PolicyVersionRecord {
  /** `v1`, `v2` … */
  readonly versionId: string;
  readonly document: string;
  readonly createdAt: number;
}

export interface ManagedPolicyRecord {
  readonly accountId: string;
  readonly policyName: string;
  readonly path: string;
  /** `ANPA…` */
  readonly policyId: string;
  readonly description?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** At most five, newest first. */
  readonly versions: readonly PolicyVersionRecord[];
  readonly defaultVersionId: string;
  /** The highest number given to a version so far; 1 when absent. */
  readonly lastVersionNumber?: number | undefined;
  readonly tags: TagMap;
}

export interface AccessKeyRecord {
  /** `AKIA…` */
  readonly accessKeyId: string;
  readonly accountId: string;
  /** Absent for the account's root. */
  readonly userName?: string | undefined;
  /** The secret, sealed with the installation's master key. */
  readonly sealedSecret: string;
  readonly status: 'Active' | 'Inactive';
  readonly createdAt: number;
  readonly lastUsed?: { readonly at: number; readonly region: string; readonly service: string } | undefined;
}
