import type { RecoveryPointCreator } from './recovery-point-store.ts';

/** `CreatedBy` of the API; absent for what was made on demand. */
export function presentCreator(creator: RecoveryPointCreator | undefined) {
  if (creator === undefined) return undefined;
  return {
    BackupPlanId: creator.backupPlanId,
    BackupPlanArn: creator.backupPlanArn,
    BackupPlanName: creator.backupPlanName,
    BackupPlanVersion: creator.backupPlanVersion,
    BackupRuleId: creator.backupRuleId,
    BackupRuleName: creator.backupRuleName,
    BackupRuleCron: creator.backupRuleCron,
    BackupRuleTimezone: creator.backupRuleTimezone,
  };
}
