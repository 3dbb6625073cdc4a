import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BackupClient,
  DescribeBackupJobCommand,
  type DescribeBackupJobOutput,
  StartBackupJobCommand,
  StopBackupJobCommand,
} from '@aws-sdk/client-backup';
import { currentAccount, defaultRoleArn } from '../account.ts';
import { CommandError } from '../command-error.ts';
import { backupClient, type ConnectionFlags, findConnection } from '../connection.ts';
import { parseKeyValues } from '../key-values.ts';
import { formatBytes, ProgressLine, printJson, printLine } from '../output.ts';
import { resolveResource } from '../resources.ts';

interface ProtectFlags {
  readonly vault: string;
  readonly role?: string;
  readonly keepDays?: string;
  readonly tag?: readonly string[];
  readonly json?: boolean;
}

const END_STATES = new Set(['COMPLETED', 'PARTIAL', 'FAILED', 'ABORTED', 'EXPIRED']);

/**
 * `holdfast protect`: starts an on-demand backup and waits for its end. Ctrl+C stops the job.
 * Exit code 0 for a complete recovery point, 3 for a partial one, 1 for none.
 */
export async function protect(globals: ConnectionFlags, target: string, flags: ProtectFlags): Promise<void> {
  const connection = await findConnection(globals);
  const client = backupClient(connection);
  const resource = await resolveResource(connection, target);
  const keepDays = flags.keepDays === undefined ? undefined : positiveDays(flags.keepDays);
  const started = await client.send(
    new StartBackupJobCommand({
      BackupVaultName: flags.vault,
      ResourceArn: resource.arn,
      IamRoleArn: flags.role ?? defaultRoleArn(await currentAccount(client)),
      IdempotencyToken: randomUUID(),
      RecoveryPointTags: parseKeyValues(flags.tag, '--tag'),
      ...(keepDays === undefined ? {} : { Lifecycle: { DeleteAfterDays: keepDays } }),
    }),
  );
  const job = await waitForEnd(client, started.BackupJobId ?? '');
  report(job, flags);
}

function positiveDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1)
    throw new CommandError(`--keep-days takes a whole number of days, not ${text}`);
  return days;
}

async function waitForEnd(client: BackupClient, jobId: string): Promise<DescribeBackupJobOutput> {
  const progress = new ProgressLine();
  const stop = (): void => {
    console.error(`\nstopping ${jobId} ...`);
    client.send(new StopBackupJobCommand({ BackupJobId: jobId })).catch((error: Error) => console.error(error.message));
  };
  process.once('SIGINT', stop);
  try {
    for (let pauseMs = 100; ; pauseMs = Math.min(1000, pauseMs * 1.5)) {
      const job = await client.send(new DescribeBackupJobCommand({ BackupJobId: jobId }));
      if (END_STATES.has(job.State ?? '')) return job;
      const percent = Number.parseFloat(job.PercentDone ?? '');
      const size = job.BytesTransferred === undefined ? '' : `, ${formatBytes(Number(job.BytesTransferred))}`;
      progress.update(`${job.State ?? 'CREATED'}${size}`, Number.isNaN(percent) ? undefined : percent);
      await sleep(pauseMs);
    }
  } finally {
    progress.end();
    process.removeListener('SIGINT', stop);
  }
}

function report(job: DescribeBackupJobOutput, flags: ProtectFlags): void {
  const stored = job.State === 'COMPLETED' || job.State === 'PARTIAL';
  if (flags.json) {
    printJson({
      backupJobId: job.BackupJobId,
      state: job.State,
      recoveryPointArn: stored ? job.RecoveryPointArn : undefined,
      resourceArn: job.ResourceArn,
      vault: job.BackupVaultName,
      sizeBytes: job.BackupSizeInBytes,
      bytesTransferred: job.BytesTransferred,
      messageCategory: job.MessageCategory,
      message: job.StatusMessage,
    });
  } else if (stored) {
    printLine(`${job.State}: ${formatBytes(Number(job.BackupSizeInBytes ?? 0))} in vault ${job.BackupVaultName}`);
    if (job.StatusMessage) printLine(job.StatusMessage);
    printLine(`recovery point: ${job.RecoveryPointArn}`);
  }
  if (!stored)
    throw new CommandError(`backup job ${job.BackupJobId} ended ${job.State}: ${job.StatusMessage ?? 'no message'}`);
  if (job.State === 'PARTIAL') process.exitCode = 3;
}
