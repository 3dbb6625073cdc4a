import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type LegalHoldCriteria,
  type LegalHoldRecord,
  type RecoveryPointRecord,
  recoveryPointKey,
} from '@holdfast/control';
import { CatalogRecoveryPointStore } from '../recovery-points/recovery-point-store.ts';
import { CatalogTagStore } from '../tags/tag-store.ts';
import { forEachDatabase, type OpenTestCatalog } from '../testing/for-each-database.ts';
import { CatalogDueRecoveryPoints } from './due-recovery-points.ts';
import { CatalogLegalHoldStore } from './legal-hold-store.ts';

const SCOPE = { accountId: '123456789012', region: 'us-east-1' };

function aPoint(id: string, members: Partial<RecoveryPointRecord> = {}): RecoveryPointRecord {
  return {
    ...SCOPE,
    arn: `arn:aws:backup:us-east-1:123456789012:recovery-point:${id}`,
    vaultId: 'vault-1',
    vaultName: 'evidence',
    vaultArn: 'arn:aws:backup:us-east-1:123456789012:backup-vault:evidence',
    vaultType: 'BACKUP_VAULT',
    engineId: id,
    resourceArn: 'arn:aws:s3:::photos',
    resourceType: 'S3',
    status: 'COMPLETED',
    createdAt: 100,
    sizeBytes: 1,
    storedBytes: 1,
    itemCount: 1,
    issueCount: 0,
    isEncrypted: true,
    iamRoleArn: 'arn:aws:iam::123456789012:role/r',
    storageClass: 'WARM',
    isParent: false,
    isContinuous: false,
    restoreMetadata: {},
    resourceTags: {},
    ...members,
  };
}

function aHold(holdId: string, criteria: LegalHoldCriteria, createdAt = 1000): LegalHoldRecord {
  return {
    ...SCOPE,
    holdId,
    arn: `arn:aws:backup:us-east-1:123456789012:legal-hold:${holdId}`,
    title: holdId,
    description: 'because',
    status: 'ACTIVE',
    criteria,
    createdAt,
    idempotencyToken: `token-${holdId}`,
    requestFingerprint: 'f',
  };
}

async function aCatalog(open: OpenTestCatalog, t: Parameters<OpenTestCatalog>[0]) {
  const catalog = await open(t);
  const tags = new CatalogTagStore(catalog);
  const points = new CatalogRecoveryPointStore(catalog, () => 0);
  const holds = new CatalogLegalHoldStore(catalog, tags);
  for (const recoveryPoint of [
    aPoint('a'),
    aPoint('b', { createdAt: 200, resourceType: 'EBS', resourceArn: 'arn:aws:ec2:us-east-1:123456789012:volume/v' }),
    aPoint('c', { vaultId: 'vault-2', vaultName: 'other' }),
    aPoint('deleting', { status: 'DELETING' }),
    aPoint('expired', { status: 'EXPIRED' }),
    aPoint('abroad', { region: 'eu-west-1', vaultId: 'vault-3' }),
  ]) {
    await points.commit({ recoveryPoint, tags: {} });
  }
  const held = async (holdId: string) =>
    (await holds.listRecoveryPoints(holdId, { limit: 10 })).items.map((item) =>
      item.recoveryPointArn.split(':').at(-1),
    );
  return { holds, points, tags, held, due: new CatalogDueRecoveryPoints(catalog) };
}

forEachDatabase((_name, open) => {
  test('a hold takes in what matches its criteria when it is made', async (t) => {
    const { holds, held } = await aCatalog(open, t);
    await holds.create(aHold('vault', { vaultNames: ['evidence'] }), {});
    await holds.create(aHold('type', { resourceIdentifiers: ['EBS', 'nothing'] }), {});
    await holds.create(aHold('arn', { resourceIdentifiers: ['arn:aws:s3:::photos'] }), {});
    await holds.create(aHold('dates', { createdFrom: 200, createdTo: 200 }), {});
    assert.deepEqual(await held('vault'), ['a', 'b']);
    assert.deepEqual(await held('type'), ['b']);
    assert.deepEqual(await held('arn'), ['a', 'c']);
    assert.deepEqual(await held('dates'), ['b']);
  });

  test('a hold comes back as it was written, by ID and by token, and is counted and listed', async (t) => {
    const { holds, tags } = await aCatalog(open, t);
    const hold = aHold('h1', { vaultNames: ['evidence'], createdFrom: 0, createdTo: 5000 });
    await holds.create(hold, { case: '7' });
    await holds.create(aHold('h2', { vaultNames: ['other'] }, 2000), {});
    assert.deepEqual(await holds.get(SCOPE, 'h1'), hold);
    assert.equal((await holds.findByIdempotencyToken(SCOPE, 'token-h2'))?.holdId, 'h2');
    assert.equal(await holds.get({ ...SCOPE, region: 'eu-west-1' }, 'h1'), undefined);
    assert.equal(await holds.countActive(SCOPE.accountId), 2);
    const list = await holds.list(SCOPE, { limit: 1 });
    assert.deepEqual([list.items[0]?.holdId, list.nextKey !== undefined], ['h2', true]);
    assert.deepEqual((await tags.list(SCOPE.accountId, hold.arn, { limit: 5 })).items, [{ key: 'case', value: '7' }]);
  });

  test('active holds are found for many recovery points at once until they are cancelled', async (t) => {
    const { holds } = await aCatalog(open, t);
    await holds.create(aHold('h1', { vaultNames: ['evidence'] }, 1), {});
    await holds.create(aHold('h2', { resourceIdentifiers: ['EBS'] }, 2), {});
    const points = [aPoint('a'), aPoint('b'), aPoint('c', { vaultId: 'vault-2' })];
    const ids = async () => {
      const found = await holds.activeHoldsOn(points);
      return points.map((point) => (found.get(recoveryPointKey(point)) ?? []).map((hold) => hold.holdId));
    };
    assert.deepEqual(await ids(), [['h1'], ['h1', 'h2'], []]);
    const cancellation = { at: 9, description: 'over', retainRecordUntil: 99 };
    assert.equal(await holds.cancel('h1', cancellation), true);
    assert.equal(await holds.cancel('h1', cancellation), false);
    assert.deepEqual(await ids(), [[], ['h2'], []]);
    assert.equal(await holds.countActive(SCOPE.accountId), 1);
    assert.deepEqual((await holds.activeHoldsOn([])).size, 0);
    const cancelled = await holds.get(SCOPE, 'h1');
    assert.deepEqual([cancelled?.status, cancelled?.cancelDescription], ['CANCELING', 'over']);
  });

  test('the record of a cancelled hold is purged when its time has come', async (t) => {
    const { holds, held } = await aCatalog(open, t);
    await holds.create(aHold('h1', { vaultNames: ['evidence'] }), { a: 'b' });
    await holds.cancel('h1', { at: 9, description: 'over', retainRecordUntil: 99 });
    assert.equal(await holds.purge(99), 0, 'not before the engine has let go');
    assert.equal(await holds.settle('h1'), 'CANCELED');
    assert.equal(await holds.purge(98), 0);
    assert.equal(await holds.purge(99), 1);
    assert.equal(await holds.get(SCOPE, 'h1'), undefined);
    assert.deepEqual(await held('h1'), []);
  });

  test('a hold is in force when the engine holds all its snapshots, and over when it holds none', async (t) => {
    const { holds, points } = await aCatalog(open, t);
    await points.commit({ recoveryPoint: aPoint('continuous', { isContinuous: true }), tags: {} });
    await holds.create({ ...aHold('h1', { vaultNames: ['evidence'] }), status: 'CREATING' }, {});
    const idsOf = (found: readonly { engineId: string }[]) => found.map(({ engineId }) => engineId);
    assert.deepEqual(idsOf((await holds.listToPlace('h1', 1)) ?? []), ['a']);
    const [a, b] = await holds.listToPlace('h1', 10);
    assert.ok(a && b);
    assert.deepEqual([a.vaultId, a.region, b.engineId], ['vault-1', SCOPE.region, 'b']);
    await holds.setPlaced('h1', a, true);
    assert.equal(await holds.settle('h1'), 'CREATING');
    assert.deepEqual(
      (await holds.listUnsettled({ limit: 5 })).items.map(({ holdId }) => holdId),
      ['h1'],
    );
    await holds.setPlaced('h1', b, true);
    assert.equal(await holds.settle('h1'), 'ACTIVE');
    assert.equal(await holds.isBeingReleased(a), false);
    await holds.cancel('h1', { at: 9, description: 'over', retainRecordUntil: 99 });
    assert.equal(await holds.isBeingReleased(a), true);
    assert.deepEqual(idsOf(await holds.listToRelease('h1', 10)), ['a', 'b']);
    await holds.setPlaced('h1', a, false);
    await points.remove('vault-1', b.arn);
    assert.deepEqual([await holds.settle('h1'), await holds.isBeingReleased(a)], ['CANCELED', false]);
  });

  test('a hold that was found in the engines is restored on what each of them names, once', async (t) => {
    const { holds, held } = await aCatalog(open, t);
    const { idempotencyToken: _none, ...hold } = aHold('h1', {});
    await holds.restore(hold, [aPoint('a')]);
    await holds.restore({ ...hold, title: 'another' }, [aPoint('a'), aPoint('c', { vaultId: 'vault-2' })]);
    assert.deepEqual(await holds.get(SCOPE, 'h1'), hold);
    assert.deepEqual(await held('h1'), ['a', 'c']);
    assert.deepEqual(await holds.listToPlace('h1', 5), []);
    assert.equal((await holds.listToRelease('h1', 5)).length, 2);
    assert.equal((await holds.activeHoldsOn([aPoint('a'), aPoint('b')])).size, 1);
  });

  test('a recovery point that is gone is no longer listed', async (t) => {
    const { holds, points, held } = await aCatalog(open, t);
    await holds.create(aHold('h1', { vaultNames: ['evidence'] }), {});
    await points.remove('vault-1', aPoint('a').arn);
    assert.deepEqual(await held('h1'), ['b']);
  });

  test('due is what is past its day and free: not held unless continuous, not being deleted, not expired', async (t) => {
    const { holds, points, due } = await aCatalog(open, t);
    const dates = { deleteAt: 500, moveToColdStorageAt: 400 };
    for (const recoveryPoint of [
      aPoint('free', { ...dates, vaultId: 'vault-9', vaultName: 'free' }),
      aPoint('later', { ...dates, deleteAt: 501, moveToColdStorageAt: 501, vaultId: 'vault-9', vaultName: 'free' }),
      aPoint('held', dates),
      aPoint('held-continuous', { ...dates, isContinuous: true }),
      aPoint('going', { ...dates, status: 'DELETING' }),
      aPoint('stuck', { ...dates, status: 'EXPIRED' }),
      aPoint('cold', { ...dates, storageClass: 'COLD', vaultId: 'vault-9', vaultName: 'free' }),
    ]) {
      await points.commit({ recoveryPoint, tags: {} });
    }
    await holds.create(aHold('h1', { vaultNames: ['evidence'] }), {});
    const ids = (page: { items: readonly RecoveryPointRecord[] }) => page.items.map((point) => point.engineId);
    assert.deepEqual(ids(await due.listToDelete(499, { limit: 10 })), []);
    assert.deepEqual(ids(await due.listToDelete(500, { limit: 10 })), ['cold', 'free', 'held-continuous']);
    assert.deepEqual(ids(await due.listToCool(400, { limit: 10 })), ['free', 'held-continuous']);
    await holds.cancel('h1', { at: 9, description: 'over', retainRecordUntil: 99 });
    const first = await due.listToDelete(500, { limit: 3 });
    assert.deepEqual(ids(first), ['cold', 'free', 'held']);
    const rest = await due.listToDelete(500, { limit: 3, afterKey: first.nextKey ?? '' });
    assert.deepEqual(ids(rest), ['held-continuous']);
  });
});
