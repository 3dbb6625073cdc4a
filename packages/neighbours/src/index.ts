/**
 * The parts of neighbouring services that a backup service cannot do without, with true behaviour: identities and
 * policies (iam, sts), keys (kms), organisations and shares (organizations, ram).
 */
export type { AccessChecks } from './authorization/access-checks.ts';
export { type AccessCheck, Authorizer } from './authorization/authorizer.ts';
export { type BackupResources, type BackupScope, backupChecks } from './authorization/backup-checks.ts';
export { type CopyFacts, copyChecks } from './authorization/copy-checks.ts';
export { type AuthorizePorts, createAuthorize } from './authorization/create-authorize.ts';
export { isPrincipalThere } from './authorization/is-principal-there.ts';
export {
  NO_ORGANIZATION,
  type OrganizationLookup,
  type OrganizationPlace,
} from './authorization/organization-lookup.ts';
export { RoleAccess, type RoleOutcome } from './authorization/role-access.ts';
export { createIamHandlers } from './iam/create-iam-handlers.ts';
export type { IamPorts } from './iam/iam-ports.ts';
export {
  type BootstrapOutcome,
  type BootstrapRequest,
  bootstrapAccount,
  ensureDefaultRole,
  FIRST_ACCOUNT,
} from './identity/bootstrap.ts';
export { type AccessKeyPorts, createAccessKey } from './identity/create-access-key.ts';
export { IdentityCredentials } from './identity/credentials.ts';
export { type RandomBytes, secureRandomBytes } from './identity/entity-id.ts';
export type {
  AccessKeyRecord,
  AccountRecord,
  GroupRecord,
  ManagedPolicyRecord,
  RoleRecord,
  UserRecord,
} from './identity/identity-records.ts';
export { type IdentityStore, nameKey } from './identity/identity-store.ts';
export { removeExpiredSessions } from './identity/issue-session.ts';
export { ensureServiceLinkedRole, SERVICE_LINKED_ROLES } from './identity/service-linked-roles.ts';
export type { SessionRecord, SessionStore } from './identity/session-store.ts';
export { createKmsHandlers } from './kms/create-kms-handlers.ts';
export { ExternalKeyError, type ExternalKeyProblem, type ExternalKeyStore } from './kms/external-key-store.ts';
export { FileKeyEscrow } from './kms/file-key-escrow.ts';
export { KeyAccess, type KeyQuestion } from './kms/key-access.ts';
export { KeyCryptography } from './kms/key-cryptography.ts';
export { type KeyEscrow, NO_ESCROW } from './kms/key-escrow.ts';
export type { AliasRecord, GrantRecord, KeyRecord } from './kms/key-records.ts';
export { KeyRing } from './kms/key-ring.ts';
export { DEFAULT_KEY_ALIAS, type KeyMaintenancePlan, KeyService } from './kms/key-service.ts';
export { type KeyScope, type KeyStore, keyArn } from './kms/key-store.ts';
export type { KmsPorts } from './kms/kms-ports.ts';
export {
  type AwsKmsSettings,
  type ExternalKeyStoreSettings,
  openExternalKeyStore,
} from './kms/open-external-key-store.ts';
export { type ServiceGrant, ServiceGrants } from './kms/service-grants.ts';
export type { TransitSettings } from './kms/transit-key-store.ts';
export { VaultKeyProvider, type WrappedDataKey } from './kms/vault-key-provider.ts';
export { createOrganizationHandlers } from './organizations/create-organization-handlers.ts';
export { mergeInheritedPolicies, type PlainPolicy } from './organizations/merge-inherited-policies.ts';
export { OrganizationDirectory, type OrganizationMembership } from './organizations/organization-directory.ts';
export type { OrganizationPorts } from './organizations/organization-ports.ts';
export type {
  MemberRecord,
  OrganizationPolicyRecord,
  OrganizationRecord,
  UnitRecord,
} from './organizations/organization-records.ts';
export type { OrganizationStore } from './organizations/organization-store.ts';
export { type Arn, accountOfArn, parseArn } from './policy/arn.ts';
export { ConditionContext, type ConditionValue } from './policy/condition-context.ts';
export { type DecidingStatement, type Decision, denialReason, type PolicyLayer } from './policy/decision.ts';
export {
  type AccessRequest,
  type ApplicablePolicies,
  evaluatePolicies,
  type NamedPolicy,
} from './policy/evaluate-policies.ts';
export { parsePolicy } from './policy/parse-policy.ts';
export {
  type ConditionClause,
  MalformedPolicyError,
  type PolicyDocument,
  type PolicyKind,
  type PolicyStatement,
} from './policy/policy-document.ts';
export type { RequestPrincipal } from './policy/request-principal.ts';
export { createRamHandlers } from './ram/create-ram-handlers.ts';
export type { RamPorts } from './ram/ram-ports.ts';
export { ShareDirectory } from './ram/share-directory.ts';
export type { ResourceShareRecord, ShareStore } from './ram/share-records.ts';
export {
  GLOBAL_SCOPE,
  type RecordCollection,
  type RecordPage,
  type RecordPageRequest,
  type Transactions,
} from './records/record-collection.ts';
export { loadMasterKey, type MasterKeySource } from './secrets/load-master-key.ts';
export { MasterKey } from './secrets/master-key.ts';
export { SecretBox } from './secrets/secret-box.ts';
export { createStsHandlers } from './sts/create-sts-handlers.ts';
export type { StsPorts } from './sts/sts-ports.ts';
