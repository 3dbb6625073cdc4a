import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BackupClient,
  DescribeRestoreJobCommand,
  type DescribeRestoreJobOutput,
  GetRecoveryPointRestoreMetadataCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import { currentAccount, defaultRoleArn } from '../account.ts';
import { CommandError } from '../command-error.ts';
import { backupClient, type ConnectionFlags, findConnection } from '../connection.ts';
import { findRecoveryPoint } from '../find-recovery-point.ts';
import { parseKeyValues } from '../key-values.ts';
import { formatBytes, ProgressLine, printJson, printLine } from '../output.ts';

interface RestoreFlags {
  readonly into?: string;
  readonly item?: readonly string[];
  readonly set?: readonly string[];
  readonly role?: string;
  readonly json?: boolean;
}

/**
 * `holdfast restore`: starts a restore job with the recovery point's own metadata, changed by the flags, and waits.
 * Exit code 0 when the job completed, 1 otherwise.
 */
export async function restore(globals: ConnectionFlags, recoveryPointArn: string, flags: RestoreFlags): Promise<void> {
  const connection = await findConnection(globals);
  const client = backupClient(connection);
  const found = await findRecoveryPoint(client, recoveryPointArn);
  const { RestoreMetadata = {} } = await client.send(
    new GetRecoveryPointRestoreMetadataCommand({
      BackupVaultName: found.vault,
      RecoveryPointArn: recoveryPointArn,
    }),
  );
  const started = await client.send(
    new StartRestoreJobCommand({
      RecoveryPointArn: recoveryPointArn,
      ResourceType: found.resourceType,
      IamRoleArn: flags.role ?? defaultRoleArn(await currentAccount(client)),
      IdempotencyToken: randomUUID(),
      Metadata: { ...RestoreMetadata, ...targetMetadata(flags), ...parseKeyValues(flags.set, '--set') },
    }),
  );
  report(await waitForEnd(client, started.RestoreJobId ?? ''), flags);
}

function targetMetadata(flags: RestoreFlags): Record<string, string> {
  const items: Record<string, string> =
    flags.item === undefined ? {} : { ItemsToRestore: JSON.stringify(flags.item.map(absolute)) };
  if (flags.into === undefined) return { newFileSystem: 'true', CreationToken: randomUUID(), ...items };
  const id = /file-system\/(fs-[0-9a-f]+)$/.exec(flags.into)?.[1];
  if (id === undefined) throw new CommandError(`--into takes the ARN of a file system, not ${flags.into}`);
  return { newFileSystem: 'false', 'file-system-id': id, ...items };
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

async function waitForEnd(client: BackupClient, jobId: string): Promise<DescribeRestoreJobOutput> {
  const progress = new ProgressLine();
  try {
    for (let pauseMs = 100; ; pauseMs = Math.min(1000, pauseMs * 1.5)) {
      const job = await client.send(new DescribeRestoreJobCommand({ RestoreJobId: jobId }));
      if (job.Status === 'COMPLETED' || job.Status === 'FAILED' || job.Status === 'ABORTED') return job;
      const percent = Number.parseFloat(job.PercentDone ?? '');
      progress.update(job.Status ?? 'PENDING', Number.isNaN(percent) ? undefined : percent);
      await sleep(pauseMs);
    }
  } finally {
    progress.end();
  }
}

function report(job: DescribeRestoreJobOutput, flags: RestoreFlags): void {
  if (flags.json) {
    printJson({
      restoreJobId: job.RestoreJobId,
      state: job.Status,
      createdResourceArn: job.CreatedResourceArn,
      sizeBytes: job.BackupSizeInBytes,
      message: job.StatusMessage,
    });
  } else if (job.Status === 'COMPLETED') {
    printLine(`COMPLETED: ${formatBytes(Number(job.BackupSizeInBytes ?? 0))} restored`);
    if (job.StatusMessage) printLine(job.StatusMessage);
    printLine(`resource: ${job.CreatedResourceArn}`);
  }
  if (job.Status !== 'COMPLETED') {
    throw new CommandError(`restore job ${job.RestoreJobId} ended ${job.Status}: ${job.StatusMessage ?? 'no message'}`);
  }
}
