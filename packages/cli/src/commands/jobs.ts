import {
  type BackupJobState,
  type CopyJobState,
  DescribeBackupJobCommand,
  ListBackupJobsCommand,
  ListCopyJobsCommand,
  ListRestoreJobsCommand,
  type RestoreJobStatus,
} from '@aws-sdk/client-backup';
import { adminPages } from '../admin-client.ts';
import type { JobIssue } from '../admin-types.ts';
import { CommandError } from '../command-error.ts';
import { backupClient, type Connection, type ConnectionFlags, findConnection } from '../connection.ts';
import { formatBytes, printJson, printLine, printTable } from '../output.ts';

interface JobsFlags {
  readonly state?: string;
  readonly limit: string;
  readonly json?: boolean;
}

interface ListedJob {
  readonly id: string;
  readonly kind: 'backup' | 'copy' | 'restore';
  readonly state: string;
  readonly createdAt: string;
  readonly percentDone?: string;
  readonly sizeBytes?: number;
  readonly resourceArn?: string;
  readonly recoveryPointArn?: string;
  readonly message?: string;
}

/** `holdfast jobs`: all three kinds together, newest first; with an id its details and issues. */
export async function jobs(globals: ConnectionFlags, id: string | undefined, flags: JobsFlags): Promise<void> {
  const connection = await findConnection(globals);
  if (id !== undefined) {
    await showJob(connection, id, flags);
    return;
  }
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new CommandError('--limit takes a number from 1 to 1000');
  const all = await listJobs(connection, flags.state, limit);
  if (flags.json) {
    printJson(all);
    return;
  }
  printTable(
    ['KIND', 'STATE', 'CREATED', 'SIZE', 'ID', 'MESSAGE'],
    all.map((job) => [
      job.kind,
      job.state === 'RUNNING' && job.percentDone !== undefined ? `RUNNING ${job.percentDone}` : job.state,
      job.createdAt,
      job.sizeBytes === undefined ? '-' : formatBytes(job.sizeBytes),
      job.id,
      job.message ?? '',
    ]),
    flags.state === undefined
      ? 'no jobs yet; start one with: holdfast protect <path>'
      : `no jobs in state ${flags.state}`,
  );
}

async function listJobs(connection: Connection, state: string | undefined, limit: number): Promise<ListedJob[]> {
  const client = backupClient(connection);
  const byState = <T extends string>(name: string) => (state === undefined ? {} : { [name]: state as T });
  const [backups, restores, copies] = await Promise.all([
    client.send(new ListBackupJobsCommand({ MaxResults: limit, ...byState<BackupJobState>('ByState') })),
    client.send(new ListRestoreJobsCommand({ MaxResults: limit, ...byState<RestoreJobStatus>('ByStatus') })),
    client.send(new ListCopyJobsCommand({ MaxResults: limit, ...byState<CopyJobState>('ByState') })),
  ]);
  const listed: ListedJob[] = [
    ...(backups.BackupJobs ?? []).map((job) => ({
      ...common(job),
      id: job.BackupJobId ?? '',
      kind: 'backup' as const,
      state: job.State ?? '',
    })),
    ...(restores.RestoreJobs ?? []).map((job) => ({
      ...common(job),
      id: job.RestoreJobId ?? '',
      kind: 'restore' as const,
      state: job.Status ?? '',
    })),
    ...(copies.CopyJobs ?? []).map((job) => ({
      ...common(job),
      id: job.CopyJobId ?? '',
      kind: 'copy' as const,
      state: job.State ?? '',
    })),
  ];
  return listed.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

interface CommonMembers {
  readonly CreationDate?: Date | undefined;
  readonly PercentDone?: string | undefined;
  readonly BackupSizeInBytes?: number | undefined;
  readonly ResourceArn?: string | undefined;
  readonly RecoveryPointArn?: string | undefined;
  readonly StatusMessage?: string | undefined;
}

function common(job: CommonMembers): Omit<ListedJob, 'id' | 'kind' | 'state'> {
  return {
    createdAt: job.CreationDate?.toISOString() ?? '',
    ...(job.PercentDone === undefined ? {} : { percentDone: job.PercentDone }),
    ...(job.BackupSizeInBytes === undefined ? {} : { sizeBytes: job.BackupSizeInBytes }),
    ...(job.ResourceArn === undefined ? {} : { resourceArn: job.ResourceArn }),
    ...(job.RecoveryPointArn === undefined ? {} : { recoveryPointArn: job.RecoveryPointArn }),
    ...(job.StatusMessage === undefined ? {} : { message: job.StatusMessage }),
  };
}

async function showJob(connection: Connection, id: string, flags: JobsFlags): Promise<void> {
  const job = await describeJob(connection, id);
  const issues: JobIssue[] = [];
  for await (const issue of adminPages<JobIssue>(
    connection,
    { method: 'GET', path: ['jobs', id, 'issues'] },
    'Issues',
  )) {
    issues.push(issue);
  }
  if (flags.json) {
    printJson({
      ...job,
      issues: issues.map(({ Path, Code, Message, DataMissing }) => ({
        path: Path,
        code: Code,
        message: Message,
        dataMissing: DataMissing,
      })),
    });
    return;
  }
  for (const [name, value] of Object.entries(job)) printLine(`${name}: ${value}`);
  printTable(
    ['ISSUE', 'PATH', 'MESSAGE'],
    issues.map(({ Code, Path, Message, DataMissing }) => [
      DataMissing ? `${Code} (data missing)` : Code,
      Path,
      Message,
    ]),
    'no issues',
  );
}

/** A backup job has its own call; the others are found in their lists, which are short enough to look through. */
async function describeJob(connection: Connection, id: string): Promise<ListedJob> {
  const client = backupClient(connection);
  try {
    const job = await client.send(new DescribeBackupJobCommand({ BackupJobId: id }));
    return { ...common(job), id, kind: 'backup', state: job.State ?? '' };
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
  }
  const found = (await listJobs(connection, undefined, 1000)).find((job) => job.id === id);
  if (found === undefined) throw new CommandError(`there is no job ${id}`);
  return found;
}
