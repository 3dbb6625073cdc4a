import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewCopyJob } from '@holdfast/control';
import { CatalogJobStore } from '../jobs/queue-store.ts';
import { forEachDatabase } from '../testing/for-each-database.ts';
import { CatalogCopyJobStore } from './copy-job-store.ts';

const SCOPE = { accountId: '123456789012', region: 'us-east-1' };

function aJob(jobId: string, members: Partial<NewCopyJob> = {}): NewCopyJob {
  return {
    ...SCOPE,
    jobId,
    sourceVaultId: 'vault-1',
    sourceVaultArn: 'arn:aws:backup:us-east-1:123456789012:backup-vault:source',
    sourceRecoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:p',
    destinationVaultArn: 'arn:aws:backup:eu-west-1:123456789012:backup-vault:far',
    destinationAccountId: SCOPE.accountId,
    destinationRegion: 'eu-west-1',
    destinationRecoveryPointArn: `arn:aws:backup:eu-west-1:123456789012:recovery-point:${jobId}`,
    resourceArn: 'arn:aws:s3:::photos',
    resourceType: 'S3',
    iamRoleArn: 'arn:aws:iam::123456789012:role/r',
    lifecycle: { deleteAfterDays: 5 },
    createdAt: 100,
    isParent: false,
    ...members,
  };
}

forEachDatabase((_name, open) => {
  test('a copy job comes back as it was written, with what its executor learned', async (t) => {
    const copies = new CatalogCopyJobStore(await open(t));
    const stored = await copies.create(aJob('A'));
    assert.equal(stored.state, 'CREATED');
    await copies.setFacts('A', { sizeBytes: 7, destinationVaultLockState: 'LOCKED' });
    const got = await copies.get(SCOPE, 'A');
    assert.deepEqual(got, { ...stored, sizeBytes: 7, destinationVaultLockState: 'LOCKED' });
    assert.equal(await copies.get({ ...SCOPE, region: 'eu-west-1' }, 'A'), undefined);
  });

  test('the same token makes one job', async (t) => {
    const copies = new CatalogCopyJobStore(await open(t));
    await copies.create(aJob('A', { idempotencyToken: 'token' }));
    assert.equal((await copies.create(aJob('B', { idempotencyToken: 'token' }))).jobId, 'A');
    assert.equal(await copies.get(SCOPE, 'B'), undefined);
  });

  test('copy jobs are listed newest first by their filters', async (t) => {
    const copies = new CatalogCopyJobStore(await open(t));
    await copies.create(aJob('A'));
    await copies.create(
      aJob('B', { createdAt: 200, destinationVaultArn: 'arn:aws:backup:us-east-1:123456789012:backup-vault:near' }),
    );
    const list = async (filters: object) => {
      const query = { accountIds: [SCOPE.accountId], region: SCOPE.region, ...filters };
      return (await copies.list(query, { limit: 10 })).items.map((job) => job.jobId);
    };
    assert.deepEqual(await list({}), ['B', 'A']);
    assert.deepEqual(await list({ destinationVaultArn: aJob('A').destinationVaultArn }), ['A']);
    assert.deepEqual(await list({ created: { after: 100 } }), ['B']);
    assert.deepEqual(await list({ states: ['RUNNING'] }), []);
    assert.deepEqual(await list({ sourceRecoveryPointArn: aJob('A').sourceRecoveryPointArn }), ['B', 'A']);
  });

  test('running copies are counted per account and region, vault and resource', async (t) => {
    const catalog = await open(t);
    const copies = new CatalogCopyJobStore(catalog);
    const queue = new CatalogJobStore(catalog);
    const foreign = {
      destinationAccountId: '999999999999',
      destinationVaultArn: 'arn:aws:backup:eu-west-1:999999999999:backup-vault:v',
    };
    const me = await copies.create(aJob('ME', { resourceArn: 'arn:aws:s3:::b' }));
    for (const job of [aJob('A'), aJob('B', foreign), aJob('C', { destinationRegion: 'us-east-1' }), aJob('WAITING')]) {
      await copies.create(job);
      const queued = await queue.get(job.jobId);
      assert.ok(queued);
      if (job.jobId === 'WAITING') continue;
      await queue.save({ ...queued, state: 'RUNNING', lease: { workerId: 'w', expiresAt: 900 } });
    }
    assert.deepEqual(await copies.countRunning(me), { fromAccountToRegion: 2, intoVault: 1, ofResourceToRegion: 0 });
    const same = await copies.create(aJob('SAME'));
    assert.equal((await copies.countRunning(same)).ofResourceToRegion, 1);
  });

  test('a composite copy counts its nested jobs by state, and keeps none of them waiting', async (t) => {
    const catalog = await open(t);
    const copies = new CatalogCopyJobStore(catalog);
    const queue = new CatalogJobStore(catalog);
    await copies.create(aJob('PARENT', { isParent: true }));
    await copies.create(aJob('A', { parentJobId: 'PARENT', destinationParentArn: 'arn:copy' }));
    await copies.create(aJob('B', { parentJobId: 'PARENT', createdAt: 101 }));
    const parent = await queue.get('PARENT');
    assert.ok(parent);
    await queue.save({ ...parent, state: 'RUNNING' });
    assert.equal(parent.exclusiveKey, undefined);
    const child = await queue.get('A');
    assert.ok(child);
    await queue.save({ ...child, state: 'COMPLETED' });
    const children = { CREATED: 1, COMPLETED: 1 };
    assert.deepEqual((await copies.get(SCOPE, 'PARENT'))?.childJobsInState, children);
    const query = { accountIds: [SCOPE.accountId], region: SCOPE.region };
    const all = await copies.list(query, { limit: 10 });
    assert.deepEqual(all.items.find(({ isParent }) => isParent)?.childJobsInState, children);
    const nested = await copies.list({ ...query, parentJobId: 'PARENT' }, { limit: 10 });
    assert.deepEqual(
      nested.items.map(({ jobId }) => jobId),
      ['B', 'A'],
    );
  });

  test('a recovery point is being copied until its last job has ended', async (t) => {
    const catalog = await open(t);
    const copies = new CatalogCopyJobStore(catalog);
    const queue = new CatalogJobStore(catalog);
    const point = aJob('A').sourceRecoveryPointArn;
    await copies.create(aJob('A'));
    assert.equal(await copies.isCopying('vault-1', point), true);
    assert.equal(await copies.isCopying('vault-2', point), false);
    const queued = await queue.get('A');
    assert.ok(queued);
    await queue.save({ ...queued, state: 'COMPLETED' });
    assert.equal(await copies.isCopying('vault-1', point), false);
  });
});
