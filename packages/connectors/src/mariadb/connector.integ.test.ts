import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  findProgram,
  type MariadbServer,
  requireProgram,
  runSql,
  startMariadb,
  temporaryDirectory,
} from '@holdfast/testkit';
import {
  type ConnectorScenario,
  firstResource,
  runBackup,
  testConnector,
  testConnectorContext,
} from '../sdk/v1/testing.ts';
import { mariadbConnector } from './connector.ts';
import { socketPathOf } from './restore/instance-files.ts';
import { stopServer } from './restore/run-server.ts';

const WORLD = `
  create database shop;
  create table shop.orders (id int primary key, note varchar(64), amount decimal(10, 2));
  insert into shop.orders select seq, md5(seq), seq / 7 from shop.seq_1_to_5000;
  create table shop.notes (id int primary key, body text) engine = aria;
  insert into shop.notes values (1, 'one'), (2, 'zwei'), (3, '三');
  create procedure shop.answer() select 42;
  create event shop.tidy on schedule every 1 day do delete from shop.orders where id < 0;
  create user 'reader'@'localhost' identified by 'secret';
  grant select on shop.* to 'reader'@'localhost';`;

const PICTURE = `
  checksum table shop.orders, shop.notes;
  select count(*), sum(amount), md5(group_concat(note order by id separator '')) from shop.orders;
  select id, body from shop.notes order by id;
  select routine_name, routine_definition from information_schema.routines where routine_schema = 'shop';
  select event_name, interval_value from information_schema.events;
  show grants for 'reader'@'localhost';`;

const isInstalled = findProgram('mariadbd', ['/usr/sbin']) !== undefined;
if (!isInstalled) test('the connector keeps the contract on MariaDB', (t) => void requireProgram(t, 'mariadbd'));

if (isInstalled) {
  testConnector('mariadb', {
    // An increment holds many small files whatever changed: its own test judges the bytes that it reads.
    descriptor: { ...mariadbConnector, abilities: { ...mariadbConnector.abilities, incremental: false } },
    setUp: async (t) => scenario(t, await shop(t), 'physical'),
  });

  test('a dump brings users, routines, events and plain tables back, and says that it is one', async (t) => {
    const world = scenario(t, await shop(t), 'logical');
    const { settings } = world.source;
    const source = { ...world.source, settings: mariadbConnector.settings.parse(settings) };
    await using connector = await mariadbConnector.open(source, testConnectorContext(world.directory));
    const resource = await firstResource(connector);
    const { point, session } = await runBackup(connector, resource.arn);
    assert.equal(session.restoreMetadata['holdfast:backup-method'], 'logical');
    const request = {
      recoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1',
      sourceResourceArn: resource.arn,
      metadata: world.newResourceMetadata(session.restoreMetadata),
      tags: {},
      content: point,
      startedAt: 0,
      signal: new AbortController().signal,
      progress: () => undefined,
    };
    const issue = (found: { readonly message: string }) => assert.fail(found.message);
    const outcome = await connector.restore({ ...request, jobId: 'whole', issue });
    assert.deepEqual(await world.contentOfRestore(outcome, outcome.resource), await world.contentOfSource());
    await connector.deleteRestored(outcome.createdResourceArn, request.signal);

    point.damaged.add(point.readPaths[0] ?? '');
    const issues: unknown[] = [];
    const damaged = await connector.restore({ ...request, jobId: 'damaged', issue: (found) => issues.push(found) });
    assert.equal(issues.length, 1);
    assert.equal(damaged.resource?.status, 'unavailable', 'what is not whole is not started');
  });
}

async function shop(t: TestContext): Promise<MariadbServer> {
  const server = await startMariadb(['--log-bin=binlog', '--binlog-format=ROW', '--server-id=1']);
  t.after(() => server.remove());
  server.sql(WORLD);
  return server;
}

function scenario(t: TestContext, server: MariadbServer, method: 'physical' | 'logical'): ConnectorScenario {
  const directory = temporaryDirectory(t);
  // The user of restored instances passes through.
  chmodSync(directory, 0o711);
  const source = {
    kind: 'mariadb',
    name: 'shop',
    accountId: '123456789012',
    region: 'us-east-1',
    settings: { host: server.socketPath, method, tags: { team: 'blue' } },
    secret: async () => '',
  };
  const restored = new Set<string>();
  t.after(async () => {
    for (const each of restored) await stopServer(each);
  });
  return {
    source,
    directory,
    expectedTags: { team: 'blue' },
    unreachable: { ...source, name: 'gone', settings: { host: join(directory, 'nothing.sock') } },
    newResourceMetadata: (stated) => ({ ...stated, DBInstanceIdentifier: 'copy' }),
    existingResourceMetadata: { notApplicable: 'a restore always makes a new DB instance' },
    invalidMetadata: [{ change: { DBInstanceIdentifier: undefined }, message: /DBInstanceIdentifier/ }],
    change: async () => void server.sql("update shop.orders set note = 'changed' where id = 7"),
    makeUnreadable: { notApplicable: 'a backup of a server holds all of it or fails' },
    takeAway: () => server.stop(),
    contentOfSource: async () => server.sql(PICTURE),
    async contentOfRestore(_outcome, resource) {
      const instance = join(resource?.path ?? '', '..');
      restored.add(instance);
      return runSql(socketPathOf(instance), PICTURE);
    },
  };
}
