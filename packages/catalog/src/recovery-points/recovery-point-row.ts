import type {
  EncryptionKeyType,
  Lifecycle,
  RecoveryPointChange,
  RecoveryPointCreator,
  RecoveryPointRecord,
  RecoveryPointStatus,
  StorageClass,
  VaultType,
} from '@holdfast/control';
import { fromFlag, fromJson, fromOptionalJson, present, toFlag, toJson, toOptionalJson } from '../database/columns.ts';
import type { RecoveryPointRow } from './tables.ts';

export function toRow(point: RecoveryPointRecord): RecoveryPointRow {
  return {
    vault_id: point.vaultId,
    arn: point.arn,
    account_id: point.accountId,
    region: point.region,
    vault_name: point.vaultName,
    vault_arn: point.vaultArn,
    vault_type: point.vaultType,
    engine_id: point.engineId,
    resource_arn: point.resourceArn,
    resource_type: point.resourceType,
    resource_name: point.resourceName ?? null,
    status: point.status,
    status_message: point.statusMessage ?? null,
    created_at: point.createdAt,
    initiated_at: point.initiatedAt ?? null,
    completed_at: point.completedAt ?? null,
    size_bytes: point.sizeBytes,
    stored_bytes: point.storedBytes,
    item_count: point.itemCount,
    issue_count: point.issueCount,
    is_encrypted: toFlag(point.isEncrypted),
    encryption_key_arn: point.encryptionKeyArn ?? null,
    encryption_key_type: point.encryptionKeyType ?? null,
    iam_role_arn: point.iamRoleArn,
    backup_plan_id: point.createdBy?.backupPlanId ?? null,
    backup_job_id: point.backupJobId ?? null,
    delete_at: point.deleteAt ?? null,
    move_to_cold_storage_at: point.moveToColdStorageAt ?? null,
    storage_class: point.storageClass,
    last_restored_at: point.lastRestoredAt ?? null,
    is_parent: toFlag(point.isParent),
    parent_recovery_point_arn: point.parentRecoveryPointArn ?? null,
    composite_member_identifier: point.compositeMemberIdentifier ?? null,
    source_backup_vault_arn: point.sourceBackupVaultArn ?? null,
    is_continuous: toFlag(point.isContinuous),
    connector_state: point.connectorState ?? null,
    created_by: toOptionalJson(point.createdBy),
    lifecycle: toOptionalJson(point.lifecycle),
    backup_options: toOptionalJson(point.backupOptions),
    restore_metadata: toJson(point.restoreMetadata),
    resource_tags: toJson(point.resourceTags),
  };
}

export function toRecord(row: RecoveryPointRow): RecoveryPointRecord {
  return {
    vaultId: row.vault_id,
    arn: row.arn,
    accountId: row.account_id,
    region: row.region,
    vaultName: row.vault_name,
    vaultArn: row.vault_arn,
    vaultType: row.vault_type as VaultType,
    engineId: row.engine_id,
    resourceArn: row.resource_arn,
    resourceType: row.resource_type,
    status: row.status as RecoveryPointStatus,
    createdAt: row.created_at,
    sizeBytes: row.size_bytes,
    storedBytes: row.stored_bytes,
    itemCount: row.item_count,
    issueCount: row.issue_count,
    isEncrypted: fromFlag(row.is_encrypted),
    iamRoleArn: row.iam_role_arn,
    storageClass: row.storage_class as StorageClass,
    isParent: fromFlag(row.is_parent),
    isContinuous: fromFlag(row.is_continuous),
    restoreMetadata: fromJson<Record<string, string>>(row.restore_metadata),
    resourceTags: fromJson<Record<string, string>>(row.resource_tags),
    ...present({
      resourceName: row.resource_name,
      statusMessage: row.status_message,
      initiatedAt: row.initiated_at,
      completedAt: row.completed_at,
      encryptionKeyArn: row.encryption_key_arn,
      encryptionKeyType: row.encryption_key_type as EncryptionKeyType | null,
      createdBy: fromOptionalJson<RecoveryPointCreator>(row.created_by),
      backupJobId: row.backup_job_id,
      backupOptions: fromOptionalJson<Record<string, string>>(row.backup_options),
      lifecycle: fromOptionalJson<Lifecycle>(row.lifecycle),
      deleteAt: row.delete_at,
      moveToColdStorageAt: row.move_to_cold_storage_at,
      lastRestoredAt: row.last_restored_at,
      parentRecoveryPointArn: row.parent_recovery_point_arn,
      compositeMemberIdentifier: row.composite_member_identifier,
      sourceBackupVaultArn: row.source_backup_vault_arn,
      connectorState: row.connector_state === null ? null : new Uint8Array(row.connector_state),
    }),
  };
}

/** The columns of a change; undefined members are left as they are, null empties. */
export function changedColumns(change: RecoveryPointChange): Partial<RecoveryPointRow> {
  const columns: Partial<Record<keyof RecoveryPointRow, unknown>> = {
    status: change.status,
    status_message: change.statusMessage,
    storage_class: change.storageClass,
    last_restored_at: change.lastRestoredAt,
    parent_recovery_point_arn: change.parentRecoveryPointArn,
    lifecycle:
      change.lifecycle === undefined || change.lifecycle === null ? change.lifecycle : toJson(change.lifecycle),
    delete_at: change.deleteAt,
    move_to_cold_storage_at: change.moveToColdStorageAt,
    ...columnsOfNewBase(change),
  };
  return Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== undefined),
  ) as Partial<RecoveryPointRow>;
}

function columnsOfNewBase(change: RecoveryPointChange): Partial<Record<keyof RecoveryPointRow, unknown>> {
  const { createdBy, restoreMetadata, resourceTags } = change;
  return {
    engine_id: change.engineId,
    completed_at: change.completedAt,
    size_bytes: change.sizeBytes,
    stored_bytes: change.storedBytes,
    item_count: change.itemCount,
    issue_count: change.issueCount,
    iam_role_arn: change.iamRoleArn,
    backup_plan_id: createdBy?.backupPlanId,
    created_by: createdBy === undefined ? undefined : toJson(createdBy),
    restore_metadata: restoreMetadata === undefined ? undefined : toJson(restoreMetadata),
    resource_tags: resourceTags === undefined ? undefined : toJson(resourceTags),
    connector_state: change.connectorState,
  };
}
