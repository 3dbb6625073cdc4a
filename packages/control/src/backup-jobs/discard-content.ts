/** Takes back what a backup job sealed and did not commit: no recovery point may remain of it (BKP-212). */
import type { ControlPorts } from '../ports.ts';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';
import type { Scope } from '../scope.ts';
import type { BackupJobState } from './backup-job-store.ts';
import { engineIdOf } from './draft-recovery-point.ts';

const ENDED_WITHOUT: ReadonlySet<BackupJobState> = new Set(['ABORTED', 'EXPIRED', 'FAILED']);

/** What a lock forbids to delete stays, and is noted. */
export async function discardContent(
  ports: Pick<ControlPorts, 'log'>,
  repository: VaultRepository,
  engineId: string,
  jobId: string,
): Promise<void> {
  const plan = await repository.planDelete([engineId]);
  const { refused } = await repository.executeDelete(plan);
  const kept = [...plan.refusals.filter(({ reason }) => reason !== 'not-found'), ...refused];
  for (const { message } of kept) {
    ports.log('warn', 'content of a backup job that made no recovery point stays in its vault', { jobId, message });
  }
}

/**
 * For a job that has ended without a recovery point while its worker was gone: looks whether the worker had sealed
 * anything. Only a job that the catalog knows to have ended counts; a catalog that knows nothing deletes nothing.
 */
export async function discardUncommitted(ports: ControlPorts, scope: Scope, jobId: string): Promise<void> {
  const { backupJobs, recoveryPoints, vaults } = ports.stores;
  const job = await backupJobs.get(scope, jobId);
  if (job === undefined || !ENDED_WITHOUT.has(job.state)) return;
  if ((await recoveryPoints.get(job.vaultId, job.recoveryPointArn)) !== undefined) return;
  const vault = await vaults.getById(job.vaultId);
  if (vault === undefined) return;
  await discardContent(ports, await ports.repositories.open(vault), engineIdOf(job.recoveryPointArn), jobId);
}
