/** The rules that a plan must keep before it is stored (PLAN-63, PLAN-67, PLAN-79, PLAN-85, PLAN-95, BKP-80). */
import { parseVaultArn } from '../arn.ts';
import { invalidParameter, missingParameter } from '../errors.ts';
import { readLifecycle } from '../recovery-points/lifecycle-rules.ts';
import { isAtMostHourly, SHORTEST_INTERVAL_MINUTES } from '../schedule/frequency.ts';
import { parseSchedule } from '../schedule/parse-schedule.ts';
import { DEFAULT_TIME_ZONE, type Schedule, ScheduleExpressionError } from '../schedule/schedule.ts';
import { checkTags } from '../tags/tag-rules.ts';
import type { BackupPlanDocument, BackupPlanInput, BackupRule, BackupRuleInput } from './backup-plan.ts';

/** What the service assumes where a rule is silent. */
export const RULE_DEFAULTS = {
  scheduleExpression: 'cron(0 5 ? * * *)',
  timeZone: DEFAULT_TIME_ZONE,
  startWindowMinutes: 480,
  completionWindowMinutes: 10_080,
} as const;

const NAME = /^[a-zA-Z0-9\-_.]{1,50}$/;
const VAULT_NAME = /^[a-zA-Z0-9\-_]{2,50}$/;
const OPTION = /^[a-zA-Z0-9\-_.]{1,50}$/;
const SHORTEST_START_WINDOW_MINUTES = 60;
/** 100 years. */
const LONGEST_WINDOW_MINUTES = 52_560_000;
const LONGEST_CONTINUOUS_DAYS = 35;
/** Schedules are read at every look at a plan; parsing them once is enough. */
const PARSED = new Map<string, Schedule>();
const MOST_PARSED = 2000;

/**
 * Checks a plan and fills in defaults. Rules get the identifiers that `ruleId` gives them.
 * @throws ServiceError InvalidParameterValueException or MissingParameterValueException
 */
export function readPlan(
  input: BackupPlanInput,
  tagLimit: number,
  ruleId: (rule: BackupRuleInput, index: number) => string,
): BackupPlanDocument {
  if (!NAME.test(input.BackupPlanName)) {
    throw invalidParameter(
      `BackupPlanName must be 1 to 50 letters, digits or - _ . , not "${input.BackupPlanName}".`,
      'BackupPlanName',
    );
  }
  if (input.Rules.length === 0) throw missingParameter('BackupPlan.Rules');
  checkAdvancedSettings(input.AdvancedBackupSettings);
  const rules = input.Rules.map((rule, index) => readRule(rule, tagLimit, ruleId(rule, index)));
  checkContinuousVaults(rules);
  return { ...input, Rules: rules };
}

/** A rule's schedule; the expression was checked when the plan was stored. */
export function scheduleOf(rule: Pick<BackupRule, 'ScheduleExpression' | 'ScheduleExpressionTimezone'>): Schedule {
  const key = `${rule.ScheduleExpressionTimezone} ${rule.ScheduleExpression}`;
  const known = PARSED.get(key);
  if (known !== undefined) return known;
  const schedule = parseSchedule(rule.ScheduleExpression, rule.ScheduleExpressionTimezone);
  if (PARSED.size >= MOST_PARSED) PARSED.clear();
  PARSED.set(key, schedule);
  return schedule;
}

function readRule(rule: BackupRuleInput, tagLimit: number, ruleId: string): BackupRule {
  const where = `rule "${rule.RuleName}"`;
  if (!NAME.test(rule.RuleName)) {
    throw invalidParameter(`RuleName must be 1 to 50 letters, digits or - _ . , not "${rule.RuleName}".`, 'RuleName');
  }
  if (!VAULT_NAME.test(rule.TargetBackupVaultName)) {
    throw invalidParameter(
      `TargetBackupVaultName of ${where} must be 2 to 50 letters, digits, hyphens or underscores, not "${rule.TargetBackupVaultName}".`,
      'TargetBackupVaultName',
    );
  }
  checkVaultArn(rule.TargetLogicallyAirGappedBackupVaultArn, 'TargetLogicallyAirGappedBackupVaultArn', where);
  checkWindow(rule.StartWindowMinutes, SHORTEST_START_WINDOW_MINUTES, 'StartWindowMinutes', where);
  checkWindow(rule.CompletionWindowMinutes, 1, 'CompletionWindowMinutes', where);
  checkRetention(rule, where);
  for (const copy of rule.CopyActions ?? []) {
    checkVaultArn(copy.DestinationBackupVaultArn, 'DestinationBackupVaultArn', where);
    readLifecycle(copy.Lifecycle);
  }
  checkTags(rule.RecoveryPointTags, tagLimit);
  const complete: BackupRule = {
    ...rule,
    RuleId: ruleId,
    ScheduleExpression: rule.ScheduleExpression ?? RULE_DEFAULTS.scheduleExpression,
    ScheduleExpressionTimezone: rule.ScheduleExpressionTimezone ?? RULE_DEFAULTS.timeZone,
    StartWindowMinutes: rule.StartWindowMinutes ?? RULE_DEFAULTS.startWindowMinutes,
    CompletionWindowMinutes: rule.CompletionWindowMinutes ?? RULE_DEFAULTS.completionWindowMinutes,
  };
  checkSchedule(complete, where);
  return complete;
}

function checkSchedule(rule: BackupRule, where: string): void {
  let schedule: Schedule;
  try {
    schedule = scheduleOf(rule);
  } catch (error) {
    if (!(error instanceof ScheduleExpressionError)) throw error;
    throw invalidParameter(`The schedule of ${where} is not valid: ${error.message}.`, 'ScheduleExpression');
  }
  if (!isAtMostHourly(schedule)) {
    throw invalidParameter(
      `The schedule of ${where} is too frequent: backups can start at most every ${SHORTEST_INTERVAL_MINUTES} minutes.`,
      'ScheduleExpression',
    );
  }
}

function checkWindow(minutes: number | undefined, shortest: number, name: string, where: string): void {
  if (minutes === undefined) return;
  if (Number.isInteger(minutes) && minutes >= shortest && minutes <= LONGEST_WINDOW_MINUTES) return;
  throw invalidParameter(
    `${name} of ${where} must be from ${shortest} to ${LONGEST_WINDOW_MINUTES} minutes, not ${minutes}.`,
    name,
  );
}

/** Continuous backups live 1 to 35 days and never go cold (PLAN-79, BKP-83). */
function checkRetention(rule: BackupRuleInput, where: string): void {
  const lifecycle = readLifecycle(rule.Lifecycle);
  if (rule.EnableContinuousBackup !== true) return;
  const days = lifecycle?.deleteAfterDays;
  if (days === undefined || days > LONGEST_CONTINUOUS_DAYS || lifecycle?.moveToColdStorageAfterDays !== undefined) {
    throw invalidParameter(
      `Continuous backups are kept 1 to ${LONGEST_CONTINUOUS_DAYS} days in warm storage: give ${where} a Lifecycle with ` +
        'DeleteAfterDays in that range and no MoveToColdStorageAfterDays.',
      'Lifecycle',
    );
  }
}

function checkVaultArn(arn: string | undefined, name: string, where: string): void {
  if (arn === undefined) return;
  const vault = parseVaultArn(arn);
  if (vault === undefined || !VAULT_NAME.test(vault.name) || vault.accountId === '' || vault.region === '') {
    throw invalidParameter(
      `${name} of ${where} must be a vault ARN such as arn:aws:backup:us-east-1:123456789012:backup-vault:name, not "${arn}".`,
      name,
    );
  }
}

/** Several continuous rules must use one vault (BKP-80). */
function checkContinuousVaults(rules: readonly BackupRule[]): void {
  const vaults = new Set(rules.filter((rule) => rule.EnableContinuousBackup).map((rule) => rule.TargetBackupVaultName));
  if (vaults.size <= 1) return;
  throw invalidParameter(
    `The plan has continuous backup rules for different vaults (${[...vaults].join(', ')}). ` +
      'Continuous backups of a resource go to one vault: use the same TargetBackupVaultName in all of them.',
    'Rules',
  );
}

function checkAdvancedSettings(settings: BackupPlanInput['AdvancedBackupSettings']): void {
  for (const { ResourceType, BackupOptions } of settings ?? []) {
    if (ResourceType !== undefined && ResourceType !== 'EC2') {
      throw invalidParameter(
        `AdvancedBackupSettings exist for the resource type EC2 only (Windows VSS), not for "${ResourceType}".`,
        'AdvancedBackupSettings',
      );
    }
    for (const [option, value] of Object.entries(BackupOptions ?? {})) {
      const isKnown = option === 'WindowsVSS' && (value === 'enabled' || value === 'disabled');
      if (!isKnown || !OPTION.test(option)) {
        throw invalidParameter(
          `The backup option "${option}" = "${value}" does not exist; use WindowsVSS = enabled or disabled.`,
          'BackupOptions',
        );
      }
    }
  }
}
