import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RecoveryPointRecord } from '@holdfast/control';
import { JobQueue } from '@holdfast/jobs';
import { controlStores } from '../control-stores.ts';
import { CatalogJobStore } from '../jobs/queue-store.ts';
import { CatalogDueRecoveryPoints } from '../legal-holds/due-recovery-points.ts';
import { makeBackupJob, makeRecoveryPoint, makeVault, SCOPE, START } from '../testing/records.ts';
import { forEachDatabase, type OpenTestCatalog } from '../testing.ts';

async function setUp(t: TestContext, open: OpenTestCatalog) {
  const catalog = await open(t);
  const stores = controlStores(catalog, () => START);
  for (const name of ['Default', 'other']) await stores.vaults.create(makeVault(name), {}, 10);
  return { catalog, ...stores };
}

function full(id: string): RecoveryPointRecord {
  return makeRecoveryPoint(id, 'Default', {
    resourceName: 'files',
    statusMessage: 'm',
    initiatedAt: START,
    completedAt: START + 1,
    encryptionKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/1',
    encryptionKeyType: 'CUSTOMER_MANAGED_KMS_KEY',
    createdBy: { backupPlanId: 'p', backupPlanArn: 'arn:p', backupPlanVersion: 'v', backupRuleId: 'r' },
    backupJobId: 'j',
    backupOptions: { WindowsVSS: 'enabled' },
    lifecycle: { deleteAfterDays: 10 },
    deleteAt: START + 5,
    moveToColdStorageAt: START + 4,
    lastRestoredAt: START + 3,
    parentRecoveryPointArn: 'arn:parent',
    compositeMemberIdentifier: 'member',
    sourceBackupVaultArn: 'arn:source',
    connectorState: Uint8Array.of(0, 1, 255),
    resourceTags: { a: 'b' },
  });
}

forEachDatabase((_name, open) => {
  test('a recovery point comes back with every member that it was committed with', async (t) => {
    const { recoveryPoints, tags } = await setUp(t, open);
    await recoveryPoints.commit({ recoveryPoint: full('1'), tags: { k: 'v' } });
    assert.deepEqual(await recoveryPoints.get(full('1').vaultId, full('1').arn), full('1'));
    assert.deepEqual(await recoveryPoints.getByArn(SCOPE.accountId, full('1').arn), full('1'));
    const { items } = await tags.list(SCOPE.accountId, full('1').arn, { limit: 10 });
    assert.deepEqual(items, [{ key: 'k', value: 'v' }]);
  });

  test('commits and removals keep the count of the vault and the last backup of the resource', async (t) => {
    const { recoveryPoints, vaults, protectedResources } = await setUp(t, open);
    const [older, newer] = [
      makeRecoveryPoint('1', 'Default'),
      makeRecoveryPoint('2', 'other', { createdAt: START + 9 }),
    ];
    const { resourceArn } = older;
    // The newer one first: the last backup is the one made last, not the one committed last.
    for (const recoveryPoint of [newer, older]) await recoveryPoints.commit({ recoveryPoint, tags: {} });
    const restore = { executionMinutes: 5, jobCreatedAt: START, recoveryPointCreatedAt: START };
    await protectedResources.recordRestore(SCOPE, resourceArn, restore);
    const protectedNow = await protectedResources.get(SCOPE, resourceArn);
    assert.equal(protectedNow?.lastRecoveryPointArn, newer.arn);
    assert.equal(protectedNow?.latestRestoreExecutionMinutes, 5);
    const inDefault = await protectedResources.listByVault(older.vaultId, { limit: 10 });
    assert.deepEqual(
      inDefault.items.map(({ lastRecoveryPointArn }) => lastRecoveryPointArn),
      [older.arn],
    );
    await recoveryPoints.remove(newer.vaultId, newer.arn);
    assert.equal((await protectedResources.get(SCOPE, resourceArn))?.lastRecoveryPointArn, older.arn);
    assert.equal((await vaults.get(SCOPE, 'other'))?.recoveryPointCount, 0);
    assert.equal((await vaults.get(SCOPE, 'Default'))?.recoveryPointCount, 1);
    await recoveryPoints.remove(older.vaultId, older.arn);
    assert.deepEqual(await protectedResources.list(SCOPE, { limit: 10 }), { items: [] });
    assert.deepEqual(await protectedResources.listByVault(older.vaultId, { limit: 10 }), { items: [] });
  });

  test('a new base changes what a continuous recovery point shows, and its lifecycle stays', async (t) => {
    const { recoveryPoints } = await setUp(t, open);
    const point = makeRecoveryPoint('continuous:db-1', 'Default', { isContinuous: true, status: 'AVAILABLE' });
    await recoveryPoints.commit({ recoveryPoint: point, tags: {} });
    const createdBy = { backupPlanId: 'p', backupPlanArn: 'a', backupPlanVersion: 'v', backupRuleId: 'r' };
    const change = {
      engineId: 'base:2',
      completedAt: START + 9,
      sizeBytes: 90,
      storedBytes: 9,
      itemCount: 8,
      issueCount: 1,
      iamRoleArn: 'arn:aws:iam::123456789012:role/other',
      createdBy,
      restoreMetadata: { Engine: 'postgres' },
      resourceTags: { team: 'blue' },
      connectorState: new Uint8Array([1, 2]),
    };
    const changed = await recoveryPoints.change(point.vaultId, point.arn, change, ['AVAILABLE']);
    assert.deepEqual(changed, { ...point, ...change });
    assert.deepEqual(await recoveryPoints.get(point.vaultId, point.arn), changed);
    const ofPlan = await recoveryPoints.list({ vaultId: point.vaultId, backupPlanId: 'p' }, { limit: 10 });
    assert.equal(ofPlan.items.length, 1);
  });

  test('each filter of the list keeps what it should, newest first, over pages', async (t) => {
    const { recoveryPoints } = await setUp(t, open);
    const points = Array.from({ length: 30 }, (_, index) =>
      makeRecoveryPoint(String(index).padStart(2, '0'), index % 2 === 0 ? 'Default' : 'other', {
        createdAt: START + Math.floor(index / 3),
        resourceArn: `arn:r${index % 4}`,
        resourceType: index % 3 === 0 ? 'S3' : 'EFS',
        status: index % 5 === 0 ? 'PARTIAL' : 'COMPLETED',
        ...(index % 6 === 0
          ? { createdBy: { backupPlanId: 'p', backupPlanArn: 'a', backupPlanVersion: 'v', backupRuleId: 'r' } }
          : {}),
        ...(index % 7 === 0 ? { parentRecoveryPointArn: 'arn:parent' } : {}),
      }),
    );
    for (const recoveryPoint of points) await recoveryPoints.commit({ recoveryPoint, tags: {} });
    const vaultId = makeVault('Default').vaultId;
    const queries: [Parameters<typeof recoveryPoints.list>[0], (point: RecoveryPointRecord) => boolean][] = [
      [{ vaultId }, (point) => point.vaultId === vaultId],
      [{ scope: SCOPE }, () => true],
      [{ scope: { ...SCOPE, region: 'us-west-2' } }, () => false],
      [{ vaultId, resourceArn: 'arn:r2' }, (point) => point.vaultId === vaultId && point.resourceArn === 'arn:r2'],
      [{ scope: SCOPE, resourceType: 'S3' }, (point) => point.resourceType === 'S3'],
      [{ scope: SCOPE, backupPlanId: 'p' }, (point) => point.createdBy?.backupPlanId === 'p'],
      [{ scope: SCOPE, parentRecoveryPointArn: 'arn:parent' }, (point) => point.parentRecoveryPointArn !== undefined],
      [{ scope: SCOPE, statuses: ['PARTIAL'] }, (point) => point.status === 'PARTIAL'],
      [{ scope: SCOPE, statuses: [] }, () => false],
      [
        { scope: SCOPE, created: { after: START + 2, before: START + 5 } },
        ({ createdAt }) => createdAt > START + 2 && createdAt < START + 5,
      ],
    ];
    for (const [query, fits] of queries) {
      const expected = points
        .filter(fits)
        .sort((a, b) => b.createdAt - a.createdAt || (a.arn < b.arn ? 1 : -1))
        .map(({ arn }) => arn);
      const listed: string[] = [];
      let afterKey: string | undefined;
      do {
        const page = await recoveryPoints.list(query, { limit: 4, ...(afterKey === undefined ? {} : { afterKey }) });
        listed.push(...page.items.map(({ arn }) => arn));
        afterKey = page.nextKey;
      } while (afterKey !== undefined);
      assert.deepEqual(listed, expected, JSON.stringify(query));
    }
  });

  test('a change is made only while the status allows it, and null empties', async (t) => {
    const { recoveryPoints } = await setUp(t, open);
    const point = full('1');
    await recoveryPoints.commit({ recoveryPoint: point, tags: {} });
    const change = { status: 'DELETING', deleteAt: null, statusMessage: null } as const;
    assert.equal(await recoveryPoints.change(point.vaultId, point.arn, change, ['PARTIAL']), undefined);
    const changed = await recoveryPoints.change(point.vaultId, point.arn, change, ['COMPLETED']);
    const { deleteAt: _, statusMessage: __, ...rest } = point;
    assert.deepEqual(changed, { ...rest, status: 'DELETING' });
    assert.equal(await recoveryPoints.change(point.vaultId, 'arn:gone', change), undefined);
    assert.deepEqual((await recoveryPoints.listByStatus('DELETING', { limit: 5 })).items, [changed]);
  });

  test('what is due for deletion or cold storage comes earliest first, and nothing else', async (t) => {
    const { recoveryPoints, catalog } = await setUp(t, open);
    const queue = new CatalogDueRecoveryPoints(catalog);
    const due = (id: string, changes: Partial<RecoveryPointRecord>) =>
      recoveryPoints.commit({ recoveryPoint: makeRecoveryPoint(id, 'Default', changes), tags: {} });
    await due('late', { deleteAt: START + 20, moveToColdStorageAt: START + 20 });
    await due('second', { deleteAt: START + 10, moveToColdStorageAt: START + 10 });
    await due('first', { deleteAt: START + 5, moveToColdStorageAt: START + 5 });
    await due('going', { deleteAt: START + 1, status: 'DELETING', storageClass: 'COLD', moveToColdStorageAt: START });
    await due('keeper', {});
    const ids = (items: readonly RecoveryPointRecord[]) => items.map(({ engineId }) => engineId);
    const expired = await queue.listToDelete(START + 10, { limit: 1 });
    assert.deepEqual(ids(expired.items), ['first']);
    assert.ok(expired.nextKey);
    const rest = await queue.listToDelete(START + 10, { limit: 5, afterKey: expired.nextKey });
    assert.deepEqual(ids(rest.items), ['second']);
    assert.deepEqual(ids((await queue.listToCool(START + 10, { limit: 5 })).items), ['first', 'second']);
  });

  test('the newest usable recovery point of a resource is the parent of the next one', async (t) => {
    const { recoveryPoints } = await setUp(t, open);
    const { vaultId, resourceArn } = makeRecoveryPoint('1', 'Default');
    assert.equal(await recoveryPoints.newestUsable(vaultId, resourceArn), undefined);
    for (const [id, status] of [
      ['1', 'COMPLETED'],
      ['2', 'PARTIAL'],
      ['3', 'EXPIRED'],
    ] as const) {
      const recoveryPoint = makeRecoveryPoint(id, 'Default', { status, createdAt: START + Number(id) });
      await recoveryPoints.commit({ recoveryPoint, tags: {} });
    }
    assert.equal((await recoveryPoints.newestUsable(vaultId, resourceArn))?.engineId, '2');
  });

  test('a recovery point and the end of its job are one: a worker that lost the job commits nothing', async (t) => {
    const { catalog, recoveryPoints, backupJobs } = await setUp(t, open);
    let now = START;
    const queue = new JobQueue({ store: new CatalogJobStore(catalog), clock: { now: () => now } });
    await backupJobs.create(makeBackupJob('j'));
    const job = await queue.claim('w', ['backup']);
    assert.ok(job);
    await queue.begin('j', job.fencingToken);
    const commit = (id: string) => () =>
      recoveryPoints.commit({
        recoveryPoint: makeRecoveryPoint(id, 'Default'),
        tags: {},
        fence: { jobId: 'j', fencingToken: job.fencingToken },
      });
    const failing = queue.end(
      'j',
      job.fencingToken,
      { result: 'completed' },
      {
        within: async () => {
          await commit('1')();
          throw new Error('power cut');
        },
      },
    );
    await assert.rejects(failing, /power cut/);
    assert.equal((await backupJobs.get(SCOPE, 'j'))?.state, 'RUNNING');
    assert.deepEqual((await recoveryPoints.list({ scope: SCOPE }, { limit: 5 })).items, []);
    await queue.end('j', job.fencingToken, { result: 'completed' }, { within: commit('1') });
    assert.equal((await backupJobs.get(SCOPE, 'j'))?.state, 'COMPLETED');
    assert.equal((await recoveryPoints.list({ scope: SCOPE }, { limit: 5 })).items.length, 1);
    now += 1;
    await assert.rejects(commit('2')(), { name: 'LeaseLostError' });
    assert.equal((await recoveryPoints.list({ scope: SCOPE }, { limit: 5 })).items.length, 1);
  });
});
