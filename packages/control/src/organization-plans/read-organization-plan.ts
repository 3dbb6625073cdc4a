/**
 * From one plan of an account's effective backup policy to a backup plan with its selections (ORG-43 to ORG-50, ORG-62 to
 * ORG-66). What is optional and wrong is dropped, numbers out of range are moved into it; without what is mandatory there
 * is no plan. Pure.
 */
import { ServiceError } from '@holdfast/wire';
import { parseVaultArn } from '../arn.ts';
import type { BackupPlanInput, BackupRuleInput } from '../plans/backup-plan.ts';
import type { PlanQuotas } from '../plans/plan-ports.ts';
import { readPlan } from '../plans/read-plan.ts';
import type { ApiLifecycle } from '../recovery-points/lifecycle-rules.ts';
import type { Tags } from '../scope.ts';
import type { BackupSelectionDocument } from '../selections/backup-selection-store.ts';
import { checkSelection } from '../selections/read-selection.ts';
import type { PolicyReader } from './policy-reader.ts';

export interface OrganizationPlan {
  readonly regions: readonly string[];
  readonly input: BackupPlanInput;
  readonly tags: Tags;
  readonly selections: readonly BackupSelectionDocument[];
}

export type OrganizationPlanReading =
  | { readonly ok: true; readonly plan: OrganizationPlan }
  | { readonly ok: false; readonly reason: string };

const LONGEST_DAYS = 36_500;
const LONGEST_CONTINUOUS_DAYS = 35;
const COLD_DAYS = 90;
const LONGEST_WINDOW_MINUTES = 52_560_000;
const TAG_LIMIT = 50;

export function readOrganizationPlan(name: string, policy: PolicyReader, quotas: PlanQuotas): OrganizationPlanReading {
  const regions = policy.list('regions');
  if (regions.length === 0) return missing('regions');
  const rules = policy.below('rules').entries();
  if (rules.length === 0) return missing('rules');
  const incomplete = rules.find(
    ([, rule]) => !rule.has('schedule_expression') || !rule.has('target_backup_vault_name'),
  );
  if (incomplete !== undefined) {
    return missing(`schedule_expression or target_backup_vault_name of rule "${incomplete[0]}"`);
  }
  const selections = readSelections(policy.below('selections'), quotas);
  if (selections.length === 0) return missing('selections with iam_role_arn and resources or tags');
  const windowsVss = policy.below('advanced_backup_settings').below('ec2').text('windows_vss');
  const input: BackupPlanInput = {
    BackupPlanName: name,
    Rules: rules.map(([ruleName, rule]) => readRule(ruleName, rule)),
    ...(windowsVss === 'enabled' || windowsVss === 'disabled'
      ? { AdvancedBackupSettings: [{ ResourceType: 'EC2', BackupOptions: { WindowsVSS: windowsVss } }] }
      : {}),
  };
  try {
    readPlan(input, TAG_LIMIT, () => '');
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { ok: false, reason: error.message };
  }
  return { ok: true, plan: { regions, input, tags: readTags(policy.below('backup_plan_tags')), selections } };
}

function missing(what: string): OrganizationPlanReading {
  return { ok: false, reason: `The effective policy lacks ${what}.` };
}

function readRule(name: string, rule: PolicyReader): BackupRuleInput {
  const isContinuous = rule.text('enable_continuous_backup')?.toLowerCase() === 'true';
  const startWindow = rule.number('start_backup_window_minutes', 60, LONGEST_WINDOW_MINUTES);
  const completionWindow = rule.number('complete_backup_window_minutes', 1, LONGEST_WINDOW_MINUTES);
  const timeZone = rule.text('schedule_expression_timezone');
  const airGapped = rule.text('target_logically_air_gapped_backup_vault_arn');
  const lifecycle = readLifecycle(rule.below('lifecycle'), isContinuous);
  const tags = readTags(rule.below('recovery_point_tags'));
  const copies = readCopies(rule.below('copy_actions'));
  return {
    RuleName: name,
    TargetBackupVaultName: rule.text('target_backup_vault_name') ?? '',
    ScheduleExpression: rule.text('schedule_expression') ?? '',
    ...(timeZone === undefined ? {} : { ScheduleExpressionTimezone: timeZone }),
    ...(startWindow === undefined ? {} : { StartWindowMinutes: startWindow }),
    ...(completionWindow === undefined ? {} : { CompletionWindowMinutes: completionWindow }),
    ...(isContinuous ? { EnableContinuousBackup: true } : {}),
    ...(parseVaultArn(airGapped ?? '') === undefined ? {} : { TargetLogicallyAirGappedBackupVaultArn: airGapped }),
    ...(lifecycle === undefined ? {} : { Lifecycle: lifecycle }),
    ...(Object.keys(tags).length === 0 ? {} : { RecoveryPointTags: tags }),
    ...(copies.length === 0 ? {} : { CopyActions: copies }),
  };
}

function readLifecycle(lifecycle: PolicyReader, isContinuous: boolean): ApiLifecycle | undefined {
  if (isContinuous) {
    const days = lifecycle.number('delete_after_days', 1, LONGEST_CONTINUOUS_DAYS);
    return { DeleteAfterDays: days ?? LONGEST_CONTINUOUS_DAYS };
  }
  const cold = lifecycle.number('move_to_cold_storage_after_days', 1, LONGEST_DAYS - COLD_DAYS);
  const least = cold === undefined ? 1 : cold + COLD_DAYS;
  const days = lifecycle.number('delete_after_days', least, LONGEST_DAYS);
  const optIn = lifecycle.text('opt_in_to_archive_for_supported_resources')?.toLowerCase() === 'true';
  if (cold === undefined && days === undefined) return undefined;
  return {
    ...(cold === undefined ? {} : { MoveToColdStorageAfterDays: cold }),
    ...(days === undefined ? {} : { DeleteAfterDays: days }),
    ...(optIn ? { OptInToArchiveForSupportedResources: true } : {}),
  };
}

function readCopies(copies: PolicyReader): NonNullable<BackupRuleInput['CopyActions']> {
  return copies.entries().flatMap(([key, copy]) => {
    const DestinationBackupVaultArn = copy.text('target_backup_vault_arn') ?? key;
    if (parseVaultArn(DestinationBackupVaultArn) === undefined) return [];
    const lifecycle = readLifecycle(copy.below('lifecycle'), false);
    return [{ DestinationBackupVaultArn, ...(lifecycle === undefined ? {} : { Lifecycle: lifecycle }) }];
  });
}

/** Tags are keyed by a label; the real key and value are inside (ORG-46). */
function readTags(tags: PolicyReader): Tags {
  return Object.fromEntries(
    tags.entries().flatMap(([, tag]) => {
      const key = tag.text('tag_key');
      return key === undefined ? [] : [[key, tag.text('tag_value') ?? '']];
    }),
  );
}

function readSelections(selections: PolicyReader, quotas: PlanQuotas): readonly BackupSelectionDocument[] {
  const byTags = selections
    .below('tags')
    .entries()
    .flatMap(([name, tags]) => readTagSelection(name, tags));
  const byResources = selections
    .below('resources')
    .entries()
    .flatMap(([name, one]) => readResourceSelection(name, one));
  return [...byTags, ...byResources].filter((selection) => isValid(selection, quotas));
}

/** Several values are alternatives: one condition each (ORG-47). */
function readTagSelection(name: string, tags: PolicyReader): readonly BackupSelectionDocument[] {
  const [role, key, values] = [tags.text('iam_role_arn'), tags.text('tag_key'), tags.list('tag_value')];
  if (role === undefined || key === undefined || values.length === 0) return [];
  const ListOfTags = values.map((value) => ({
    ConditionType: 'STRINGEQUALS' as const,
    ConditionKey: key,
    ConditionValue: value,
  }));
  return [{ SelectionName: name, IamRoleArn: role, ListOfTags }];
}

function readResourceSelection(name: string, selection: PolicyReader): readonly BackupSelectionDocument[] {
  const [role, Resources] = [selection.text('iam_role_arn'), selection.list('resource_types')];
  if (role === undefined || Resources.length === 0) return [];
  const conditions = selection.below('conditions');
  const operator = (key: string) =>
    conditions
      .below(key)
      .entries()
      .flatMap(([, condition]) => {
        const ConditionKey = condition.text('condition_key');
        return ConditionKey === undefined
          ? []
          : [{ ConditionKey, ConditionValue: condition.text('condition_value') ?? '' }];
      });
  return [
    {
      SelectionName: name,
      IamRoleArn: role,
      Resources: [...Resources],
      NotResources: [...selection.list('not_resource_types')],
      Conditions: {
        StringEquals: operator('string_equals'),
        StringNotEquals: operator('string_not_equals'),
        StringLike: operator('string_like'),
        StringNotLike: operator('string_not_like'),
      },
    },
  ];
}

function isValid(selection: BackupSelectionDocument, quotas: PlanQuotas): boolean {
  try {
    checkSelection(selection, quotas);
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return false;
  }
}
