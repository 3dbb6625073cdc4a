import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectorScenario } from '../sdk/v1/testing.ts';
import { testConnector } from '../sdk/v1/testing.ts';
import { auroraPostgresqlConnector } from './connector.ts';
import { age, postgresqlFixture, query } from './testing/postgresql-fixture.ts';
import { asServer } from './testing/replica.ts';

const CONTENT = "select md5(string_agg(id || v, ',' order by id)) as sum, count(*)::int as count from words";

testConnector('An Aurora cluster of PostgreSQL', { descriptor: auroraPostgresqlConnector, setUp });

async function setUp(t: TestContext): Promise<ConnectorScenario> {
  const { server, directory } = await postgresqlFixture(t);
  await query(server.port, 'create table words as select n as id, md5(n::text) as v from generate_series(1, 5000) n');
  await query(server.port, 'checkpoint');
  age(server.dataDirectory);
  const source = {
    name: 'words',
    kind: 'aurora-postgresql',
    accountId: '123456789012',
    region: 'us-east-1',
    settings: { members: [`127.0.0.1:${server.port}`], tags: { team: 'blue' } },
    secret: async () => '',
  };
  const attached = new Map<string, number>();
  /** A restore brings back the storage alone (RST-113). */
  const attach = async (data: string, message: string): Promise<number> => {
    const known = attached.get(data);
    if (known !== undefined) return known;
    const port = Number(/port (\d+)/.exec(message)?.[1]);
    attached.set(data, port);
    await asServer(server, 'pg_ctl', ['start', '-D', data, '-l', join(data, '..', 'log'), '-w', '-s']);
    const pid = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
    // By its number: its directory goes before it.
    t.after(() => void spawnSync('kill', ['-QUIT', pid]));
    while ((await query(port, 'select pg_is_in_recovery() as r'))[0]?.['r'] === true) await wait(50);
    return port;
  };
  return {
    source,
    directory,
    expectedTags: { team: 'blue' },
    unreachable: { ...source, name: 'gone', settings: { members: ['127.0.0.1:1'] } },
    newResourceMetadata: (stated) => ({ ...stated, DBClusterIdentifier: 'Words-Copy' }),
    existingResourceMetadata: { notApplicable: 'a restore of a cluster always makes a new one' },
    invalidMetadata: [{ change: { DBClusterIdentifier: undefined }, message: /DBClusterIdentifier.*required/ }],
    readEveryTime: 12,
    change: async () => void (await query(server.port, "update words set v = 'changed' where id = 7; checkpoint")),
    makeUnreadable: { notApplicable: 'the server itself reads its files, and fails as a whole when it cannot' },
    takeAway: () => server.stop(),
    contentOfSource: () => query(server.port, CONTENT),
    contentOfRestore: async ({ message }, resource) =>
      query(await attach(resource?.path ?? '', message ?? ''), CONTENT),
  };
}
