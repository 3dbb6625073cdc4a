import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewBulkOperation } from '@holdfast/control';
import { SCOPE, START } from '../testing/records.ts';
import { forEachDatabase } from '../testing.ts';
import { CatalogBulkOperationStore } from './bulk-operation-store.ts';

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

forEachDatabase((_name, open) => {
  test('one process at a time has an operation; its items come in order, begun ones first, and count once', async (t) => {
    const operations = new CatalogBulkOperationStore(await open(t));
    await operations.create(operation('one'), POINTS);
    const lease = { owner: 'a', until: START + 60_000 };
    assert.equal((await operations.claim(lease, START))?.operationId, 'one');
    assert.equal(await operations.claim({ owner: 'b', until: START + 60_000 }, START + 1), undefined);
    assert.deepEqual(await operations.beginItem('one', lease), {
      item: { sequence: 0, target: 'arn:a', state: 'PENDING' },
      isRepeated: false,
    });
    const next = { owner: 'b', until: START + 120_000 };
    assert.equal((await operations.claim(next, START + 60_000))?.operationId, 'one', 'the lease is over');
    assert.equal(await operations.beginItem('one', lease), undefined, 'who lost an operation begins nothing');
    assert.equal((await operations.beginItem('one', next))?.isRepeated, true);
    await operations.endItem('one', 0, { state: 'SUCCEEDED', resultId: 'copy' }, START + 5);
    await operations.endItem('one', 0, { state: 'FAILED', errorCode: 'X', message: 'late' }, START + 6);
    await operations.beginItem('one', next);
    await operations.endItem('one', 1, { state: 'FAILED', errorCode: 'X', message: 'no' }, START + 7);
    await operations.end('one', 'a', START + 8);
    assert.equal((await operations.get(SCOPE, 'one'))?.state, 'RUNNING', 'only who has it may end it');
    await operations.end('one', 'b', START + 9);
    const ended = await operations.get(SCOPE, 'one');
    assert.deepEqual(
      [ended?.state, ended?.itemCount, ended?.succeededCount, ended?.failedCount, ended?.endedAt],
      ['COMPLETED', 4, 1, 1, START + 9],
    );
    const items = await operations.listItems('one', undefined, { limit: 3 });
    assert.deepEqual(
      items.items.map(({ state, resultId, message }) => [state, resultId ?? message]),
      [
        ['SUCCEEDED', 'copy'],
        ['FAILED', 'no'],
        ['SKIPPED', undefined],
      ],
    );
    const rest = await operations.listItems('one', undefined, { limit: 3, afterKey: items.nextKey ?? '' });
    assert.deepEqual(
      rest.items.map(({ sequence }) => sequence),
      [3],
    );
  });

  test('a request with the token of an earlier one is that one; other scopes see neither', async (t) => {
    const operations = new CatalogBulkOperationStore(await open(t));
    await operations.create(operation('one', { clientToken: 'x' }), POINTS);
    assert.equal((await operations.create(operation('two', { clientToken: 'x' }), ['arn:z'])).operationId, 'one');
    await operations.create(operation('three', { createdAt: START + 1 }), POINTS);
    const listed = await operations.list(SCOPE, { limit: 5 });
    assert.deepEqual(
      listed.items.map(({ operationId }) => operationId),
      ['three', 'one'],
    );
    const other = { ...SCOPE, accountId: '999999999999' };
    assert.deepEqual(
      [await operations.get(other, 'one'), await operations.requestStop(other, 'one')],
      [undefined, false],
    );
  });
});
