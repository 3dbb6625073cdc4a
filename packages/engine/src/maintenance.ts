/**
 * Operations on a whole vault, on `Repository.parts`: online collection, copies between vaults, the cold tier,
 * verification and healing, retention and holds, recovery without a database. Each has a plan that can be shown.
 */

export { BUNDLE_DEFAULTS, type BundleOptions } from './cold/bundle-small-packs.ts';
export { executeTiers, planTiers, type TierOutcome, type TierPlan } from './cold/move-tiers.ts';
export { planWarmUp, stepWarmUp, type WarmUpPlan, type WarmUpProgress } from './cold/restore-from-cold.ts';
export { type AuditFinding, type AuditOutcome, auditVault } from './collect/audit-vault.ts';
export { type CollectionOutcome, executeCollection } from './collect/execute-collection.ts';
export {
  COLLECTION_DEFAULTS,
  type CollectionOptions,
  type CollectionPlan,
  planCollection,
} from './collect/plan-collection.ts';
export { executeReconcile, planReconcile, RECONCILE_DEFAULTS, type ReconcilePlan } from './collect/reconcile.ts';
export { type CopyOutcome, type CopyProgress, type CopyRequest, copyRecoveryPoint } from './copy/copy-point.ts';
export { executeRecovery, type RecoveryOutcome } from './recover/execute-recovery.ts';
export { planRecovery, type RecoveredPoint, type RecoverParts, type RecoveryPlan } from './recover/recover-vault.ts';
export { changeRetention } from './retention/change-retention.ts';
export { holdsOn, placeHold, releaseHold } from './retention/legal-hold.ts';
export type { VaultParts } from './retention/vault-parts.ts';
export { type AffectedRecoveryPoint, affectedItems } from './verify/affected-items.ts';
export { type HealOutcome, healPacks, vaultHealSource } from './verify/heal.ts';
export {
  executeIndexRepair,
  type IndexRepairOutcome,
  type IndexRepairPlan,
  planIndexRepair,
} from './verify/repair-index.ts';
export {
  executeVerification,
  planVerification,
  VERIFICATION_DEFAULTS,
  type VerificationOutcome,
  type VerificationPlan,
} from './verify/verify-vault.ts';
