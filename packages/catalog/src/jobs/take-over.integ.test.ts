import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { JobQueue } from '@holdfast/jobs';
import { sweep } from '@holdfast/jobs/testing';
import { controlStores } from '../control-stores.ts';
import { type CatalogLocation, openCatalog } from '../database/open-catalog.ts';
import { makeBackupJob, SCOPE, START } from '../testing/records.ts';
import { forEachDatabase } from '../testing.ts';
import { CatalogJobStore } from './queue-store.ts';

const WORKER = fileURLToPath(new URL('./testing/dying-worker.ts', import.meta.url));

/** Runs the worker until it has begun its job, then kills it without warning. */
async function beginAndDie(location: CatalogLocation): Promise<{ jobId: string; fencingToken: number }> {
  const args = ['--disable-warning=ExperimentalWarning', WORKER, JSON.stringify(location), String(START)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), exited])) as [unknown];
  child.kill('SIGKILL');
  await exited;
  assert.equal(typeof line, 'string', 'the worker ended before it began a job');
  return JSON.parse(String(line));
}

forEachDatabase((_name, open) => {
  test('the job of a process that was killed is taken over once its lease has lapsed, and not before', async (t) => {
    const location = await open.location(t);
    let now = START;
    const catalog = await openCatalog(location, { now: () => now });
    t.after(() => catalog.close());
    const { backupJobs } = controlStores(catalog, () => now);
    await backupJobs.create(makeBackupJob('a'));
    const dead = await beginAndDie(location);

    const queue = new JobQueue({ store: new CatalogJobStore(catalog), clock: { now: () => now } });
    now += 29_000;
    await sweep(queue, ['backup']);
    assert.equal(await queue.claim('heir', ['backup']), undefined);
    assert.equal((await backupJobs.get(SCOPE, 'a'))?.state, 'RUNNING');
    now += 1_000;
    await sweep(queue, ['backup']);
    const job = await queue.claim('heir', ['backup']);
    assert.equal(job?.jobId, dead.jobId);
    assert.ok(job.fencingToken > dead.fencingToken);
    await assert.rejects(queue.renew('a', dead.fencingToken), { name: 'LeaseLostError' });
    await queue.end('a', job.fencingToken, { result: 'completed' });
    assert.equal((await backupJobs.get(SCOPE, 'a'))?.state, 'COMPLETED');
  });
});
