/** Where a backup that belongs into a logically air-gapped vault is written. Pure. */
import { capabilitiesOf } from '../capabilities/capabilities-of.ts';
import type { Lifecycle } from '../recovery-points/recovery-point-store.ts';
import type { ResourceRecord } from '../resources/resource-store.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';

export interface BackupTargetRequest {
  readonly resource: Pick<ResourceRecord, 'arn' | 'resourceType'>;
  /** The standard vault of the rule or request. */
  readonly vault: BackupVaultRecord;
  readonly airGapped: BackupVaultRecord | undefined;
  readonly lifecycle: Lifecycle | undefined;
  readonly isContinuous?: boolean;
  readonly isDynamoDbAdvanced: boolean;
}

export interface BackupTarget {
  readonly vault: BackupVaultRecord;
  readonly lifecycle: Lifecycle | undefined;
  /** The vault into which the backup is copied as soon as it is complete. */
  readonly airGappedVaultArn?: string;
}

/**
 * Types that the service manages fully go straight into the logically air-gapped vault. Of the others a temporary recovery
 * point is made in the standard vault, copied, and deleted after the copy. A type that cannot be copied stays in the
 * standard vault, and so does a continuous backup.
 */
export function backupTarget(request: BackupTargetRequest): BackupTarget {
  const { resource, vault, airGapped, lifecycle, isDynamoDbAdvanced } = request;
  if (airGapped === undefined) return { vault, lifecycle };
  const row = capabilitiesOf({
    resourceType: resource.resourceType,
    resourceArn: resource.arn,
    isDynamoDbAdvanced,
  });
  // A vault that is missing or not ready fails the job at once and says so.
  if (row?.fullManagement === true || airGapped.state !== 'AVAILABLE') return { vault: airGapped, lifecycle };
  const canBeCopied = row === undefined || row.copy.crossRegion || row.copy.crossAccount;
  if (!canBeCopied || request.isContinuous === true) return { vault, lifecycle };
  return {
    vault,
    lifecycle: { ...lifecycle, deleteAfterEvent: 'DELETE_AFTER_COPY' },
    airGappedVaultArn: airGapped.arn,
  };
}
