/** Removes a continuous backup with its bases and its log. */
import { EngineError } from '@holdfast/engine';
import type { ControlPorts } from '../ports.ts';
import { markExpired } from '../recovery-points/delete-recovery-point.ts';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import { deleteContent } from './trim-continuous.ts';
import { nextBaseId } from './write-base.ts';

/**
 * Deletes all that the vault holds of it, then its recovery point. What a lock still holds leaves the recovery point
 * EXPIRED (API-139) and the continuous backup STOPPED.
 * @returns whether everything is gone
 */
export async function deleteContinuousContent(ports: ControlPorts, record: ContinuousBackupRecord): Promise<boolean> {
  const { vaultId, recoveryPointArn, continuousId } = record;
  if ((await ports.stores.vaults.getById(vaultId)) === undefined) return true;
  const repository = await ports.repositories.open(record);
  const refusal = await deleteBases(ports, repository, record).then(
    (kept) => kept ?? deleteLog(repository, continuousId),
  );
  const point = await ports.stores.recoveryPoints.get(vaultId, recoveryPointArn);
  if (refusal !== undefined) {
    await ports.stores.continuousBackups.change(continuousId, { state: 'STOPPED', isToBeDeleted: null });
    if (point !== undefined) await markExpired(ports, point, refusal);
    return false;
  }
  if (point !== undefined) {
    await ports.stores.recoveryPoints.remove(vaultId, recoveryPointArn);
    ports.emit({ kind: 'recovery-point-deleted', at: ports.clock.now(), recoveryPoint: point });
  }
  return true;
}

async function deleteBases(
  { stores }: ControlPorts,
  repository: VaultRepository,
  record: ContinuousBackupRecord,
): Promise<string | undefined> {
  const bases = await stores.continuousBackups.bases(record.continuousId);
  // One more may have been sealed by a worker that vanished before it could say so.
  for (const engineId of [...bases.map((base) => base.engineId), nextBaseId(record)]) {
    const refusal = await deleteContent(repository, engineId);
    if (refusal !== undefined) return refusal;
    await stores.continuousBackups.removeBase(record.continuousId, engineId);
  }
  return undefined;
}

/** All states of the log, newest first: deleting one shows the one before it. */
async function deleteLog(repository: VaultRepository, streamId: string): Promise<string | undefined> {
  for (;;) {
    const engineId = await newestState(repository, streamId);
    if (engineId === undefined) return undefined;
    const refusal = await deleteContent(repository, engineId);
    if (refusal !== undefined) return refusal;
  }
}

async function newestState(repository: VaultRepository, streamId: string): Promise<string | undefined> {
  try {
    await using reader = await repository.openLog(streamId);
    return reader.summary.recoveryPointId;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return undefined;
    throw error;
  }
}
