import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { requireProgram, temporaryDirectory } from '@holdfast/testkit';
import { holdfast, type RunningHoldfast, runProgram, startHoldfast } from './support/running-server.ts';
import { until as lookUntil } from './support/until.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';

/** Runs `aws backup <args>` and reads the answer. */
async function aws(
  program: string,
  server: RunningHoldfast,
  args: readonly string[],
): Promise<Record<string, unknown>> {
  const result = await runProgram(program, ['backup', ...args, '--output', 'json', '--endpoint-url', server.url], {
    env: server.env,
  });
  assert.equal(result.code, 0, `aws backup ${args.join(' ')}\n${result.stderr}`);
  return result.stdout.trim() === '' ? {} : (JSON.parse(result.stdout) as Record<string, unknown>);
}

const until = <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => lookUntil(look, what, 300);

test('the aws CLI backs a directory up, lists it and gets it back', async (t) => {
  const program = requireProgram(t, 'aws');
  if (program === undefined) return;
  const server = await startHoldfast(t);
  const source = temporaryDirectory(t);
  mkdirSync(join(source, 'sub'));
  writeFileSync(join(source, 'sub', 'hello.txt'), 'hello');
  const added = await holdfast(server, [
    'source',
    'add',
    'directory',
    'docs',
    '--path',
    source,
    '--tag',
    'env=test',
    '--json',
  ]);
  assert.equal(added.code, 0, added.stderr);
  const resources = JSON.parse((await holdfast(server, ['resource', 'list', '--json'])).stdout) as {
    arn: string;
    tags: object;
  }[];
  const [resource] = resources;
  assert.ok(resource !== undefined);
  assert.deepEqual(resource.tags, { env: 'test' });

  await aws(program, server, ['create-backup-vault', '--backup-vault-name', 'cli-vault', '--backup-vault-tags', 'a=b']);
  const started = await aws(program, server, [
    'start-backup-job',
    '--backup-vault-name',
    'cli-vault',
    '--resource-arn',
    resource.arn,
    '--iam-role-arn',
    ROLE,
  ]);
  const job = await until(async () => {
    const seen = await aws(program, server, ['describe-backup-job', '--backup-job-id', String(started['BackupJobId'])]);
    return ['COMPLETED', 'FAILED', 'PARTIAL', 'ABORTED'].includes(String(seen['State'])) ? seen : undefined;
  }, 'the end of the backup job');
  assert.equal(job['State'], 'COMPLETED', JSON.stringify(job));
  const list = await aws(program, server, ['list-recovery-points-by-backup-vault', '--backup-vault-name', 'cli-vault']);
  const [point] = list['RecoveryPoints'] as { RecoveryPointArn: string; Status: string }[];
  assert.equal(point?.RecoveryPointArn, job['RecoveryPointArn']);

  const metadata = await aws(program, server, [
    'get-recovery-point-restore-metadata',
    '--backup-vault-name',
    'cli-vault',
    '--recovery-point-arn',
    String(point?.RecoveryPointArn),
  ]);
  const restore = await aws(program, server, [
    'start-restore-job',
    '--recovery-point-arn',
    String(point?.RecoveryPointArn),
    '--iam-role-arn',
    ROLE,
    '--resource-type',
    'EFS',
    '--metadata',
    JSON.stringify({ ...(metadata['RestoreMetadata'] as object), newFileSystem: 'true', CreationToken: 'cli-1' }),
  ]);
  const restored = await until(async () => {
    const seen = await aws(program, server, [
      'describe-restore-job',
      '--restore-job-id',
      String(restore['RestoreJobId']),
    ]);
    return ['COMPLETED', 'FAILED', 'ABORTED'].includes(String(seen['Status'])) ? seen : undefined;
  }, 'the end of the restore job');
  assert.equal(restored['Status'], 'COMPLETED', JSON.stringify(restored));
  const all = JSON.parse((await holdfast(server, ['resource', 'list', '--json'])).stdout) as {
    arn: string;
    path: string;
  }[];
  const created = all.find((each) => each.arn === restored['CreatedResourceArn']);
  assert.ok(created !== undefined, 'the restored file system is a resource');
  assert.equal(readFileSync(findFile(created.path, 'hello.txt'), 'utf8'), 'hello');

  await aws(program, server, [
    'delete-recovery-point',
    '--backup-vault-name',
    'cli-vault',
    '--recovery-point-arn',
    String(point?.RecoveryPointArn),
  ]);
  await until(async () => {
    const left = await aws(program, server, [
      'list-recovery-points-by-backup-vault',
      '--backup-vault-name',
      'cli-vault',
    ]);
    return (left['RecoveryPoints'] as unknown[]).length === 0 ? true : undefined;
  }, 'the deletion of the recovery point');
  await aws(program, server, ['delete-backup-vault', '--backup-vault-name', 'cli-vault']);
});

test('the aws CLI prints the documented error for what does not exist', async (t) => {
  const program = requireProgram(t, 'aws');
  if (program === undefined) return;
  const server = await startHoldfast(t);
  const result = await runProgram(
    program,
    ['backup', 'describe-backup-vault', '--backup-vault-name', 'missing', '--endpoint-url', server.url],
    { env: server.env },
  );
  assert.notEqual(result.code, 0);
  assert.match(result.stderr, /ResourceNotFoundException|AccessDeniedException/);
});

function findFile(root: string, name: string): string {
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(name));
  assert.ok(found !== undefined, `${name} is below ${root}`);
  return join(root, found);
}
