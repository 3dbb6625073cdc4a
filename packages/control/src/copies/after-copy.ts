import type { CopyPorts } from './copy-ports.ts';
import type { PreparedCopy } from './prepare-copy.ts';

const USABLE = ['COMPLETED', 'PARTIAL', 'AVAILABLE'] as const;

/**
 * A recovery point with DELETE_AFTER_COPY was made to be copied: once its copy lies where its rule wants it, it is due. If
 * that is a logically air-gapped vault, only the copy into that vault counts. Other copies that still read it, and
 * holds, delay it as they delay every expiry; a lock keeps it until its date.
 */
export async function dueAfterCopy(ports: Pick<CopyPorts, 'stores' | 'clock'>, copy: PreparedCopy): Promise<void> {
  const { record, source, destination } = copy;
  if (source.lifecycle?.deleteAfterEvent !== 'DELETE_AFTER_COPY' || source.backupJobId === undefined) return;
  if (record.createdByBackupJobId !== source.backupJobId) return;
  const job = await ports.stores.backupJobs.get(source, source.backupJobId);
  if ((job?.airGappedVaultArn ?? destination.arn) !== destination.arn) return;
  const vault = await ports.stores.vaults.getById(source.vaultId);
  if (vault?.lock !== undefined) return;
  const deleteAt = Math.min(source.deleteAt ?? Number.POSITIVE_INFINITY, ports.clock.now());
  await ports.stores.recoveryPoints.change(source.vaultId, source.arn, { deleteAt }, USABLE);
}
