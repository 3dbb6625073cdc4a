import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupJobListQuery } from '@holdfast/control';
import { JobQueue } from '@holdfast/jobs';
import { sweep } from '@holdfast/jobs/testing';
import { controlStores } from '../control-stores.ts';
import { openCatalog } from '../database/open-catalog.ts';
import { makeBackupJob, makeRestoreJob, SCOPE, START } from '../testing/records.ts';
import { forEachDatabase } from '../testing.ts';
import { CatalogJobStore } from './queue-store.ts';

const HOUR = 3_600_000;

forEachDatabase((_name, open) => {
  test('a backup job comes back as it was made, and the same token makes no second one', async (t) => {
    const { backupJobs } = controlStores(await open(t), () => START);
    const job = makeBackupJob('a', { idempotencyToken: 'token', requestFingerprint: 'f', completeBy: START + HOUR });
    const created = await backupJobs.create(job);
    assert.deepEqual(created, { ...job, state: 'CREATED', percentDone: 0, bytesTransferred: 0, issueCount: 0 });
    assert.deepEqual(await backupJobs.get(SCOPE, 'a'), created);
    assert.deepEqual(await backupJobs.create(makeBackupJob('b', { idempotencyToken: 'token' })), created);
    assert.equal(await backupJobs.get(SCOPE, 'b'), undefined);
    assert.equal(await backupJobs.get({ ...SCOPE, region: 'us-west-2' }, 'a'), undefined);
  });

  test('the same token sent many times at once makes one job', async (t) => {
    const { backupJobs } = controlStores(await open(t), () => START);
    const ids = Array.from({ length: 8 }, (_, index) => `job-${index}`);
    const jobs = await Promise.all(
      ids.map((jobId) => backupJobs.create(makeBackupJob(jobId, { idempotencyToken: 'same' }))),
    );
    assert.equal(new Set(jobs.map(({ jobId }) => jobId)).size, 1);
  });

  test('facts and issues are added beside the job, an issue that is found again only once', async (t) => {
    const { backupJobs } = controlStores(await open(t), () => START);
    await backupJobs.create(makeBackupJob('a'));
    await backupJobs.setFacts('a', { sizeBytes: 5, issueCount: 2 });
    await backupJobs.setFacts('a', { backupType: 'WindowsVSS' });
    const job = await backupJobs.get(SCOPE, 'a');
    assert.deepEqual([job?.sizeBytes, job?.issueCount, job?.backupType], [5, 2, 'WindowsVSS']);
    const issue = { jobId: 'a', path: Uint8Array.of(0xff, 0x00), code: 'EACCES', message: 'no', dataMissing: true };
    const issues = [1, 2, 3].map((sequence) => ({ ...issue, sequence }));
    await backupJobs.addIssues(issues);
    await backupJobs.addIssues(issues.slice(0, 2));
    const page = await backupJobs.listIssues('a', { limit: 2 });
    assert.deepEqual(page.items, issues.slice(0, 2));
    assert.ok(page.nextKey);
    assert.deepEqual((await backupJobs.listIssues('a', { limit: 2, afterKey: page.nextKey })).items, issues.slice(2));
  });

  test('each filter of the backup jobs keeps what it should, newest first', async (t) => {
    const catalog = await open(t);
    const { backupJobs } = controlStores(catalog, () => START);
    const queue = new JobQueue({ store: new CatalogJobStore(catalog), clock: { now: () => START + 10 * HOUR } });
    for (let index = 0; index < 6; index += 1) {
      await backupJobs.create(
        makeBackupJob(`j${index}`, {
          createdAt: START + index * HOUR,
          startBy: START + 100 * HOUR,
          vaultName: index < 3 ? 'Default' : 'other',
          resourceType: index % 2 === 0 ? 'EFS' : 'S3',
          resourceArn: `arn:r${index}`,
          ...(index === 5 ? { parentJobId: 'j4' } : {}),
          ...(index === 4 ? { isParent: true } : {}),
        }),
      );
    }
    const first = await queue.claim('w', ['backup']);
    assert.equal(first?.jobId, 'j0');
    const denied = { result: 'failed', message: 'Access denied', category: 'ACCESS_DENIED' } as const;
    await queue.end('j0', first.fencingToken, denied);
    const base = { accountIds: [SCOPE.accountId], region: SCOPE.region, windowStart: 0 };
    const list = async (query: Partial<BackupJobListQuery>) => {
      const page = await backupJobs.list({ ...base, ...query }, { limit: 100 });
      return page.items.map(({ jobId }) => jobId).join(' ');
    };
    assert.equal(await list({}), 'j5 j4 j3 j2 j1 j0');
    assert.equal(await list({ accountIds: ['999999999999', SCOPE.accountId] }), 'j5 j4 j3 j2 j1 j0');
    assert.equal(await list({ accountIds: ['999999999999'] }), '');
    assert.equal(await list({ region: 'us-west-2' }), '');
    assert.equal(await list({ vaultName: 'Default' }), 'j2 j1 j0');
    assert.equal(await list({ created: { after: START, before: START + 3 * HOUR } }), 'j2 j1');
    assert.equal(await list({ completed: { after: START } }), 'j0');
    assert.equal(await list({ completed: { before: START + 10 * HOUR } }), '');
    assert.equal(await list({ messageCategory: 'access_denied' }), 'j0');
    assert.equal(await list({ parentJobId: 'j4' }), 'j5');
    assert.equal(await list({ resourceArn: 'arn:r2' }), 'j2');
    assert.equal(await list({ resourceType: 'S3' }), 'j5 j3 j1');
    assert.equal(await list({ states: ['FAILED', 'EXPIRED'] }), 'j0');
    assert.equal(await list({ states: ['CREATED'], resourceType: 'EFS' }), 'j4 j2');
    // Older than the window: only those that are not over.
    assert.equal(await list({ windowStart: START + 4 * HOUR }), 'j5 j4 j3 j2 j1');
    assert.deepEqual((await backupJobs.get(SCOPE, 'j4'))?.childJobsInState, { CREATED: 1 });
  });

  test('restore jobs are listed by their filters, and keep their recovery point from deletion while they run', async (t) => {
    const catalog = await open(t);
    const { restoreJobs } = controlStores(catalog, () => START);
    const queue = new JobQueue({ store: new CatalogJobStore(catalog), clock: { now: () => START + HOUR } });
    const made = await restoreJobs.create(makeRestoreJob('a', { restoreTestingPlanArn: 'arn:plan' }));
    assert.deepEqual(await restoreJobs.get(SCOPE, 'a'), made);
    assert.equal(made.status, 'CREATED');
    await restoreJobs.create(makeRestoreJob('b', { createdAt: START + 5, sourceResourceArn: 'arn:other' }));
    const list = async (query: object) => {
      const page = await restoreJobs.list(
        { accountIds: [SCOPE.accountId], region: SCOPE.region, ...query },
        { limit: 100 },
      );
      return page.items.map(({ jobId }) => jobId).join(' ');
    };
    assert.equal(await list({}), 'b a');
    assert.equal(await list({ restoreTestingPlanArn: 'arn:plan' }), 'a');
    assert.equal(await list({ sourceResourceArn: 'arn:other' }), 'b');
    assert.equal(await list({ recoveryPointCreated: { after: START } }), '');
    assert.equal(await restoreJobs.isRestoring(made.recoveryPointArn), true);
    for (const _ of 'ab') {
      const job = await queue.claim('w', ['restore']);
      assert.ok(job);
      await queue.end(job.jobId, job.fencingToken, { result: 'completed' });
    }
    assert.equal(await restoreJobs.isRestoring(made.recoveryPointArn), false);
    assert.equal(await list({ statuses: ['COMPLETED'], completed: { after: START } }), 'b a');
  });

  test('summaries count jobs by account, state, type and category', async (t) => {
    const { backupJobs, jobSummaries } = controlStores(await open(t), () => START);
    for (const jobId of ['a', 'b']) await backupJobs.create(makeBackupJob(jobId));
    await backupJobs.create(makeBackupJob('c', { createdAt: START + HOUR }));
    const counts = await jobSummaries.countJobs({
      kind: 'backup',
      accountIds: [SCOPE.accountId],
      region: SCOPE.region,
      from: START,
      to: START + HOUR,
    });
    assert.deepEqual(counts, [{ accountId: SCOPE.accountId, state: 'CREATED', resourceType: 'EFS', count: 2 }]);
  });

  test('many workers on several servers claim each job once, one at a time for each resource', async (t) => {
    const location = await open.location(t);
    const catalogs = await Promise.all([1, 2].map(() => openCatalog(location, { now: () => START })));
    for (const catalog of catalogs) t.after(() => catalog.close());
    const [one] = catalogs;
    assert.ok(one);
    const { backupJobs } = controlStores(one, () => START);
    const jobCount = 30;
    for (let index = 0; index < jobCount; index += 1) {
      await backupJobs.create(makeBackupJob(`j${index}`, { resourceArn: `arn:r${index % 10}` }));
    }
    const claims: string[] = [];
    const busy = new Set<string>();
    const work = async (queue: JobQueue, workerId: string) => {
      for (let job = await queue.claim(workerId, ['backup']); job; job = await queue.claim(workerId, ['backup'])) {
        const resource = job.exclusiveKey ?? '';
        assert.ok(!busy.has(resource), `${resource} is worked on twice`);
        busy.add(resource);
        claims.push(job.jobId);
        await queue.begin(job.jobId, job.fencingToken);
        busy.delete(resource);
        await queue.end(job.jobId, job.fencingToken, { result: 'completed' });
      }
    };
    const queues = catalogs.map(
      (catalog) => new JobQueue({ store: new CatalogJobStore(catalog), clock: { now: () => START } }),
    );
    // Workers leave when all that is left is kept by others; sweep until nothing is.
    for (let round = 0; round < 20 && claims.length < jobCount; round += 1) {
      await Promise.all(queues.flatMap((queue, index) => [1, 2, 3].map((n) => work(queue, `w${index}-${n}`))));
    }
    assert.equal(claims.length, jobCount);
    assert.equal(new Set(claims).size, jobCount);
  });

  test('the queue finds what is blocked, lapsed, or beyond its windows', async (t) => {
    const catalog = await open(t);
    const { backupJobs } = controlStores(catalog, () => START);
    let now = START;
    const queue = new JobQueue({ store: new CatalogJobStore(catalog), clock: { now: () => now } });
    const state = async (jobId: string) => (await backupJobs.get(SCOPE, jobId))?.state;
    await backupJobs.create(makeBackupJob('a', { resourceArn: 'arn:r', completeBy: START + 20 * HOUR }));
    await backupJobs.create(makeBackupJob('b', { resourceArn: 'arn:r', createdAt: START + 1 }));
    now += 2;
    const job = await queue.claim('w', ['backup']);
    assert.equal(job?.jobId, 'a');
    await queue.begin('a', job.fencingToken);
    assert.equal(await queue.claim('w', ['backup']), undefined);
    await sweep(queue, ['backup']);
    assert.equal(await state('b'), 'PENDING');
    // The worker dies; b still waits, since a has begun and will be taken up.
    now += HOUR;
    await sweep(queue, ['backup']);
    assert.equal(await state('a'), 'RUNNING');
    const resumed = await queue.claim('v', ['backup']);
    assert.deepEqual([resumed?.jobId, resumed?.fencingToken, resumed?.lossCount], ['a', 2, 1]);
    now += 8 * HOUR;
    await sweep(queue, ['backup']);
    assert.equal(await state('b'), 'EXPIRED');
    now += 20 * HOUR;
    await sweep(queue, ['backup']);
    assert.equal(await state('a'), 'EXPIRED');
  });

  test('limits are counted over the whole catalog', async (t) => {
    const catalog = await open(t);
    const { backupJobs } = controlStores(catalog, () => START);
    const limits = [{ kind: 'backup', resourceType: 'Timestream', perAccount: true, most: 1 }] as const;
    const queue = new JobQueue({ store: new CatalogJobStore(catalog), clock: { now: () => START + 5 }, limits });
    for (const jobId of ['a', 'b']) await backupJobs.create(makeBackupJob(jobId, { resourceType: 'Timestream' }));
    await backupJobs.create(makeBackupJob('c', { createdAt: START + 1 }));
    assert.match((await queue.claim('w', ['backup']))?.jobId ?? '', /[ab]/);
    assert.equal((await queue.claim('w', ['backup']))?.jobId, 'c');
    assert.equal(await queue.claim('w', ['backup']), undefined);
  });
});
