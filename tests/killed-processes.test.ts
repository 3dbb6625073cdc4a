import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeBackupJobCommand, StartBackupJobCommand, StopBackupJobCommand } from '@aws-sdk/client-backup';
import { temporaryDirectory } from '@holdfast/testkit';
import { clientOf, holdfast, type RunningHoldfast, startHoldfast } from './support/running-server.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';

/** A tree that takes a second or more to back up: what does not compress, in files of 8 MiB. */
function bigTree(directory: string, mebibytes: number): void {
  for (let index = 0; index < mebibytes / 8; index += 1) {
    mkdirSync(join(directory, `d${index % 7}`), { recursive: true });
    writeFileSync(join(directory, `d${index % 7}`, `f${index}`), randomBytes(8 << 20));
  }
}

async function resourceOf(server: RunningHoldfast, path: string): Promise<string> {
  const added = await holdfast(server, ['source', 'add', 'directory', 'big', '--path', path, '--json']);
  assert.equal(added.code, 0, added.stderr);
  const [resource] = JSON.parse((await holdfast(server, ['resource', 'list', '--json'])).stdout) as { arn: string }[];
  return resource?.arn ?? '';
}

async function startBackup(server: RunningHoldfast, resourceArn: string): Promise<string> {
  const started = await clientOf(server).send(
    new StartBackupJobCommand({
      BackupVaultName: 'Default',
      ResourceArn: resourceArn,
      IamRoleArn: ROLE,
      IdempotencyToken: randomUUID(),
    }),
  );
  return started.BackupJobId ?? '';
}

async function jobUntil(server: RunningHoldfast, id: string, states: readonly string[]) {
  for (let round = 0; round < 1800; round += 1) {
    const job = await clientOf(server).send(new DescribeBackupJobCommand({ BackupJobId: id }));
    if (states.includes(job.State ?? '')) return job;
    await sleep(50);
  }
  throw new Error(`job ${id} did not reach ${states.join(' or ')}\n${server.output()}`);
}

/** The worker processes that the server started. */
function workersOf(server: RunningHoldfast): number[] {
  const found: number[] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      if (command.includes('worker') && command.includes(server.data)) found.push(Number(name));
    } catch {
      // The process ended while we looked.
    }
  }
  return found;
}

test('a job whose worker is killed is taken over and completes', { skip: process.platform !== 'linux' }, async (t) => {
  const server = await startHoldfast(t);
  const source = temporaryDirectory(t);
  bigTree(source, 400);
  const id = await startBackup(server, await resourceOf(server, source));
  await jobUntil(server, id, ['RUNNING', 'COMPLETED']);
  for (const pid of workersOf(server)) process.kill(pid, 'SIGKILL');
  const job = await jobUntil(server, id, ['COMPLETED', 'FAILED', 'ABORTED', 'PARTIAL', 'EXPIRED']);
  assert.equal(job.State, 'COMPLETED', job.StatusMessage);
});

test('a stop request takes effect within five seconds', async (t) => {
  const server = await startHoldfast(t);
  const source = temporaryDirectory(t);
  bigTree(source, 800);
  const id = await startBackup(server, await resourceOf(server, source));
  await jobUntil(server, id, ['RUNNING', 'COMPLETED']);
  await clientOf(server).send(new StopBackupJobCommand({ BackupJobId: id }));
  const job = await jobUntil(server, id, ['ABORTED', 'COMPLETED', 'FAILED']);
  assert.equal(job.State, 'ABORTED', job.StatusMessage);
});

test('a server that is stopped in the middle of a job hands it back, and the next start completes it', async (t) => {
  const directory = temporaryDirectory(t, 'holdfast-e2e-');
  const source = temporaryDirectory(t);
  bigTree(source, 400);
  const first = await startHoldfast(t, { directory });
  const id = await startBackup(first, await resourceOf(first, source));
  await jobUntil(first, id, ['RUNNING', 'COMPLETED']);
  assert.equal(await first.stop('SIGTERM'), 0);
  const second = await startHoldfast(t, { directory });
  const job = await jobUntil(second, id, ['COMPLETED', 'FAILED', 'ABORTED', 'PARTIAL', 'EXPIRED']);
  assert.equal(job.State, 'COMPLETED', job.StatusMessage);
});
