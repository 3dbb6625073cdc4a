/**
 * The parts of neighbouring services that a backup service cannot do without, with true behaviour: identities and
 * policies (iam, sts), keys (kms), organisations and shares (organizations, ram).
 */
export type {
  AccessKeyRecord,
  AccountRecord,
  GroupRecord,
  ManagedPolicyRecord,
  RoleRecord,
  UserRecord,
} from './identity/identity-records.ts';
export { type IdentityStore, nameKey } from './identity/identity-store.ts';
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
export {
  GLOBAL_SCOPE,
  type RecordCollection,
  type RecordPage,
  type RecordPageRequest,
  type Transactions,
} from './records/record-collection.ts';
export { loadMasterKey, type MasterKeySource } from './secrets/load-master-key.ts';
export { MasterKey } from './secrets/master-key.ts';
