import type { BackupOperations } from './action.ts';
import { describeBackupJob } from './backup-jobs/actions/describe-backup-job.ts';
import { listBackupJobs } from './backup-jobs/actions/list-backup-jobs.ts';
import { startBackupJob } from './backup-jobs/actions/start-backup-job.ts';
import { stopBackupJob } from './backup-jobs/actions/stop-backup-job.ts';
import { listBackupJobSummaries } from './job-summaries/actions/list-backup-job-summaries.ts';
import { listCopyJobSummaries } from './job-summaries/actions/list-copy-job-summaries.ts';
import { listRestoreJobSummaries } from './job-summaries/actions/list-restore-job-summaries.ts';
import type { ControlPorts } from './ports.ts';
import { describeProtectedResource } from './protected-resources/actions/describe-protected-resource.ts';
import { listProtectedResources } from './protected-resources/actions/list-protected-resources.ts';
import { listProtectedResourcesByBackupVault } from './protected-resources/actions/list-protected-resources-by-backup-vault.ts';
import { deleteRecoveryPoint } from './recovery-points/actions/delete-recovery-point.ts';
import { describeRecoveryPoint } from './recovery-points/actions/describe-recovery-point.ts';
import { disassociateRecoveryPoint } from './recovery-points/actions/disassociate-recovery-point.ts';
import { disassociateRecoveryPointFromParent } from './recovery-points/actions/disassociate-recovery-point-from-parent.ts';
import { getRecoveryPointRestoreMetadata } from './recovery-points/actions/get-recovery-point-restore-metadata.ts';
import { listRecoveryPointsByBackupVault } from './recovery-points/actions/list-recovery-points-by-backup-vault.ts';
import { listRecoveryPointsByResource } from './recovery-points/actions/list-recovery-points-by-resource.ts';
import { updateRecoveryPointLifecycle } from './recovery-points/actions/update-recovery-point-lifecycle.ts';
import { describeRestoreJob } from './restore-jobs/actions/describe-restore-job.ts';
import { getRestoreJobMetadata } from './restore-jobs/actions/get-restore-job-metadata.ts';
import { listRestoreJobs } from './restore-jobs/actions/list-restore-jobs.ts';
import { listRestoreJobsByProtectedResource } from './restore-jobs/actions/list-restore-jobs-by-protected-resource.ts';
import { startRestoreJob } from './restore-jobs/actions/start-restore-job.ts';
import { describeGlobalSettings } from './settings/actions/describe-global-settings.ts';
import { describeRegionSettings } from './settings/actions/describe-region-settings.ts';
import { getSupportedResourceTypes } from './settings/actions/get-supported-resource-types.ts';
import { updateGlobalSettings } from './settings/actions/update-global-settings.ts';
import { updateRegionSettings } from './settings/actions/update-region-settings.ts';
import { answeringStoreErrors } from './store-errors.ts';
import { listTags } from './tags/actions/list-tags.ts';
import { tagResource } from './tags/actions/tag-resource.ts';
import { untagResource } from './tags/actions/untag-resource.ts';
import { recoveryPointTagTarget, type TagTarget, vaultTagTarget } from './tags/tag-target.ts';
import { createBackupVault } from './vaults/actions/create-backup-vault.ts';
import { createLogicallyAirGappedBackupVault } from './vaults/actions/create-logically-air-gapped-backup-vault.ts';
import { deleteBackupVault } from './vaults/actions/delete-backup-vault.ts';
import { deleteBackupVaultAccessPolicy } from './vaults/actions/delete-backup-vault-access-policy.ts';
import { deleteBackupVaultLockConfiguration } from './vaults/actions/delete-backup-vault-lock-configuration.ts';
import { deleteBackupVaultNotifications } from './vaults/actions/delete-backup-vault-notifications.ts';
import { describeBackupVault } from './vaults/actions/describe-backup-vault.ts';
import { getBackupVaultAccessPolicy } from './vaults/actions/get-backup-vault-access-policy.ts';
import { getBackupVaultNotifications } from './vaults/actions/get-backup-vault-notifications.ts';
import { listBackupVaults } from './vaults/actions/list-backup-vaults.ts';
import { putBackupVaultAccessPolicy } from './vaults/actions/put-backup-vault-access-policy.ts';
import { putBackupVaultLockConfiguration } from './vaults/actions/put-backup-vault-lock-configuration.ts';
import { putBackupVaultNotifications } from './vaults/actions/put-backup-vault-notifications.ts';

/** Handlers by operation name, as the wire wants them. */
export type BackupHandlers = {
  readonly [Name in keyof BackupOperations]?: (
    input: BackupOperations[Name]['input'],
    context: Parameters<ReturnType<typeof createBackupVault>>[1],
  ) => Promise<BackupOperations[Name]['output']>;
};

/**
 * The operations of AWS Backup that this package answers. `tagTargets` are the further things that can carry tags,
 * besides vaults and recovery points.
 */
export function createBackupHandlers(ports: ControlPorts, tagTargets: readonly TagTarget[] = []): BackupHandlers {
  return answeringStoreErrors({
    ...vaultHandlers(ports),
    ...recoveryPointHandlers(ports),
    ...jobHandlers(ports),
    ...settingsHandlers(ports),
    ...tagHandlers(ports, [vaultTagTarget(ports.stores), recoveryPointTagTarget(ports.stores), ...tagTargets]),
  });
}

function vaultHandlers(ports: ControlPorts): BackupHandlers {
  return {
    CreateBackupVault: createBackupVault(ports),
    CreateLogicallyAirGappedBackupVault: createLogicallyAirGappedBackupVault(ports),
    DescribeBackupVault: describeBackupVault(ports),
    ListBackupVaults: listBackupVaults(ports),
    DeleteBackupVault: deleteBackupVault(ports),
    PutBackupVaultAccessPolicy: putBackupVaultAccessPolicy(ports),
    GetBackupVaultAccessPolicy: getBackupVaultAccessPolicy(ports),
    DeleteBackupVaultAccessPolicy: deleteBackupVaultAccessPolicy(ports),
    PutBackupVaultLockConfiguration: putBackupVaultLockConfiguration(ports),
    DeleteBackupVaultLockConfiguration: deleteBackupVaultLockConfiguration(ports),
    PutBackupVaultNotifications: putBackupVaultNotifications(ports),
    GetBackupVaultNotifications: getBackupVaultNotifications(ports),
    DeleteBackupVaultNotifications: deleteBackupVaultNotifications(ports),
  };
}

function recoveryPointHandlers(ports: ControlPorts): BackupHandlers {
  return {
    DescribeRecoveryPoint: describeRecoveryPoint(ports),
    GetRecoveryPointRestoreMetadata: getRecoveryPointRestoreMetadata(ports),
    ListRecoveryPointsByBackupVault: listRecoveryPointsByBackupVault(ports),
    ListRecoveryPointsByResource: listRecoveryPointsByResource(ports),
    UpdateRecoveryPointLifecycle: updateRecoveryPointLifecycle(ports),
    DisassociateRecoveryPoint: disassociateRecoveryPoint(ports),
    DisassociateRecoveryPointFromParent: disassociateRecoveryPointFromParent(ports),
    DeleteRecoveryPoint: deleteRecoveryPoint(ports),
    DescribeProtectedResource: describeProtectedResource(ports),
    ListProtectedResources: listProtectedResources(ports),
    ListProtectedResourcesByBackupVault: listProtectedResourcesByBackupVault(ports),
  };
}

function jobHandlers(ports: ControlPorts): BackupHandlers {
  return {
    StartBackupJob: startBackupJob(ports),
    DescribeBackupJob: describeBackupJob(ports),
    ListBackupJobs: listBackupJobs(ports),
    StopBackupJob: stopBackupJob(ports),
    StartRestoreJob: startRestoreJob(ports),
    DescribeRestoreJob: describeRestoreJob(ports),
    GetRestoreJobMetadata: getRestoreJobMetadata(ports),
    ListRestoreJobs: listRestoreJobs(ports),
    ListRestoreJobsByProtectedResource: listRestoreJobsByProtectedResource(ports),
    ListBackupJobSummaries: listBackupJobSummaries(ports),
    ListCopyJobSummaries: listCopyJobSummaries(ports),
    ListRestoreJobSummaries: listRestoreJobSummaries(ports),
  };
}

function settingsHandlers(ports: ControlPorts): BackupHandlers {
  return {
    GetSupportedResourceTypes: getSupportedResourceTypes(ports),
    DescribeRegionSettings: describeRegionSettings(ports),
    UpdateRegionSettings: updateRegionSettings(ports),
    DescribeGlobalSettings: describeGlobalSettings(ports),
    UpdateGlobalSettings: updateGlobalSettings(ports),
  };
}

function tagHandlers(ports: ControlPorts, targets: readonly TagTarget[]): BackupHandlers {
  return {
    TagResource: tagResource(ports, targets),
    UntagResource: untagResource(ports, targets),
    ListTags: listTags(ports, targets),
  };
}
