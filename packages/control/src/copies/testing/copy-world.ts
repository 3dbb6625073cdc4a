/** A recovery point, vaults near, far and foreign, and a worker's way of running a copy job on fakes. */
import assert from 'node:assert/strict';
import type { JobHandle, JobOutcome } from '@holdfast/jobs';
import { aRecoveryPoint, aVault, type PlanWorld, planWorld, ROLE_ARN } from '../../plans/testing/plan-world.ts';
import type { RecoveryPointRecord } from '../../recovery-points/recovery-point-store.ts';
import type { BackupVaultRecord } from '../../vaults/vault-store.ts';
import type { CopyPorts, EngineCopyRequest } from '../copy-ports.ts';
import { copyJobExecutor } from '../run-copy-job.ts';

export const NOW = Date.UTC(2024, 5, 1);
export const DAY = 86_400_000;
export const SOURCE = aVault('source');
export const NEAR = aVault('near');
export const FAR = aVault('far', { region: 'eu-west-1' });
export const FOREIGN = aVault('foreign', { accountId: '999999999999' });
export const POINT = aRecoveryPoint('point', SOURCE, {
  createdAt: NOW - 10 * DAY,
  lifecycle: { deleteAfterDays: 100 },
});

export async function aCopyWorld(point: RecoveryPointRecord = POINT): Promise<PlanWorld> {
  const world = planWorld(NOW);
  for (const vault of [SOURCE, NEAR, FAR, FOREIGN]) await world.stores.vaults.create(vault, {}, 10);
  await world.stores.recoveryPoints.commit({ recoveryPoint: point, tags: { team: 'blue' } });
  return world;
}

export function start(world: PlanWorld, destination: BackupVaultRecord | string, members: object = {}) {
  const request = {
    RecoveryPointArn: POINT.arn,
    SourceBackupVaultName: 'source',
    DestinationBackupVaultArn: typeof destination === 'string' ? destination : destination.arn,
    IamRoleArn: ROLE_ARN,
    ...members,
  };
  return world.handlers.StartCopyJob(request, world.context('StartCopyJob'));
}

/** Runs a job as a worker would: claim, execute, end in one transaction. */
export async function run(
  world: PlanWorld,
  jobId = '',
): Promise<{ outcome: JobOutcome; requests: EngineCopyRequest[] }> {
  const requests: EngineCopyRequest[] = [];
  const ports: CopyPorts = {
    ...world.ports,
    engineCopy: {
      takeOverMs: 120_000,
      copy: async (request) => {
        requests.push(request);
        request.onProgress({ fence: 7 + requests.length, copiedBytes: 50, totalBytes: 100 });
        return { storedBytes: 42 };
      },
    },
  };
  const job = await world.jobStore.get(jobId);
  assert.ok(job);
  const handle: JobHandle = {
    fencingToken: 1,
    isResumed: false,
    signal: AbortSignal.timeout(60_000),
    begin: () => world.jobStore.save({ ...job, state: 'RUNNING' }),
    progress: () => {},
    end: async (outcome, within) => {
      await within?.();
      await world.jobStore.save({
        ...job,
        state: 'COMPLETED',
        messageCategory: 'SUCCESS',
        completedAt: world.clock.now(),
      });
      return outcome;
    },
  };
  const executor = copyJobExecutor(ports);
  try {
    return { outcome: await executor.execute(job, handle), requests };
  } catch (error) {
    return { outcome: executor.outcomeOfError(error, job), requests };
  }
}

export async function copied(world: PlanWorld, vault: BackupVaultRecord): Promise<RecoveryPointRecord | undefined> {
  return (await world.stores.recoveryPoints.list({ vaultId: vault.vaultId }, { limit: 10 })).items[0];
}
