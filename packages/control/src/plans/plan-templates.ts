import type { BackupPlanInput } from './backup-plan.ts';

/** A plan to start from (PLAN-19). */
export interface BackupPlanTemplate {
  readonly templateId: string;
  readonly name: string;
  readonly plan: BackupPlanInput;
}

const VAULT = 'Default';

function daily(deleteAfterDays: number): BackupPlanInput['Rules'][number] {
  return rule('DailyBackups', 'cron(0 5 ? * * *)', { DeleteAfterDays: deleteAfterDays });
}

function weekly(deleteAfterDays: number): BackupPlanInput['Rules'][number] {
  return rule('WeeklyBackups', 'cron(0 5 ? * 7 *)', { DeleteAfterDays: deleteAfterDays });
}

/** Monthly backups are kept long enough to be worth moving to cold storage where the resource type has it. */
function monthly(moveToColdStorageAfterDays: number, deleteAfterDays: number): BackupPlanInput['Rules'][number] {
  return rule('MonthlyBackups', 'cron(0 5 1 * ? *)', {
    MoveToColdStorageAfterDays: moveToColdStorageAfterDays,
    DeleteAfterDays: deleteAfterDays,
  });
}

function rule(
  name: string,
  schedule: string,
  lifecycle: NonNullable<BackupPlanInput['Rules'][number]['Lifecycle']>,
): BackupPlanInput['Rules'][number] {
  return {
    RuleName: name,
    TargetBackupVaultName: VAULT,
    ScheduleExpression: schedule,
    ScheduleExpressionTimezone: 'Etc/UTC',
    StartWindowMinutes: 480,
    CompletionWindowMinutes: 10_080,
    Lifecycle: lifecycle,
  };
}

function template(templateId: string, name: string, rules: BackupPlanInput['Rules']): BackupPlanTemplate {
  return { templateId, name, plan: { BackupPlanName: name, Rules: rules } };
}

/** The templates that every installation has. Identifiers are part of the product and never change. */
export const BACKUP_PLAN_TEMPLATES: readonly BackupPlanTemplate[] = [
  template('3f5d2b0e-8c41-4a7e-9d16-6a1c7be0f201', 'Daily-35day-Retention', [daily(35)]),
  template('3f5d2b0e-8c41-4a7e-9d16-6a1c7be0f202', 'Daily-Monthly-1yr-Retention', [daily(35), monthly(30, 365)]),
  template('3f5d2b0e-8c41-4a7e-9d16-6a1c7be0f203', 'Daily-Weekly-Monthly-5yr-Retention', [
    daily(35),
    weekly(90),
    monthly(90, 1825),
  ]),
  template('3f5d2b0e-8c41-4a7e-9d16-6a1c7be0f204', 'Daily-Weekly-Monthly-7yr-Retention', [
    daily(35),
    weekly(90),
    monthly(90, 2555),
  ]),
];
