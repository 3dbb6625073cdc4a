/** From unchecked JSON to the shape of a plan: types only; `readPlan` checks the values. */
import { invalidParameter, invalidRequest, missingParameter } from '../errors.ts';
import type { BackupPlanInput, BackupRuleInput } from './backup-plan.ts';
import type { PlanJson } from './plan-template-text.ts';

type LifecycleInput = NonNullable<BackupRuleInput['Lifecycle']>;
type CopyActionInput = NonNullable<BackupRuleInput['CopyActions']>[number];
type AdvancedSetting = NonNullable<BackupPlanInput['AdvancedBackupSettings']>[number];

/**
 * Reads a plan that somebody wrote by hand. Numbers may be written as texts ("480"), as in printed examples.
 * @throws ServiceError InvalidParameterValueException for an unknown member, InvalidRequestException for a wrong type
 */
export function planFromJson(json: PlanJson): BackupPlanInput {
  const members = reader(json, 'BackupPlan', ['BackupPlanName', 'Rules', 'AdvancedBackupSettings']);
  return definedOnly<BackupPlanInput>({
    BackupPlanName: members.requiredText('BackupPlanName'),
    Rules: members.requiredList('Rules').map(ruleFromJson),
    AdvancedBackupSettings: members.list('AdvancedBackupSettings')?.map(settingFromJson),
  });
}

function ruleFromJson(json: unknown): BackupRuleInput {
  const members = reader(json, 'Rules', [
    'RuleName',
    'RuleId',
    'TargetBackupVaultName',
    'TargetLogicallyAirGappedBackupVaultArn',
    'ScheduleExpression',
    'ScheduleExpressionTimezone',
    'StartWindowMinutes',
    'CompletionWindowMinutes',
    'Lifecycle',
    'RecoveryPointTags',
    'CopyActions',
    'EnableContinuousBackup',
  ]);
  return definedOnly<BackupRuleInput>({
    RuleName: members.requiredText('RuleName'),
    TargetBackupVaultName: members.requiredText('TargetBackupVaultName'),
    TargetLogicallyAirGappedBackupVaultArn: members.text('TargetLogicallyAirGappedBackupVaultArn'),
    ScheduleExpression: members.text('ScheduleExpression'),
    ScheduleExpressionTimezone: members.text('ScheduleExpressionTimezone'),
    StartWindowMinutes: members.number('StartWindowMinutes'),
    CompletionWindowMinutes: members.number('CompletionWindowMinutes'),
    Lifecycle: members.map('Lifecycle', lifecycleFromJson),
    RecoveryPointTags: members.map('RecoveryPointTags', textsFromJson),
    CopyActions: members.list('CopyActions')?.map(copyActionFromJson),
    EnableContinuousBackup: members.flag('EnableContinuousBackup'),
  });
}

function lifecycleFromJson(json: unknown): LifecycleInput {
  const names = ['MoveToColdStorageAfterDays', 'DeleteAfterDays', 'OptInToArchiveForSupportedResources'];
  const members = reader(json, 'Lifecycle', names);
  return definedOnly<LifecycleInput>({
    MoveToColdStorageAfterDays: members.number('MoveToColdStorageAfterDays'),
    DeleteAfterDays: members.number('DeleteAfterDays'),
    OptInToArchiveForSupportedResources: members.flag('OptInToArchiveForSupportedResources'),
  });
}

function copyActionFromJson(json: unknown): CopyActionInput {
  const members = reader(json, 'CopyActions', ['DestinationBackupVaultArn', 'Lifecycle']);
  return definedOnly<CopyActionInput>({
    DestinationBackupVaultArn: members.requiredText('DestinationBackupVaultArn'),
    Lifecycle: members.map('Lifecycle', lifecycleFromJson),
  });
}

function settingFromJson(json: unknown): AdvancedSetting {
  const members = reader(json, 'AdvancedBackupSettings', ['ResourceType', 'BackupOptions']);
  return definedOnly<AdvancedSetting>({
    ResourceType: members.text('ResourceType'),
    BackupOptions: members.map('BackupOptions', textsFromJson),
  });
}

function textsFromJson(json: unknown): Record<string, string> {
  const members = reader(json, 'map', undefined);
  return Object.fromEntries(members.names.map((name) => [name, members.requiredText(name)]));
}

/** Unset stays unset: members that are undefined are left out. */
function definedOnly<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

function reader(json: unknown, what: string, known: readonly string[] | undefined) {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrongType(what, 'an object');
  const members = new Map<string, unknown>(Object.entries(json));
  for (const name of members.keys()) {
    if (known !== undefined && !known.includes(name)) {
      throw invalidParameter(`${what} has the member "${name}", which does not exist.`, name);
    }
  }
  function read<T>(name: string, expected: string, convert: (value: unknown) => T | undefined): T | undefined {
    const value = members.get(name);
    if (value === undefined || value === null) return undefined;
    const converted = convert(value);
    if (converted === undefined) throw wrongType(`${what}.${name}`, expected);
    return converted;
  }
  const text = (name: string) => read(name, 'a text', (value) => (typeof value === 'string' ? value : undefined));
  const list = (name: string) =>
    read(name, 'a list', (value) => (Array.isArray(value) ? (value as unknown[]) : undefined));
  return {
    names: [...members.keys()],
    text,
    list,
    number: (name: string) => read(name, 'a number', asNumber),
    flag: (name: string) => read(name, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined)),
    map: <T>(name: string, convert: (value: unknown) => T) => read(name, 'an object', convert),
    requiredText: (name: string) => text(name) ?? missing(name),
    requiredList: (name: string) => list(name) ?? missing(name),
  };
}

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

function missing(name: string): never {
  throw missingParameter(name);
}

function wrongType(what: string, expected: string): Error {
  return invalidRequest(`${what} must be ${expected}.`, what);
}
