import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContinuousBackupRecord, ContinuousBase } from '@holdfast/control';
import { forEachDatabase } from '../testing/for-each-database.ts';
import { SCOPE } from '../testing/records.ts';
import { CatalogContinuousBackupStore } from './continuous-backup-store.ts';

const DATABASE_ARN = 'arn:aws:rds:us-east-1:123456789012:db:orders';

function aBackup(continuousId: string, members: Partial<ContinuousBackupRecord> = {}): ContinuousBackupRecord {
  return {
    ...SCOPE,
    continuousId,
    vaultId: 'vault-1',
    recoveryPointArn: `arn:aws:backup:us-east-1:123456789012:recovery-point:continuous:${continuousId}`,
    resourceArn: DATABASE_ARN,
    resourceType: 'RDS',
    nature: 'log',
    state: 'ACTIVE',
    createdAt: 100,
    iamRoleArn: 'arn:aws:iam::123456789012:role/r',
    recoveryPointTags: { team: 'blue' },
    retention: { days: 7 },
    captureCount: 1,
    baseCount: 0,
    logGaps: [{ fromAt: 1, untilAt: 2 }],
    dueAt: 1000,
    fence: 0,
    ...members,
  };
}

function aBase(engineId: string, members: Partial<ContinuousBase> = {}): ContinuousBase {
  return {
    continuousId: 'a',
    engineId,
    startAt: 1,
    consistentAt: 2,
    completedAt: 3,
    sizeBytes: 4,
    storedBytes: 5,
    itemCount: 6,
    issueCount: 0,
    restoreMetadata: { engine: 'postgres' },
    ...members,
  };
}

forEachDatabase((_name, open) => {
  test('of a resource one continuous backup lives; when it has stopped, the next may begin', async (t) => {
    const store = new CatalogContinuousBackupStore(await open(t));
    const first = aBackup('a');
    assert.deepEqual(await store.create(first), first);
    assert.equal((await store.create(aBackup('b'))).continuousId, 'a');
    assert.deepEqual(await store.live(SCOPE, DATABASE_ARN), first);
    assert.deepEqual(await store.ofRecoveryPoint('vault-1', first.recoveryPointArn), first);
    await store.change('a', { state: 'STOPPED', reason: 'the rule is gone' });
    assert.equal(await store.live(SCOPE, DATABASE_ARN), undefined);
    assert.equal((await store.create(aBackup('b'))).continuousId, 'b');
    const stopped = await store.list({ scope: SCOPE, states: ['STOPPED'] }, { limit: 10 });
    assert.deepEqual(
      stopped.items.map(({ continuousId, reason }) => [continuousId, reason]),
      [['a', 'the rule is gone']],
    );
    assert.equal((await store.list({}, { limit: 1 })).nextKey === undefined, false);
    await store.remove('a');
    assert.equal(await store.get('a'), undefined);
  });

  test('a change is made only under its conditions, and null takes a member away', async (t) => {
    const store = new CatalogContinuousBackupStore(await open(t));
    await store.create(aBackup('a', { error: { message: 'away', at: 1, count: 2, isLasting: false } }));
    assert.equal(await store.change('a', { latestAt: 5 }, { states: ['STARTING'] }), undefined);
    assert.equal(await store.change('a', { latestAt: 5 }, { fence: 9 }), undefined);
    assert.equal((await store.get('a'))?.latestAt, undefined);
    const changed = await store.change('a', { latestAt: 5, error: null }, { fence: 0, states: ['ACTIVE'] });
    assert.deepEqual([changed?.latestAt, changed?.error], [5, undefined]);
    assert.deepEqual(await store.get('a'), changed);
  });

  test('one worker at a time holds a continuous backup, and who lost it can neither renew nor release it', async (t) => {
    const store = new CatalogContinuousBackupStore(await open(t));
    await store.create(aBackup('a'));
    assert.equal(await store.claim('one', 999, 100), undefined, 'not yet due');
    const held = await store.claim('one', 1000, 100);
    assert.deepEqual([held?.fence, held?.lease], [1, { workerId: 'one', expiresAt: 1100 }]);
    assert.equal(await store.claim('two', 1050, 100), undefined);
    assert.equal((await store.heartbeat('a', 1, 1200))?.lease?.expiresAt, 1200);
    const taken = await store.claim('two', 1200, 100);
    assert.deepEqual([taken?.fence, taken?.lease?.workerId], [2, 'two']);
    assert.equal(await store.heartbeat('a', 1, 1300), undefined);
    await store.release('a', 1, 0);
    assert.equal((await store.get('a'))?.lease?.workerId, 'two');
    await store.release('a', 2, 5000);
    assert.deepEqual([(await store.get('a'))?.lease, (await store.get('a'))?.dueAt], [undefined, 5000]);
    assert.equal(await store.heartbeat('a', 2, 1300), undefined, 'a lease that was given back is over');
  });

  test('many workers that claim at once get one each', async (t) => {
    const store = new CatalogContinuousBackupStore(await open(t));
    for (const id of ['a', 'b', 'c']) await store.create(aBackup(id, { resourceArn: `${DATABASE_ARN}-${id}` }));
    const claims = await Promise.all(['1', '2', '3', '4', '5'].map((worker) => store.claim(worker, 1000, 100)));
    const ids = claims.flatMap((claim) => (claim === undefined ? [] : [claim.continuousId]));
    assert.deepEqual([...ids].sort(), ['a', 'b', 'c']);
  });

  test('what has stopped is not claimed, what is to go is', async (t) => {
    const store = new CatalogContinuousBackupStore(await open(t));
    await store.create(aBackup('a', { state: 'STOPPED' }));
    assert.equal(await store.claim('one', 5000, 100), undefined);
    await store.change('a', { state: 'DELETING', dueAt: 0 });
    assert.equal((await store.claim('one', 5000, 100))?.continuousId, 'a');
  });

  test('bases come oldest first, are written once, and go with their backup', async (t) => {
    const store = new CatalogContinuousBackupStore(await open(t));
    await store.create(aBackup('a'));
    const late = aBase('late', { consistentAt: 50, connectorState: new Uint8Array([1, 2]) });
    await store.addBase(late);
    await store.addBase(aBase('early'));
    await store.addBase({ ...late, sizeBytes: 99 });
    assert.deepEqual(await store.bases('a'), [aBase('early'), late]);
    await store.removeBase('a', 'early');
    assert.deepEqual(await store.bases('a'), [late]);
    await store.remove('a');
    assert.deepEqual(await store.bases('a'), []);
  });
});
