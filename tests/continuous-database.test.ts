import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { DeleteRecoveryPointCommand, ListRecoveryPointsByResourceCommand } from '@aws-sdk/client-backup';
import { postgresBinDirectory, requireProgram, startPostgres, temporaryDirectory } from '@holdfast/testkit';
import {
  addSource,
  protectContinuously,
  restore,
  restoreTimeOf,
  until,
  windowReaching,
} from './support/continuous-protection.ts';
import { startMovedServer } from './support/moved-server.ts';
import { psql, stopInstance } from './support/postgres.ts';

const DATABASE_ARN = 'arn:aws:rds:us-east-1:123456789012:db:ledger';

test('a PostgreSQL database under a continuous rule is restored to the second before a mistake; deletion gives it back', async (t) => {
  const program = requireProgram(t, 'psql', [postgresBinDirectory() ?? '']);
  if (program === undefined) return;
  const database = await startPostgres({ settings: { wal_level: 'replica' } });
  t.after(() => database.stop());
  const sql = (text: string) => psql(program, database.port, text);
  await sql('create table entries as select n as id from generate_series(1, 1000) n');
  const restored = temporaryDirectory(t);
  chmodSync(restored, 0o755);
  const server = await startMovedServer(t, temporaryDirectory(t), { continuous: { lagSeconds: 2, refreshMinutes: 5 } });
  const { client } = server;
  const settings = ['host=127.0.0.1', `port=${database.port}`, `restorePath=${restored}`];
  await addSource(server, 'postgresql', 'ledger', settings);
  const RecoveryPointArn = await protectContinuously(server, DATABASE_ARN);

  await sql('insert into entries select generate_series(1001, 1500)');
  const goodAt = await databaseTime(sql);
  await sql('select pg_sleep(1.1)');
  await sql('delete from entries');
  const metadata = await windowReaching(client, RecoveryPointArn, await databaseTime(sql));
  const wanted = { ...metadata, DBInstanceIdentifier: 'ledger-before', RestoreTime: restoreTimeOf(goodAt) };
  t.after(() => stopInstance(database, `${restored}/ledger-before/data`));
  const job = await restore(client, RecoveryPointArn, wanted);
  assert.equal(job.Status, 'COMPLETED', job.StatusMessage);
  const port = /127\.0\.0\.1:(\d+)/.exec(job.StatusMessage ?? '')?.[1] ?? '';
  assert.equal(await psql(program, port, 'select count(*) from entries'), '1500');

  assert.equal(await sql('select count(*) from pg_replication_slots'), '1');
  await client().send(new DeleteRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn }));
  await until(async () => {
    const slots = await sql('select count(*) from pg_replication_slots');
    const { RecoveryPoints = [] } = await client().send(
      new ListRecoveryPointsByResourceCommand({ ResourceArn: DATABASE_ARN }),
    );
    return slots === '0' && RecoveryPoints.length === 0 ? true : undefined;
  }, 'the end of the capture and of the recovery point');
});

async function databaseTime(sql: (text: string) => Promise<string>): Promise<number> {
  return Number(await sql('select floor(extract(epoch from clock_timestamp()) * 1000)'));
}
