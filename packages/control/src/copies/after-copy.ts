import type { CopyPorts } from './copy-ports.ts';
import type { PreparedCopy } from './prepare-copy.ts';

const USABLE = ['COMPLETED', 'PARTIAL', 'AVAILABLE'] as const;

/**
 * A recovery point with DELETE_AFTER_COPY only stood until its copy lay in the logically air-gapped vault: from now on it is
 * due. Other copies that still read it, and holds, delay it as they delay every expiry. A lock keeps it until its date.
 */
export async function dueAfterCopy(ports: Pick<CopyPorts, 'stores' | 'clock'>, copy: PreparedCopy): Promise<void> {
  const { record, source, destination } = copy;
  if (source.lifecycle?.deleteAfterEvent !== 'DELETE_AFTER_COPY') return;
  if (destination.type !== 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT') return;
  if (record.createdByBackupJobId === undefined || record.createdByBackupJobId !== source.backupJobId) return;
  const vault = await ports.stores.vaults.getById(source.vaultId);
  if (vault?.lock !== undefined) return;
  const deleteAt = Math.min(source.deleteAt ?? Number.POSITIVE_INFINITY, ports.clock.now());
  await ports.stores.recoveryPoints.change(source.vaultId, source.arn, { deleteAt }, USABLE);
}
