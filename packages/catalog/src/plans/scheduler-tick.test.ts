import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import {
  createPlanHandlers,
  DEFAULT_PLAN_QUOTAS,
  DEFAULT_QUOTAS,
  type PlanPorts,
  runSchedulerTick,
  type SchedulerPorts,
} from '@holdfast/control';
import { controlStores } from '../control-stores.ts';
import { openCatalog } from '../database/open-catalog.ts';
import { forEachDatabase, type OpenTestCatalog } from '../testing/for-each-database.ts';
import { CatalogBackupPlanStore } from './backup-plan-store.ts';
import { CatalogBackupSelectionStore } from './backup-selection-store.ts';

const SCOPE = { accountId: '123456789012', region: 'us-east-1' };
const ROLE = 'arn:aws:iam::123456789012:role/backup';
const START = Date.UTC(2024, 0, 1);
const FIRE = START + 5 * 3_600_000;
const RESOURCES = 12;
const PLANS = 4;

type Server = PlanPorts & SchedulerPorts;

/** A server of its own on a catalog that others share. */
async function aServer(
  t: TestContext,
  location: Awaited<ReturnType<OpenTestCatalog['location']>>,
  clock: { now(): number },
): Promise<Server> {
  const catalog = await openCatalog(location, { now: () => START });
  t.after(() => catalog.close());
  const stores = controlStores(catalog, () => clock.now());
  return {
    clock,
    ids: { uuid: () => randomUUID(), hex: (prefix) => prefix },
    stores,
    catalog,
    plans: new CatalogBackupPlanStore(catalog, stores.tags),
    selections: new CatalogBackupSelectionStore(catalog),
    roles: { assume: async () => ({ ok: true }) },
    jobControl: { requestStop: async () => 'not-found', wake: () => {} },
    quotas: DEFAULT_QUOTAS,
    planQuotas: DEFAULT_PLAN_QUOTAS,
    templateKey: new Uint8Array(32),
    emit: () => {},
    log: () => {},
  };
}

/** Plans that all fire at 05:00, over all resources. */
async function prepare(server: Server): Promise<void> {
  await server.stores.resources.upsert(
    Array.from({ length: RESOURCES }, (_, index) => ({
      ...SCOPE,
      arn: `arn:aws:s3:::bucket-${index}`,
      resourceType: 'S3',
      name: `bucket-${index}`,
      sourceName: 'source',
      sourceTags: {},
      localTags: {},
      status: 'available' as const,
      firstSeenAt: START,
      lastSeenAt: START,
    })),
  );
  const handlers = createPlanHandlers(server);
  const context = { ...SCOPE, now: START, operation: 'Test' } as Parameters<typeof handlers.CreateBackupPlan>[1];
  for (let index = 0; index < PLANS; index += 1) {
    const Rules = [{ RuleName: 'daily', TargetBackupVaultName: 'Default' }];
    const BackupPlan = { BackupPlanName: `plan-${index}`, Rules };
    const { BackupPlanId = '' } = await handlers.CreateBackupPlan({ BackupPlan }, context);
    const BackupSelection = { SelectionName: 's', IamRoleArn: ROLE, Resources: ['*'] };
    await handlers.CreateBackupSelection({ BackupPlanId, BackupSelection }, context);
  }
}

async function jobsOf(server: Server): Promise<readonly string[]> {
  const query = { accountIds: [SCOPE.accountId], region: SCOPE.region, windowStart: 0 };
  const { items } = await server.stores.backupJobs.list(query, { limit: 1000 });
  return items.map((job) => `${job.createdBy?.backupPlanName} ${job.resourceArn} ${job.scheduledAt}`);
}

forEachDatabase((_name, open) => {
  test('servers that tick at the same moment fire each occurrence once', async (t) => {
    const location = await open.location(t);
    let now = START;
    const clock = { now: () => now };
    const servers = [await aServer(t, location, clock), await aServer(t, location, clock)] as const;
    await prepare(servers[0]);
    now = FIRE;
    await Promise.all([...servers, ...servers].map((server) => runSchedulerTick(server)));
    const jobs = await jobsOf(servers[0]);
    assert.equal(jobs.length, PLANS * RESOURCES);
    assert.equal(new Set(jobs).size, PLANS * RESOURCES);
    now = FIRE + 24 * 3_600_000;
    await Promise.all(servers.map((server) => runSchedulerTick(server)));
    assert.equal(new Set(await jobsOf(servers[1])).size, 2 * PLANS * RESOURCES);
  });

  test('a tick that dies in the middle of a plan leaves nothing of it, and the next one does it all', async (t) => {
    let now = START;
    const server = await aServer(t, await open.location(t), { now: () => now });
    await prepare(server);
    now = FIRE;
    const { backupJobs } = server.stores;
    let calls = 0;
    const dying = {
      ...server,
      stores: {
        ...server.stores,
        backupJobs: {
          ...server.stores.backupJobs,
          create: async (job: Parameters<typeof backupJobs.create>[0]) => {
            calls += 1;
            if (calls > RESOURCES + 5) throw new Error('the power went out');
            return await backupJobs.create(job);
          },
        },
      },
    };
    const died = await runSchedulerTick(dying);
    assert.equal(died.failedPlans.length, PLANS - 1);
    assert.equal((await jobsOf(server)).length, RESOURCES, 'the plans that failed have no job at all');
    const next = await runSchedulerTick(server);
    assert.deepEqual([next.firedPlans, next.failedPlans.length], [PLANS - 1, 0]);
    assert.equal(new Set(await jobsOf(server)).size, PLANS * RESOURCES);
  });
});
