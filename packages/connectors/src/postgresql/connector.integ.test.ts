import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ConnectorScenario } from '../sdk/v1/testing.ts';
import { testConnector } from '../sdk/v1/testing.ts';
import { postgresqlConnector } from './connector.ts';
import { age, postgresqlFixture, query, SOURCE_NAME } from './testing/postgresql-fixture.ts';

const CONTENT = "select md5(string_agg(id || v, ',' order by id)) as sum, count(*)::int as count from words";

testConnector('PostgreSQL', { descriptor: postgresqlConnector, setUp });

async function setUp(t: TestContext): Promise<ConnectorScenario> {
  const { server, directory } = await postgresqlFixture(t);
  await query(
    server.port,
    `create table words (id int primary key, v text);
     insert into words select n, md5(n::text) from generate_series(1, 20000) n; checkpoint`,
  );
  age(server.dataDirectory);
  const source = {
    name: SOURCE_NAME,
    kind: 'postgresql',
    accountId: '123456789012',
    region: 'us-east-1',
    settings: { host: '127.0.0.1', port: server.port, tags: { team: 'blue' } },
    secret: async () => '',
  };
  return {
    source,
    directory,
    expectedTags: { team: 'blue' },
    unreachable: { ...source, name: 'gone', settings: { host: '127.0.0.1', port: 1 } },
    newResourceMetadata: (stated) => ({ ...stated, DBInstanceIdentifier: 'Orders-Copy' }),
    existingResourceMetadata: { notApplicable: 'a restore of a database always makes a new instance' },
    invalidMetadata: [
      { change: { DBInstanceIdentifier: undefined }, message: /DBInstanceIdentifier.*required/ },
      { change: { DBInstanceIdentifier: '1st' }, message: /DBInstanceIdentifier/ },
      { change: { DBInstanceIdentifier: 'a--b' }, message: /DBInstanceIdentifier/ },
      { change: { Port: '80' }, message: /Port/ },
      { change: { RestoreTime: 'yesterday' }, message: /RestoreTime/ },
      { change: { RestoreTime: '2024-05-01T10:00:00' }, message: /RestoreTime/ },
      { change: { useLatestRestorableTime: 'maybe' }, message: /UseLatestRestorableTime/ },
      { change: { restoreTime: '2024-05-01T10:00:00Z', useLatestRestorableTime: 'true' }, message: /RestoreTime/ },
      { change: { 'holdfast:hand-over': 'cloud' }, message: /hand-over/ },
    ],
    readEveryTime: 12,
    change: async () => void (await query(server.port, "update words set v = 'changed' where id = 7; checkpoint")),
    makeUnreadable: { notApplicable: 'the server itself reads its files, and fails as a whole when it cannot' },
    takeAway: () => server.stop(),
    contentOfSource: () => query(server.port, CONTENT),
    contentOfRestore: async (_outcome, resource) => query(portOf(resource?.path ?? ''), CONTENT),
  };
}

/** The port that a running server wrote into its pid file. */
function portOf(dataDirectory: string): number {
  return Number(readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[3]);
}
