/** A database and a bucket under a continuous rule, with workers that can be stopped and killed, on a clock that stands. */
import {
  CreateBackupVaultCommand,
  DescribeBackupJobCommand,
  DescribeRecoveryPointCommand,
  DescribeRestoreJobCommand,
  ListRecoveryPointsByResourceCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import { newBackupJob } from '../../backup-jobs/new-backup-job.ts';
import type { RecoveryPointCreator } from '../../recovery-points/recovery-point-store.ts';
import { discoverResources } from '../../sources/discover-resources.ts';
import { runJobs } from '../../testing/run-jobs.ts';
import { ROLE_ARN, SCOPE, testControl } from '../../testing/test-control.ts';
import { ContinuousHost } from '../continuous-host.ts';
import { type ContinuousSettings, DEFAULT_CONTINUOUS_SETTINGS } from '../continuous-settings.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export const RULE: RecoveryPointCreator = {
  backupPlanId: 'plan-1',
  backupPlanArn: 'arn:aws:backup:us-east-1:123456789012:backup-plan:plan-1',
  backupPlanVersion: 'v1',
  backupRuleId: 'rule-1',
  backupRuleName: 'every day',
};

export interface RunOptions {
  readonly days?: number;
  readonly vaultName?: string;
  readonly hasCopies?: boolean;
}

export type ContinuousWorld = Awaited<ReturnType<typeof continuousWorld>>;

export async function continuousWorld(settings: Partial<ContinuousSettings> = {}) {
  const control = await testControl({ hasContinuousSources: true });
  // Requests are signed at the time of the test's clock.
  Object.defineProperty(control.client.config, 'systemClockOffset', {
    get: () => control.clock.now() - Date.now(),
    set: () => {},
  });
  await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'Default' }));
  for (const kind of ['fake-database', 'fake-bucket']) {
    const source = {
      ...SCOPE,
      name: kind,
      kind,
      settings: {},
      tags: {},
      origin: 'api',
      createdAt: control.clock.now(),
      status: 'unchecked',
    } as const;
    await control.stores.sources.create(source);
    await discoverResources(control.ports, source, AbortSignal.timeout(10_000));
  }
  const stepMs = (settings.pollMs ?? DEFAULT_CONTINUOUS_SETTINGS.pollMs) + SECOND_MS;
  const hosts: ContinuousHost[] = [];
  const errors: unknown[] = [];

  function startWorker(workerId: string, ports = control.ports): ContinuousHost {
    const host = new ContinuousHost({
      ports,
      clock: control.clock,
      settings: { ...DEFAULT_CONTINUOUS_SETTINGS, ...settings },
      workerId,
      onError: (error) => void errors.push(error),
    });
    hosts.push(host);
    host.start();
    return host;
  }

  /** What a firing of the rule writes. */
  async function fire(resourceArn: string, options: RunOptions = {}): Promise<string> {
    const resource = await control.stores.resources.get(SCOPE, resourceArn);
    const vault = await control.stores.vaults.get(SCOPE, options.vaultName ?? 'Default');
    if (resource === undefined || vault === undefined) throw new Error('there is no such resource or vault');
    const job = newBackupJob(control.ports, {
      resource,
      vault,
      iamRoleArn: ROLE_ARN,
      lifecycle: { deleteAfterDays: options.days ?? 7 },
      recoveryPointTags: {},
      backupOptions: {},
      createdBy: RULE,
      scheduledAt: control.clock.now(),
      isContinuous: true,
      hasCopies: options.hasCopies,
    });
    return (await control.stores.backupJobs.create(job)).jobId;
  }

  /** Runs jobs and lets some time pass until the job has ended. */
  async function end(jobId: string) {
    for (let round = 0; round < 20; round += 1) {
      await runJobs(control);
      const job = await control.client.send(new DescribeBackupJobCommand({ BackupJobId: jobId }));
      if (job.CompletionDate !== undefined) return job;
      await control.clock.advance(stepMs);
    }
    throw new Error(`the job ${jobId} does not end`);
  }

  return {
    ...control,
    errors,
    startWorker,
    fire,
    end,
    runRule: async (resourceArn: string, options: RunOptions = {}) => end(await fire(resourceArn, options)),
    /** The recovery points of a resource as clients see them, newest first. */
    points: async (resourceArn: string) =>
      (await control.client.send(new ListRecoveryPointsByResourceCommand({ ResourceArn: resourceArn })))
        .RecoveryPoints ?? [],
    point: (RecoveryPointArn: string, BackupVaultName = 'Default') =>
      control.client.send(new DescribeRecoveryPointCommand({ BackupVaultName, RecoveryPointArn })),
    /** Restores to a moment, or to the latest; throws what the request is refused with. */
    restore: async (RecoveryPointArn: string, at: number | 'latest') => {
      const time: Record<string, string> =
        at === 'latest' ? { UseLatestRestorableTime: 'true' } : { RestoreTime: new Date(at).toISOString() };
      const Metadata = { DBInstanceIdentifier: 'copy', ...time };
      const { RestoreJobId } = await control.client.send(
        new StartRestoreJobCommand({ RecoveryPointArn, Metadata, IamRoleArn: ROLE_ARN }),
      );
      await runJobs(control);
      return await control.client.send(new DescribeRestoreJobCommand({ RestoreJobId }));
    },
    async [Symbol.asyncDispose]() {
      const stopping = hosts.map((host) => host.stop(SECOND_MS));
      await control.clock.advance(2 * SECOND_MS);
      await Promise.all(stopping);
      await control[Symbol.asyncDispose]();
    },
  };
}
