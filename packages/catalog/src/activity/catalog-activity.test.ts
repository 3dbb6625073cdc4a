import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActivityEvent } from '@holdfast/control';
import { JobQueue } from '@holdfast/jobs';
import { controlStores } from '../control-stores.ts';
import { CatalogJobStore } from '../jobs/queue-store.ts';
import { makeBackupJob, makeRestoreJob, SCOPE, START } from '../testing/records.ts';
import { forEachDatabase } from '../testing.ts';
import { CatalogActivity } from './catalog-activity.ts';

forEachDatabase((_name, open) => {
  test('jobs of all kinds that began or ended come newest first, over all pages, without repeats', async (t) => {
    const catalog = await open(t);
    const { backupJobs, restoreJobs } = controlStores(catalog, () => START);
    await backupJobs.create(makeBackupJob('a', { resourceName: 'ledgers' }));
    await backupJobs.create(makeBackupJob('b', { createdAt: START + 2000 }));
    await backupJobs.create(makeBackupJob('far', { accountId: '999999999999' }));
    await restoreJobs.create(makeRestoreJob('c', { createdAt: START + 1000 }));
    const clock = { now: () => START + 3000 };
    await new JobQueue({ store: new CatalogJobStore(catalog), clock }).requestStop('a', 'stopped');
    // A job that ends in the moment in which it began: both are there, the end first.
    clock.now = () => START + 2000;
    await new JobQueue({ store: new CatalogJobStore(catalog), clock }).requestStop('b', 'stopped');

    for (const limit of [1, 2, 10]) {
      const events: ActivityEvent[] = [];
      let afterKey: string | undefined;
      do {
        const page = await new CatalogActivity(catalog).events(
          SCOPE,
          afterKey === undefined ? { limit } : { limit, afterKey },
        );
        events.push(...page.items);
        afterKey = page.nextKey;
      } while (afterKey !== undefined);
      assert.deepEqual(
        events.map(({ jobId, phase, at }) => [jobId, phase, at - START]),
        [
          ['a', 'ended', 3000],
          ['b', 'ended', 2000],
          ['b', 'began', 2000],
          ['c', 'began', 1000],
          ['a', 'began', 0],
        ],
        `${limit} per page`,
      );
      assert.deepEqual([events[0]?.resourceName, events[0]?.state], ['ledgers', 'ABORTED']);
    }
  });
});
