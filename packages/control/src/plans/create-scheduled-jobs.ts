import { backupArn, parseVaultArn } from '../arn.ts';
import type { BackupJobRecord } from '../backup-jobs/backup-job-store.ts';
import { backupTarget } from '../backup-jobs/backup-target.ts';
import { newBackupJob } from '../backup-jobs/new-backup-job.ts';
import { readLifecycle } from '../recovery-points/lifecycle-rules.ts';
import type { RecoveryPointCreator } from '../recovery-points/recovery-point-store.ts';
import type { Tags } from '../scope.ts';
import { regionSettings } from '../settings/region-settings.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { BackupPlanRecord, BackupRule } from './backup-plan.ts';
import { plannedTags, type ScheduledBackupJob } from './plan-firings.ts';
import type { SchedulerPorts } from './scheduler-ports.ts';
import type { ScopeResource } from './scope-snapshot.ts';

/** Writes a plan's jobs within the transaction around the caller; the jobs as they were stored. */
export async function createScheduledJobs(
  ports: SchedulerPorts,
  plan: BackupPlanRecord,
  jobs: readonly ScheduledBackupJob<ScopeResource>[],
): Promise<readonly BackupJobRecord[]> {
  if (jobs.length === 0) return [];
  const planTags = await tagsOf(ports, plan);
  const vaults = new Map<string, RuleVaults>();
  const { management } = await regionSettings(ports, plan);
  const stored: BackupJobRecord[] = [];
  for (const job of jobs) {
    const ruleVaults = vaults.get(job.rule.RuleId) ?? (await vaultsOf(ports, plan, job.rule));
    vaults.set(job.rule.RuleId, ruleVaults);
    const target = backupTarget({
      ...ruleVaults,
      resource: job.resource,
      lifecycle: readLifecycle(job.rule.Lifecycle),
      isContinuous: job.isContinuous,
      isDynamoDbAdvanced: management['DynamoDB'] !== false,
    });
    const written = newBackupJob(ports, {
      ...target,
      resource: job.resource,
      iamRoleArn: job.iamRoleArn,
      recoveryPointTags: plannedTags(planTags, job.rule),
      backupOptions: job.backupOptions,
      createdBy: creatorOf(plan, job.rule),
      scheduledAt: job.scheduledAt,
      startWindowMinutes: job.rule.StartWindowMinutes,
      completeWindowMinutes: job.completeBy === undefined ? undefined : job.rule.CompletionWindowMinutes,
      isContinuous: job.isContinuous,
      hasCopies: job.isContinuous && (job.rule.CopyActions ?? []).length > 0 ? true : undefined,
    });
    stored.push(await ports.stores.backupJobs.create(written));
  }
  return stored;
}

/** The plan, version and rule as they stand on jobs and recovery points (TYPE-168). */
export function creatorOf(plan: BackupPlanRecord, rule: BackupRule): RecoveryPointCreator {
  return {
    backupPlanId: plan.planId,
    backupPlanArn: plan.arn,
    backupPlanName: plan.document.BackupPlanName,
    backupPlanVersion: plan.versionId,
    backupRuleId: rule.RuleId,
    backupRuleName: rule.RuleName,
    backupRuleCron: rule.ScheduleExpression,
    backupRuleTimezone: rule.ScheduleExpressionTimezone,
  };
}

async function tagsOf(ports: SchedulerPorts, plan: BackupPlanRecord): Promise<Tags> {
  const page = await ports.stores.tags.list(plan.accountId, plan.arn, { limit: 1000 });
  return Object.fromEntries(page.items.map(({ key, value }) => [key, value]));
}

interface RuleVaults {
  readonly vault: BackupVaultRecord;
  readonly airGapped: BackupVaultRecord | undefined;
}

async function vaultsOf(ports: SchedulerPorts, plan: BackupPlanRecord, rule: BackupRule): Promise<RuleVaults> {
  const named = async (name: string): Promise<BackupVaultRecord> =>
    (await ports.stores.vaults.get(plan, name)) ?? missingVault(plan, name);
  const airGapped = parseVaultArn(rule.TargetLogicallyAirGappedBackupVaultArn ?? '');
  return {
    vault: await named(rule.TargetBackupVaultName),
    airGapped: airGapped === undefined ? undefined : await named(airGapped.name),
  };
}

/** Stands for a vault that was deleted: no repository has its ID, so its jobs fail and say so (VAULT-54). */
function missingVault(plan: BackupPlanRecord, name: string): BackupVaultRecord {
  return {
    accountId: plan.accountId,
    region: plan.region,
    vaultId: MISSING_VAULT_ID,
    name,
    arn: backupArn(plan, 'backup-vault', name),
    type: 'BACKUP_VAULT',
    state: 'FAILED',
    encryptionKeyArn: '',
    encryptionKeyType: 'AWS_OWNED_KMS_KEY',
    createdAt: 0,
    recoveryPointCount: 0,
  };
}

/** `vaultId` of jobs whose plan names a vault that does not exist. */
export const MISSING_VAULT_ID = 'missing';
