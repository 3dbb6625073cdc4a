import type { BackupHandler, BackupOperations } from '../../action.ts';
import { parseVaultArn } from '../../arn.ts';
import { invalidParameter, invalidRequest } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import { readLifecycle } from '../../recovery-points/lifecycle-rules.ts';
import { requestFingerprint } from '../../request-fingerprint.ts';
import { findResource } from '../../resources/find-resource.ts';
import { checkRole } from '../../roles/check-role.ts';
import type { Scope } from '../../scope.ts';
import { isOptedIn, regionSettings } from '../../settings/region-settings.ts';
import { checkTags } from '../../tags/tag-rules.ts';
import { findVault } from '../../vaults/find-vault.ts';
import type { BackupVaultRecord } from '../../vaults/vault-store.ts';
import type { BackupJobRecord, NewBackupJob } from '../backup-job-store.ts';
import { checkBackupOptions } from '../backup-options.ts';
import { backupTarget } from '../backup-target.ts';
import { newBackupJob } from '../new-backup-job.ts';

type Input = BackupOperations['StartBackupJob']['input'];

const MINIMUM_START_WINDOW = 60;
const MAXIMUM_WINDOW = 52_560_000;

/** StartBackupJob (API2-133 to API2-142): an on-demand job of one resource. */
export function startBackupJob(ports: ControlPorts): BackupHandler<'StartBackupJob'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const job = await jobOf(ports, scope, input);
    const stored = await ports.stores.backupJobs.create(job);
    refuseOtherRequest(stored, job);
    if (stored.jobId === job.jobId) {
      ports.emit({ kind: 'backup-job-state', at: job.createdAt, job: stored });
      ports.jobControl.wake();
    }
    return {
      BackupJobId: stored.jobId,
      RecoveryPointArn: stored.recoveryPointArn,
      CreationDate: new Date(stored.createdAt),
      IsParent: stored.isParent,
    };
  };
}

async function jobOf(ports: ControlPorts, scope: Scope, input: Input): Promise<NewBackupJob> {
  checkWindow('StartWindowMinutes', input.StartWindowMinutes, MINIMUM_START_WINDOW);
  checkWindow('CompleteWindowMinutes', input.CompleteWindowMinutes, 1);
  if (input.Index === 'ENABLED') {
    throw invalidParameter('Backup indexes are not supported here. Leave Index out, or set it to DISABLED.', 'Index');
  }
  const lifecycle = readLifecycle(input.Lifecycle);
  const recoveryPointTags = checkTags(input.RecoveryPointTags, ports.quotas.tagsPerResource);
  const { vault, airGapped } = await targetVaults(ports, scope, input);
  const resource = await findResource(ports, scope, input.ResourceArn);
  const backupOptions = checkBackupOptions(input.BackupOptions, resource.resourceType);
  await refuseOptedOut(ports, scope, resource.resourceType);
  await checkRole(ports.roles, scope.accountId, input.IamRoleArn);
  const { management } = await regionSettings(ports, scope);
  const isDynamoDbAdvanced = management['DynamoDB'] !== false;
  return newBackupJob(ports, {
    ...backupTarget({ resource, vault, airGapped, lifecycle, isDynamoDbAdvanced }),
    resource,
    iamRoleArn: input.IamRoleArn,
    recoveryPointTags,
    backupOptions,
    scheduledAt: ports.clock.now(),
    startWindowMinutes: input.StartWindowMinutes,
    completeWindowMinutes: input.CompleteWindowMinutes,
    idempotencyToken: input.IdempotencyToken,
    requestFingerprint: requestFingerprint(input, ['IdempotencyToken']),
  });
}

function checkWindow(name: string, minutes: number | undefined, minimum: number): void {
  if (minutes === undefined || (Number.isInteger(minutes) && minutes >= minimum && minutes <= MAXIMUM_WINDOW)) return;
  throw invalidParameter(`${name} must be from ${minimum} to ${MAXIMUM_WINDOW} minutes, not ${minutes}.`, name);
}

interface TargetVaults {
  readonly vault: BackupVaultRecord;
  readonly airGapped: BackupVaultRecord | undefined;
}

async function targetVaults(ports: ControlPorts, scope: Scope, input: Input): Promise<TargetVaults> {
  const vault = await findVault(ports, scope, input.BackupVaultName);
  if (vault.type !== 'BACKUP_VAULT') {
    throw invalidRequest(
      `Backup vault "${vault.name}" is logically air-gapped. Name a standard vault in BackupVaultName, ` +
        'and the air-gapped one in LogicallyAirGappedBackupVaultArn.',
      vault.name,
    );
  }
  const airGappedArn = input.LogicallyAirGappedBackupVaultArn;
  const airGapped = airGappedArn === undefined ? undefined : await airGappedVault(ports, scope, airGappedArn);
  return { vault, airGapped };
}

async function airGappedVault(ports: ControlPorts, scope: Scope, arn: string): Promise<BackupVaultRecord> {
  const named = parseVaultArn(arn);
  if (named === undefined || named.accountId !== scope.accountId || named.region !== scope.region) {
    throw invalidParameter(
      `LogicallyAirGappedBackupVaultArn must name a vault of this account and region, not "${arn}".`,
      'LogicallyAirGappedBackupVaultArn',
    );
  }
  const vault = await findVault(ports, scope, named.name);
  if (vault.type === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT') return vault;
  throw invalidParameter(
    `Backup vault "${vault.name}" is not logically air-gapped.`,
    'LogicallyAirGappedBackupVaultArn',
  );
}

async function refuseOptedOut(ports: ControlPorts, scope: Scope, resourceType: string): Promise<void> {
  if (isOptedIn(await regionSettings(ports, scope), resourceType)) return;
  throw invalidRequest(
    `Resources of type ${resourceType} are not opted in to backup in ${scope.region}. Turn the type on with UpdateRegionSettings.`,
    resourceType,
  );
}

function refuseOtherRequest(stored: BackupJobRecord, job: NewBackupJob): void {
  if (stored.requestFingerprint === job.requestFingerprint) return;
  throw invalidRequest(
    `IdempotencyToken was used before for a different request (job ${stored.jobId}). Use a new token.`,
    'IdempotencyToken',
  );
}
