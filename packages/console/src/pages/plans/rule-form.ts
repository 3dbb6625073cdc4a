/** A backup rule as a form holds it, and as the API takes it. */
import type { BackupRule, BackupRuleInput } from '@aws-sdk/client-backup';
import {
  KEEP_35_DAYS,
  type LifecycleForm,
  lifecycleForm,
  lifecycleOf,
  lifecycleProblem,
} from '../../components/lifecycle-fields.tsx';
import { type TagEntry, tagMap } from '../../components/tag-fields.tsx';

export const FREQUENCIES = ['hourly', '12-hours', 'daily', 'weekly', 'monthly', 'cron'] as const;
export type Frequency = (typeof FREQUENCIES)[number];
export const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

export interface RuleForm {
  readonly name: string;
  readonly vault: string;
  readonly frequency: Frequency;
  readonly weekdays: readonly string[];
  readonly dayOfMonth: string;
  /** `hh:mm` */
  readonly startTime: string;
  readonly timeZone: string;
  readonly expression: string;
  readonly startHours: string;
  readonly completeHours: string;
  readonly isContinuous: boolean;
  readonly lifecycle: LifecycleForm;
  readonly copies: readonly { readonly vaultArn: string; readonly lifecycle: LifecycleForm }[];
  readonly tags: readonly TagEntry[];
}

/** Defaults of the guide: 01:00 local time, 8 hours to start, 7 days to complete (PLAN-59). */
export const NEW_RULE: RuleForm = {
  name: '',
  vault: 'Default',
  frequency: 'daily',
  weekdays: ['SUN'],
  dayOfMonth: '1',
  startTime: '01:00',
  timeZone: 'Etc/UTC',
  expression: 'cron(0 5 ? * * *)',
  startHours: '8',
  completeHours: '168',
  isContinuous: false,
  lifecycle: KEEP_35_DAYS,
  copies: [],
  tags: [],
};

/** The schedule of the form as an expression of the API. */
export function expressionOf(form: RuleForm): string {
  const [hour = '0', minute = '0'] = form.startTime.split(':');
  const at = `${Number(minute)} ${Number(hour)}`;
  switch (form.frequency) {
    case 'hourly':
      return `cron(${Number(minute)} * ? * * *)`;
    case '12-hours':
      return `cron(${Number(minute)} ${Number(hour) % 12}/12 ? * * *)`;
    case 'daily':
      return `cron(${at} ? * * *)`;
    case 'weekly':
      return `cron(${at} ? * ${form.weekdays.join(',')} *)`;
    case 'monthly':
      return `cron(${at} ${form.dayOfMonth} * ? *)`;
    default:
      return form.expression;
  }
}

/** The part of the form that an expression means; one that the form has no words for stays an expression. */
export function scheduleOf(expression: string): Partial<RuleForm> {
  const pad = (text: string): string => text.padStart(2, '0');
  const daily = /^cron\((\d+) (\d+) (?:\?|\*) \* (?:\?|\*) \*\)$/.exec(expression);
  if (daily !== null) return { frequency: 'daily', startTime: `${pad(daily[2] ?? '')}:${pad(daily[1] ?? '')}` };
  const hourly = /^cron\((\d+) \* (?:\?|\*) \* (?:\?|\*) \*\)$/.exec(expression);
  if (hourly !== null) return { frequency: 'hourly', startTime: `00:${pad(hourly[1] ?? '')}` };
  const half = /^cron\((\d+) (\d+)\/12 \? \* \* \*\)$/.exec(expression);
  if (half !== null) return { frequency: '12-hours', startTime: `${pad(half[2] ?? '')}:${pad(half[1] ?? '')}` };
  const weekly = /^cron\((\d+) (\d+) \? \* ([A-Z,]+) \*\)$/.exec(expression);
  if (weekly !== null) {
    const startTime = `${pad(weekly[2] ?? '')}:${pad(weekly[1] ?? '')}`;
    return { frequency: 'weekly', startTime, weekdays: (weekly[3] ?? '').split(',') };
  }
  const monthly = /^cron\((\d+) (\d+) (\d+|L) \* \? \*\)$/.exec(expression);
  if (monthly !== null) {
    const startTime = `${pad(monthly[2] ?? '')}:${pad(monthly[1] ?? '')}`;
    return { frequency: 'monthly', startTime, dayOfMonth: monthly[3] ?? '1' };
  }
  return { frequency: 'cron', expression };
}

export function ruleForm(rule: BackupRule): RuleForm {
  return {
    ...NEW_RULE,
    ...scheduleOf(rule.ScheduleExpression ?? 'cron(0 5 ? * * *)'),
    name: rule.RuleName ?? '',
    vault: rule.TargetBackupVaultName ?? 'Default',
    timeZone: rule.ScheduleExpressionTimezone ?? 'Etc/UTC',
    startHours: String((rule.StartWindowMinutes ?? 480) / 60),
    completeHours: String((rule.CompletionWindowMinutes ?? 10_080) / 60),
    isContinuous: rule.EnableContinuousBackup === true,
    lifecycle: lifecycleForm(rule.Lifecycle),
    copies: (rule.CopyActions ?? []).map((copy) => ({
      vaultArn: copy.DestinationBackupVaultArn ?? '',
      lifecycle: lifecycleForm(copy.Lifecycle),
    })),
    tags: Object.entries(rule.RecoveryPointTags ?? {}).map(([key, value]) => ({ key, value })),
  };
}

export function ruleInput(form: RuleForm): BackupRuleInput {
  return {
    RuleName: form.name,
    TargetBackupVaultName: form.vault,
    ScheduleExpression: expressionOf(form),
    ScheduleExpressionTimezone: form.timeZone,
    StartWindowMinutes: Math.round(Number(form.startHours) * 60),
    CompletionWindowMinutes: Math.round(Number(form.completeHours) * 60),
    Lifecycle: lifecycleOf(form.lifecycle),
    RecoveryPointTags: tagMap(form.tags),
    EnableContinuousBackup: form.isContinuous ? true : undefined,
    CopyActions:
      form.copies.length === 0
        ? undefined
        : form.copies.map(({ vaultArn, lifecycle }) => ({
            DestinationBackupVaultArn: vaultArn,
            Lifecycle: lifecycleOf(lifecycle),
          })),
  };
}

/** A rule that exists as the API takes it back when the plan is updated. */
export function keptRule({ RuleId: _id, ...rule }: BackupRule): BackupRuleInput {
  return rule as BackupRuleInput;
}

/** Why a rule cannot be saved as it stands: a key of the texts. */
export function ruleProblem(form: RuleForm): string | undefined {
  if (!/^[a-zA-Z0-9\-_.]{1,50}$/.test(form.name)) return 'plans.ruleNameRule';
  if (!(Number(form.startHours) >= 1)) return 'plans.startWithinRule';
  if (!(Number(form.completeHours) > Number(form.startHours))) return 'plans.completeWithinRule';
  if (form.frequency === 'weekly' && form.weekdays.length === 0) return 'plans.weekdaysRule';
  if (form.copies.some(({ vaultArn }) => !vaultArn.startsWith('arn:'))) return 'plans.copyRule';
  return [form.lifecycle, ...form.copies.map(({ lifecycle }) => lifecycle)]
    .map(lifecycleProblem)
    .find((problem) => problem !== undefined);
}
