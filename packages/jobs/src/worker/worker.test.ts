import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep } from '../clock/clock.ts';
import type { Job } from '../queue/job.ts';
import { JobQueue, type JobQueueOptions } from '../queue/job-queue.ts';
import { FakeClock, MemoryJobStore, makeJob } from '../testing.ts';
import type { JobExecutor } from './job-executor.ts';
import type { JobHandle } from './job-handle.ts';
import { Worker } from './worker.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function setUp(execute: JobExecutor['execute'], options: Partial<JobQueueOptions> = {}) {
  const clock = new FakeClock();
  const store = new MemoryJobStore();
  const changes: string[] = [];
  const queue = new JobQueue({
    store,
    clock,
    onStateChange: ({ job, from, to }) => changes.push(`${job.jobId}: ${from} -> ${to}`),
    ...options,
  });
  const errors: unknown[] = [];
  const executor: JobExecutor = {
    execute,
    outcomeOfError: (error) => ({ result: 'failed', message: String(error), category: 'FATAL_ERROR' }),
  };
  const newWorker = (workerId: string) =>
    new Worker({
      workerId,
      queue,
      clock,
      executors: { backup: executor, restore: executor },
      concurrency: 4,
      onError: (error) => errors.push(error),
    });
  const job = async (jobId: string): Promise<Job> => {
    const found = await store.get(jobId);
    assert.ok(found);
    return found;
  };
  return { clock, store, queue, changes, errors, newWorker, job };
}

/** Works for so long, or until it is interrupted. */
async function workFor(ms: number, clock: FakeClock, handle: JobHandle): Promise<void> {
  await handle.begin();
  await sleep(clock, ms, handle.signal);
  handle.signal.throwIfAborted();
}

test('a job runs from CREATED to COMPLETED, with its progress visible on the way', async () => {
  const house = setUp(async (_job, handle) => {
    await handle.begin();
    await sleep(house.clock, 10_000, handle.signal);
    handle.progress({ bytesTransferred: 500, percentDone: 50 });
    await sleep(house.clock, 10_000, handle.signal);
    handle.progress({ bytesTransferred: 1000 });
    return { result: 'completed' };
  });
  house.store.add(makeJob({ jobId: 'a' }));
  house.newWorker('w').start();
  await house.clock.advance(14_000);
  const half = await house.job('a');
  assert.deepEqual([half.state, half.bytesTransferred, half.percentDone], ['RUNNING', 500, 50]);
  await house.clock.advance(10_000);
  const whole = await house.job('a');
  assert.deepEqual(
    [whole.state, whole.bytesTransferred, whole.percentDone, whole.messageCategory, whole.lease],
    ['COMPLETED', 1000, 100, 'SUCCESS', undefined],
  );
  assert.deepEqual(house.changes, ['a: CREATED -> RUNNING', 'a: RUNNING -> COMPLETED']);
});

test('jobs of one resource run one after the other, and the waiting one is PENDING', async () => {
  let now = 0;
  let most = 0;
  const house = setUp(async (_job, handle) => {
    now += 1;
    most = Math.max(most, now);
    await workFor(10_000, house.clock, handle);
    now -= 1;
    return { result: 'completed' };
  });
  for (const jobId of ['a', 'b', 'c']) house.store.add(makeJob({ jobId, exclusiveKey: 'one' }));
  house.newWorker('v').start();
  house.newWorker('w').start();
  await house.clock.advance(5_000);
  assert.deepEqual([(await house.job('a')).state, (await house.job('b')).state], ['RUNNING', 'PENDING']);
  await house.clock.advance(40_000);
  assert.equal(most, 1);
  assert.ok(house.store.all().every(({ state }) => state === 'COMPLETED'));
});

test('a job that waits for another one of its resource until its start window ends is EXPIRED and says why', async () => {
  const house = setUp(async (_job, handle) => {
    await workFor(20 * HOUR, house.clock, handle);
    return { result: 'completed' };
  });
  house.store.add(makeJob({ jobId: 'a', exclusiveKey: 'one' }));
  house.store.add(makeJob({ jobId: 'b', exclusiveKey: 'one' }));
  house.newWorker('w').start();
  await house.clock.advance(8 * HOUR + MINUTE);
  const { state, statusMessage, messageCategory } = await house.job('b');
  assert.equal(state, 'EXPIRED');
  assert.equal(statusMessage, 'Backup job failed because there was a running job for the same resource.');
  assert.equal(messageCategory, 'CONCURRENT_JOB');
});

test('a running job that is stopped ends ABORTED within 5 s, also when another process asked', async () => {
  const house = setUp(async (_job, handle) => {
    await workFor(HOUR, house.clock, handle);
    return { result: 'completed' };
  });
  house.store.add(makeJob({ jobId: 'a' }));
  house.newWorker('w').start();
  await house.clock.advance(10_000);
  const elsewhere = new JobQueue({ store: house.store, clock: house.clock });
  assert.equal(await elsewhere.requestStop('a', 'Backup job was stopped by user.'), 'stopping');
  assert.equal((await house.job('a')).state, 'ABORTING');
  await house.clock.advance(5_000);
  const { state, statusMessage } = await house.job('a');
  assert.deepEqual([state, statusMessage], ['ABORTED', 'Backup job was stopped by user.']);
  assert.equal(await elsewhere.requestStop('a', 'again'), 'finished');
  assert.equal(await elsewhere.requestStop('z', 'who?'), 'not-found');
});

test('a waiting job that is stopped is ABORTED at once and never runs', async () => {
  const house = setUp(async () => ({ result: 'completed' }));
  house.store.add(makeJob({ jobId: 'a' }));
  await house.queue.requestStop('a', 'not wanted');
  house.newWorker('w').start();
  await house.clock.advance(MINUTE);
  assert.deepEqual(house.changes, ['a: CREATED -> ABORTED']);
});

test('work that is finished after the job was stopped is discarded: nothing is recorded with it', async () => {
  let recorded = false;
  const house = setUp(async (_job, handle) => {
    await handle.begin();
    await house.queue.requestStop('a', 'stop');
    return await handle.end({ result: 'completed' }, async () => {
      recorded = true;
    });
  });
  house.store.add(makeJob({ jobId: 'a' }));
  house.newWorker('w').start();
  await house.clock.advance(MINUTE);
  assert.equal((await house.job('a')).state, 'ABORTED');
  assert.equal(recorded, false);
});

test('an error that may pass before the backup begins is tried again at least every 10 minutes until EXPIRED', async () => {
  const tries: number[] = [];
  const house = setUp(async () => {
    tries.push(house.clock.now());
    return { result: 'retry', message: 'The file system is UPDATING.', category: 'INVALID_STATE' };
  });
  house.store.add(makeJob({ jobId: 'a' }));
  house.newWorker('w').start();
  await house.clock.advance(HOUR);
  assert.equal((await house.job('a')).state, 'CREATED');
  await house.clock.advance(7 * HOUR + MINUTE);
  const gaps = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  assert.ok(Math.max(...gaps) <= 10 * MINUTE + 2_000, `longest gap ${Math.max(...gaps)} ms`);
  assert.ok(tries.length > 45);
  const { state, statusMessage } = await house.job('a');
  assert.deepEqual([state, statusMessage], ['EXPIRED', 'The file system is UPDATING.']);
});

test('an error that may pass after the beginning is tried three times more, then the job has FAILED', async () => {
  let tries = 0;
  const house = setUp(async (_job, handle) => {
    tries += 1;
    await handle.begin();
    return { result: 'retry', message: 'The connection broke.', category: 'INVALID_STATE' };
  });
  house.store.add(makeJob({ jobId: 'a' }));
  house.newWorker('w').start();
  await house.clock.advance(HOUR);
  const { state, retryCount, statusMessage } = await house.job('a');
  assert.deepEqual([tries, state, retryCount, statusMessage], [4, 'FAILED', 3, 'The connection broke.']);
});

test('a backup that is not complete when its completion window ends is interrupted and EXPIRED', async () => {
  const house = setUp(async (_job, handle) => {
    await workFor(10 * HOUR, house.clock, handle);
    return { result: 'completed' };
  });
  const createdAt = house.clock.now();
  house.store.add(makeJob({ jobId: 'a', completeBy: createdAt + 2 * HOUR }));
  house.newWorker('w').start();
  await house.clock.advance(2 * HOUR + 5_000);
  const { state, statusMessage } = await house.job('a');
  assert.deepEqual([state, statusMessage], ['EXPIRED', 'Backup job expired before completion.']);
});

test('a worker that stops hands its job back, and another one continues it at once', async () => {
  const runs: boolean[] = [];
  const house = setUp(async (_job, handle) => {
    runs.push(handle.isResumed);
    await workFor(MINUTE, house.clock, handle);
    return { result: 'completed' };
  });
  house.store.add(makeJob({ jobId: 'a' }));
  const first = house.newWorker('v');
  first.start();
  await house.clock.advance(5_000);
  const stopping = first.stop(10_000);
  await house.clock.advance(1_000);
  assert.equal(await stopping, 0);
  house.newWorker('w').start();
  await house.clock.advance(2 * MINUTE);
  assert.deepEqual(runs, [false, true]);
  const { state, lossCount } = await house.job('a');
  assert.deepEqual([state, lossCount], ['COMPLETED', 0]);
});

test('a worker whose lease was taken over can write neither progress nor outcome, and is told so', async () => {
  let why: unknown;
  const house = setUp(async (_job, handle) => {
    await handle.begin();
    await sleep(house.clock, HOUR, handle.signal);
    why = (handle.signal.reason as { why?: string }).why;
    return { result: 'completed' };
  });
  house.store.add(makeJob({ jobId: 'a' }));
  house.newWorker('frozen').start();
  await house.clock.advance(5_000);
  const before = await house.job('a');
  // The machine sleeps through its lease; meanwhile another one takes the job.
  house.clock.jump(10 * MINUTE);
  const { sweep } = await import('../queue/sweep.ts');
  await sweep(house.queue, ['backup']);
  const taken = await house.queue.claim('other', ['backup']);
  assert.equal(taken?.fencingToken, before.fencingToken + 1);
  await house.clock.advance(5_000);
  assert.equal(why, 'lease-lost');
  const { state, lease } = await house.job('a');
  assert.deepEqual([state, lease?.workerId], ['RUNNING', 'other']);
  await assert.rejects(house.queue.renew('a', before.fencingToken), { name: 'LeaseLostError' });
  assert.deepEqual(house.errors, []);
});

test('a job that kills its workers fails after it was taken up three times', async () => {
  const house = setUp(async () => ({ result: 'completed' }));
  house.store.add(makeJob({ jobId: 'a', startBy: house.clock.now() + 100 * HOUR }));
  const { sweep } = await import('../queue/sweep.ts');
  for (let death = 1; death <= 4; death += 1) {
    const job = await house.queue.claim(`worker ${death}`, ['backup']);
    assert.ok(job, `claim ${death}`);
    await house.queue.begin('a', job.fencingToken);
    house.clock.jump(MINUTE);
    await sweep(house.queue, ['backup']);
  }
  const { state, messageCategory } = await house.job('a');
  assert.deepEqual([state, messageCategory], ['FAILED', 'FATAL_ERROR']);
});

test('a job that waits for other work occupies no worker, and however often it waits it does not fail', async () => {
  let looks = 0;
  const house = setUp(async (_job, handle) => {
    await handle.begin();
    looks += 1;
    return looks < 10 ? { result: 'wait', message: 'it thaws', delayMs: 10 * MINUTE } : { result: 'completed' };
  });
  house.store.add(makeJob({ jobId: 'a' }));
  const worker = house.newWorker('w');
  worker.start();
  await house.clock.advance(5 * MINUTE);
  const waiting = await house.job('a');
  assert.deepEqual([waiting.state, waiting.lease, waiting.statusMessage], ['RUNNING', undefined, 'it thaws']);
  assert.equal(worker.runningCount, 0);
  await house.clock.advance(91 * MINUTE);
  const done = await house.job('a');
  assert.deepEqual([done.state, done.retryCount, looks], ['COMPLETED', 0, 10]);
});

test('a job that is stopped while it waits for other work is ABORTED at once', async () => {
  const house = setUp(async (_job, handle) => {
    await handle.begin();
    return { result: 'wait', message: 'it thaws', delayMs: 10 * MINUTE };
  });
  house.store.add(makeJob({ jobId: 'a' }));
  house.newWorker('w').start();
  await house.clock.advance(5 * MINUTE);
  await house.queue.requestStop('a', 'enough');
  assert.equal((await house.job('a')).state, 'ABORTED');
});

test('work done with parts missing is 100 percent done', async () => {
  const house = setUp(async (_job, handle) => {
    handle.progress({ percentDone: 99 });
    return { result: 'partial', message: 'a file was unreadable', category: 'PARTIAL' };
  });
  house.store.add(makeJob({ jobId: 'a' }));
  house.newWorker('w').start();
  await house.clock.advance(5_000);
  assert.deepEqual([(await house.job('a')).state, (await house.job('a')).percentDone], ['PARTIAL', 100]);
});

test('a limit keeps further jobs of its type waiting, and lets other types pass', async () => {
  const house = setUp(
    async (_job, handle) => {
      await workFor(10_000, house.clock, handle);
      return { result: 'completed' };
    },
    { limits: [{ kind: 'backup', resourceType: 'Timestream', perAccount: true, most: 1 }] },
  );
  for (const jobId of ['a', 'b']) house.store.add(makeJob({ jobId, resourceType: 'Timestream' }));
  house.store.add(makeJob({ jobId: 'c' }));
  house.store.add(makeJob({ jobId: 'd', resourceType: 'Timestream', accountId: '999999999999' }));
  house.newWorker('w').start();
  await house.clock.advance(3_000);
  const running = house.store.all().filter(({ state }) => state === 'RUNNING');
  assert.deepEqual(running.map(({ jobId }) => jobId).sort(), ['a', 'c', 'd']);
  await house.clock.advance(MINUTE);
  assert.equal((await house.job('b')).state, 'COMPLETED');
});

test('an executor that throws fails its job with the message it maps to', async () => {
  const house = setUp(async () => {
    throw new Error('no such vault');
  });
  house.store.add(makeJob({ jobId: 'a' }));
  house.newWorker('w').start();
  await house.clock.advance(1_000);
  const { state, statusMessage } = await house.job('a');
  assert.deepEqual([state, statusMessage], ['FAILED', 'Error: no such vault']);
});
