import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import {
  type PostgresServer,
  postgresBinDirectory,
  requireProgram,
  startPostgres,
  temporaryDirectory,
} from '@holdfast/testkit';
import { psql, stopInstance } from './support/postgres.ts';
import { holdfast, type RunningHoldfast, runProgram, startHoldfast } from './support/running-server.ts';
import { until as lookUntil } from './support/until.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';
const ENDED = ['COMPLETED', 'FAILED', 'PARTIAL', 'ABORTED', 'EXPIRED'];
const SUM = "select count(*) || ' ' || sum(balance) || ' ' || md5(string_agg(id::text, ',' order by id)) from accounts";

type Answer = Readonly<Record<string, unknown>>;

const until = <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => lookUntil(look, what, 1200);

/** Runs `aws backup <args>` and reads the answer. */
async function aws(program: string, server: RunningHoldfast, ...args: readonly string[]): Promise<Answer> {
  const result = await runProgram(program, ['backup', ...args, '--output', 'json', '--endpoint-url', server.url], {
    env: server.env,
  });
  assert.equal(result.code, 0, `aws backup ${args.join(' ')}\n${result.stderr}`);
  return result.stdout.trim() === '' ? {} : (JSON.parse(result.stdout) as Answer);
}

test('the aws CLI backs PostgreSQL up, copies it, and restores an instance that runs from the copy', async (t) => {
  const program = requireProgram(t, 'aws');
  const client = requireProgram(t, 'psql', [postgresBinDirectory() ?? '']);
  if (program === undefined || client === undefined) return;
  const database = await startPostgres({ settings: { wal_level: 'replica' } });
  t.after(() => database.stop());
  await fill(client, database);
  const server = await startHoldfast(t);
  const restored = temporaryDirectory(t);
  chmodSync(restored, 0o755);
  const settings = ['host=127.0.0.1', `port=${database.port}`, `restorePath=${restored}`];
  const added = await holdfast(server, [
    ...['source', 'add', 'postgresql', 'bank', '--tag', 'env=test'],
    ...settings.flatMap((setting) => ['--set', setting]),
  ]);
  assert.equal(added.code, 0, added.stderr);
  const arn = 'arn:aws:rds:us-east-1:123456789012:db:bank';
  const before = await psql(client, database.port, SUM);

  const { BackupJobId: backupJobId } = await aws(
    program,
    server,
    ...['start-backup-job', '--backup-vault-name', 'Default', '--resource-arn', arn, '--iam-role-arn', ROLE],
  );
  const backup = await until(async () => {
    const seen = await aws(program, server, 'describe-backup-job', '--backup-job-id', String(backupJobId));
    return ENDED.includes(String(seen['State'])) ? seen : undefined;
  }, 'the end of the backup job');
  assert.equal(backup['State'], 'COMPLETED', JSON.stringify(backup));
  assert.equal(backup['ResourceType'], 'RDS');
  await psql(client, database.port, 'delete from accounts');

  const { BackupVaultArn: other } = await aws(program, server, 'create-backup-vault', '--backup-vault-name', 'other');
  const { CopyJobId: copyJobId } = await aws(
    program,
    server,
    ...['start-copy-job', '--source-backup-vault-name', 'Default', '--destination-backup-vault-arn', String(other)],
    ...['--recovery-point-arn', String(backup['RecoveryPointArn']), '--iam-role-arn', ROLE],
  );
  const copy = await until(async () => {
    const seen = await aws(program, server, 'describe-copy-job', '--copy-job-id', String(copyJobId));
    const job = seen['CopyJob'] as Answer;
    return ENDED.includes(String(job['State'])) ? job : undefined;
  }, 'the end of the copy job');
  assert.equal(copy['State'], 'COMPLETED', JSON.stringify(copy));

  const point = String(copy['DestinationRecoveryPointArn']);
  const stated = await aws(
    program,
    server,
    ...['get-recovery-point-restore-metadata', '--backup-vault-name', 'other', '--recovery-point-arn', point],
  );
  const metadata = { ...(stated['RestoreMetadata'] as object), DBInstanceIdentifier: 'bank-copy' };
  const { RestoreJobId: restoreJobId } = await aws(
    program,
    server,
    ...['start-restore-job', '--recovery-point-arn', point, '--iam-role-arn', ROLE],
    ...['--resource-type', 'RDS', '--metadata', JSON.stringify(metadata)],
  );
  const restore = await until(async () => {
    const seen = await aws(program, server, 'describe-restore-job', '--restore-job-id', String(restoreJobId));
    return ENDED.includes(String(seen['Status'])) ? seen : undefined;
  }, 'the end of the restore job');
  assert.equal(restore['Status'], 'COMPLETED', JSON.stringify(restore));
  assert.equal(restore['CreatedResourceArn'], `${arn}-copy`);
  const port = /127\.0\.0\.1:(\d+)/.exec(String(restore['StatusMessage']))?.[1] ?? '';
  t.after(() => stopInstance(database, `${restored}/bank-copy/data`));
  assert.equal(await psql(client, port, SUM), before);
});

async function fill(program: string, { port }: PostgresServer): Promise<void> {
  await psql(
    program,
    port,
    'create table accounts as select n as id, n % 100 as balance from generate_series(1, 20000) n',
  );
  await psql(program, port, "alter system set fsync = 'off'");
}
