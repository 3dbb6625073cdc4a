import assert from 'node:assert/strict';
import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { firstResource, runBackup } from '../sdk/v1/testing.ts';
import { newerPostgres } from './testing/newer-postgres.ts';
import { postgresqlFixture, query } from './testing/postgresql-fixture.ts';

const { signal } = new AbortController();
const CONTENT = "select md5(string_agg(id || v, ',' order by id)) as sum, count(*)::int as count from words";

describe('A PostgreSQL server that knows which blocks changed', () => {
  it('sends only those, and every recovery point is whole all the same', async (t) => {
    const binDirectory = newerPostgres(t);
    if (binDirectory === undefined) return;
    const { server, open } = await postgresqlFixture(t, { summarize_wal: 'on' }, { binDirectory });
    await query(
      server.port,
      `create table words (id int primary key, v text);
       insert into words select n, md5(n::text) from generate_series(1, 200000) n`,
    );
    await query(server.port, 'checkpoint');
    age(join(server.dataDirectory, 'base'));
    const connector = await open({ binariesDirectory: binDirectory });
    const { arn } = await firstResource(connector);
    const first = await runBackup(connector, arn);
    await query(server.port, "update words set v = 'changed' where id = 777; create table new as select 1 as one");
    await query(server.port, 'insert into words select n, md5(n::text) from generate_series(200001, 201000) n');
    const before = await query(server.port, CONTENT);
    const second = await runBackup(connector, arn, { parent: first.point });
    assert.deepEqual(second.point.issues, []);
    await query(server.port, 'delete from words');
    const { createdResourceArn, resource } = await connector.restore({
      recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1',
      sourceResourceArn: arn,
      metadata: { DBInstanceIdentifier: 'combined' },
      tags: {},
      content: second.point,
      jobId: 'job',
      startedAt: Date.now(),
      signal,
      progress: () => undefined,
      issue: ({ message }) => assert.fail(message),
    });
    const port = Number(readFileSync(join(resource?.path ?? '', 'postmaster.pid'), 'utf8').split('\n')[3]);
    assert.deepEqual(await query(port, CONTENT), before);
    assert.deepEqual(await query(port, 'select one from new'), [{ one: 1 }]);
    await connector.deleteRestored(createdResourceArn, signal);
    assert.ok(
      second.point.readPaths.length < first.point.readPaths.length / 4,
      `${second.point.readPaths.length} files read`,
    );
  });
});

/** Makes files old: one that was changed just now is read again, since a further change could leave its time as it is. */
function age(directory: string): void {
  const anHourAgo = Date.now() / 1000 - 3600;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), anHourAgo, anHourAgo);
  }
}
