import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Catalog, CatalogBulkOperationStore, openCatalog } from '@holdfast/catalog';
import { BulkRunner, type NewBulkOperation } from '@holdfast/control';
import { FakeClock } from '@holdfast/jobs/testing';
import { temporaryDirectory } from '@holdfast/testkit';
import { ServiceError } from '@holdfast/wire';

const SCOPE = { accountId: '123456789012', region: 'us-east-1' };
const START = Date.UTC(2024, 0, 1);

const POINTS = ['arn:a', 'arn:b', 'arn:c', 'arn:d'];

function operation(operationId: string, more: Partial<NewBulkOperation> = {}): NewBulkOperation {
  return {
    ...SCOPE,
    operationId,
    action: 'DeleteRecoveryPoint',
    request: { vaultName: 'Default' },
    caller: {
      principal: { type: 'IAMUser', arn: 'arn:aws:iam::1:user/ada', accountId: SCOPE.accountId, userId: 'AIDA1' },
      accessKeyId: 'AKIA1',
      isTemporary: false,
      sourceIp: '127.0.0.1',
      userAgent: 'test',
      isSecure: false,
    },
    createdAt: START,
    ...more,
  };
}

function aRunner(catalog: Catalog, owner: string) {
  const calls: string[] = [];
  const answers = new Map<string, () => Promise<object>>();
  const clock = new FakeClock(START);
  const operations = new CatalogBulkOperationStore(catalog);
  const world = { isCallerThere: true };
  const runner = new BulkRunner({
    clock,
    ids: { uuid: () => 'request', hex: (prefix) => prefix },
    log: () => {},
    operations,
    owner,
    isCallerThere: async () => world.isCallerThere,
    call: async (name, input) => {
      const target = String(input['RecoveryPointArn'] ?? input['BackupJobId']);
      calls.push(`${name} ${target}`);
      return (await answers.get(target)?.()) ?? {};
    },
  });
  return { runner, calls, answers, clock, operations, world };
}

const never = new AbortController().signal;

async function open(t: TestContext): Promise<Catalog> {
  const path = `${temporaryDirectory(t, 'holdfast-bulk-')}/catalog.db`;
  const catalog = await openCatalog({ kind: 'sqlite', path }, { now: () => START });
  t.after(() => catalog.close());
  return catalog;
}

test('every item is one call, and what was refused is told per item', async (t) => {
  const { runner, calls, answers, operations } = aRunner(await open(t), 'here');
  answers.set('arn:b', () => Promise.reject(new ServiceError('AccessDeniedException', 'not yours')));
  answers.set('arn:c', () => Promise.reject(new Error('a defect')));
  await operations.create(operation('one'), POINTS);
  await runner.run(never);
  assert.deepEqual(
    calls,
    POINTS.map((arn) => `DeleteRecoveryPoint ${arn}`),
  );
  const ended = await operations.get(SCOPE, 'one');
  assert.deepEqual([ended?.state, ended?.succeededCount, ended?.failedCount], ['COMPLETED', 2, 2]);
  const failed = await operations.listItems('one', 'FAILED', { limit: 10 });
  assert.deepEqual(
    failed.items.map(({ target, errorCode }) => [target, errorCode]),
    [
      ['arn:b', 'AccessDeniedException'],
      ['arn:c', 'InternalFailure'],
    ],
  );
  assert.equal((await operations.listItems('one', undefined, { limit: 3 })).items.length, 3);
});

test('another process goes on after a crash, does the item under way again, and takes "gone already" for done', async (t) => {
  const catalog = await open(t);
  const first = aRunner(catalog, 'dead');
  await first.operations.create(operation('one'), POINTS);
  const lease = { owner: 'dead', until: START + 60_000 };
  await first.operations.claim(lease, START);
  await first.operations.beginItem('one', lease);

  const second = aRunner(catalog, 'alive');
  await second.runner.run(never);
  assert.deepEqual(second.calls, [], 'the lease of the first one stands');
  await second.clock.advance(60_000);
  second.answers.set('arn:a', () => Promise.reject(new ServiceError('ResourceNotFoundException', 'gone')));
  await second.runner.run(never);
  assert.equal(second.calls.length, 4);
  assert.equal((await second.operations.get(SCOPE, 'one'))?.succeededCount, 4);

  assert.equal(await first.operations.beginItem('one', lease), undefined, 'who lost an operation begins nothing');
  await first.operations.endItem('one', 0, { state: 'SUCCEEDED' }, START);
  assert.equal((await second.operations.get(SCOPE, 'one'))?.succeededCount, 4, 'no item counts twice');
});

test('a stop finishes the item under way and skips the rest', async (t) => {
  const { runner, calls, answers, operations } = aRunner(await open(t), 'here');
  answers.set('arn:b', async () => {
    assert.equal(await operations.requestStop(SCOPE, 'one'), true);
    return {};
  });
  await operations.create(operation('one'), POINTS);
  await runner.run(never);
  assert.equal(calls.length, 2);
  assert.equal((await operations.get(SCOPE, 'one'))?.state, 'STOPPED');
  const states = (await operations.listItems('one', undefined, { limit: 9 })).items.map(({ state }) => state);
  assert.deepEqual(states, ['SUCCEEDED', 'SUCCEEDED', 'SKIPPED', 'SKIPPED']);
  assert.equal(await operations.requestStop(SCOPE, 'one'), false);
});

test('a server that stops hands the rest to the next one at once', async (t) => {
  const catalog = await open(t);
  const { runner, answers, operations } = aRunner(catalog, 'here');
  const stopping = new AbortController();
  answers.set('arn:b', async () => {
    stopping.abort();
    return {};
  });
  await operations.create(operation('one'), POINTS);
  await runner.run(stopping.signal);
  const next = aRunner(catalog, 'there');
  await next.runner.run(never);
  assert.deepEqual(next.calls, ['DeleteRecoveryPoint arn:c', 'DeleteRecoveryPoint arn:d']);
});

test('items fail when their caller is gone, and when a day has passed', async (t) => {
  const { runner, calls, clock, operations, world } = aRunner(await open(t), 'here');
  await operations.create(operation('one'), ['arn:a']);
  world.isCallerThere = false;
  await runner.run(never);
  assert.equal(
    (await operations.listItems('one', 'FAILED', { limit: 1 })).items[0]?.errorCode,
    'AccessDeniedException',
  );
  world.isCallerThere = true;
  await operations.create(operation('two'), ['arn:a']);
  await clock.advance(86_400_001);
  await runner.run(never);
  assert.equal(
    (await operations.listItems('two', 'FAILED', { limit: 1 })).items[0]?.errorCode,
    'ExpiredTokenException',
  );
  assert.deepEqual(calls, []);
});
