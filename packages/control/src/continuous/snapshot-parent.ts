import { JobFailure } from '../job-messages/outcome-of-error.ts';
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { ResourceRecord } from '../resources/resource-store.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';

/**
 * The recovery point from which a backup takes unchanged content: the newest usable snapshot of the resource in the
 * vault, or its continuous recovery point when that is newer (BKP-96).
 * @throws JobFailure for a bucket whose continuous backups are in another vault (BKP-89)
 */
export async function newestParent(
  ports: Pick<ControlPorts, 'stores'>,
  vault: Pick<BackupVaultRecord, 'vaultId' | 'name'>,
  resource: ResourceRecord,
  isContinuous: boolean,
): Promise<RecoveryPointRecord | undefined> {
  const { recoveryPoints, continuousBackups } = ports.stores;
  const snapshot = await recoveryPoints.newestUsable(vault.vaultId, resource.arn);
  const live = await continuousBackups.live(resource, resource.arn);
  if (live === undefined) return snapshot;
  if (live.vaultId !== vault.vaultId) {
    if (resource.resourceType === 'S3' && !isContinuous) throw await otherVault(ports, live, vault.name);
    return snapshot;
  }
  const continuous = await recoveryPoints.get(vault.vaultId, live.recoveryPointArn);
  return newer(continuous?.status === 'AVAILABLE' ? continuous : undefined, snapshot);
}

function newer(
  a: RecoveryPointRecord | undefined,
  b: RecoveryPointRecord | undefined,
): RecoveryPointRecord | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (a.completedAt ?? a.createdAt) >= (b.completedAt ?? b.createdAt) ? a : b;
}

async function otherVault(
  { stores }: Pick<ControlPorts, 'stores'>,
  live: ContinuousBackupRecord,
  vaultName: string,
): Promise<JobFailure> {
  const other = await stores.vaults.getById(live.vaultId);
  return new JobFailure(
    'INVALID_PARAMETERS',
    `Continuous and periodic backups of a bucket must be in the same backup vault: the continuous backups of ` +
      `${live.resourceArn} are in "${other?.name ?? live.vaultId}", not in "${vaultName}".`,
  );
}
