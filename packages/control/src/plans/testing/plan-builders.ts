import type { BackupRule } from '../backup-plan.ts';

/** A complete rule; tests say only what matters to them. */
export function aRule(members: Partial<BackupRule> & { readonly RuleId: string }): BackupRule {
  return {
    RuleName: members.RuleId,
    TargetBackupVaultName: 'Default',
    ScheduleExpression: 'cron(0 5 ? * * *)',
    ScheduleExpressionTimezone: 'Etc/UTC',
    StartWindowMinutes: 480,
    CompletionWindowMinutes: 10_080,
    ...members,
  };
}
