/**
 * How long firing takes: 100 plans over 10,000 resources.
 *
 *   node scripts/run.mjs bench/plans/fire-plans.ts                 SQLite in a temporary directory
 *   node scripts/run.mjs bench/plans/fire-plans.ts postgres://…    a PostgreSQL catalog (an empty database)
 *
 * Prints: the pure evaluation of all plans over all resources, one plan that makes 10,000 jobs, and 99 plans of 100
 * resources each that fire together. The limit that must hold is 30 s for each.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CatalogBackupPlanStore, CatalogBackupSelectionStore, controlStores, openCatalog } from '@holdfast/catalog';
import {
  createPlanHandlers,
  DEFAULT_PLAN_QUOTAS,
  DEFAULT_QUOTAS,
  previewPlan,
  type ResourceRecord,
  runSchedulerTick,
  type SchedulerPorts,
  takeScopeSnapshot,
} from '@holdfast/control';

const SCOPE = { accountId: '123456789012', region: 'us-east-1' };
const ROLE = 'arn:aws:iam::123456789012:role/backup';
const RESOURCES = 10_000;
const SMALL_PLANS = 99;
const START = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;

const directory = mkdtempSync(join(tmpdir(), 'holdfast-bench-plans-'));
let now = START;
const [connectionString] = process.argv.slice(2);
const catalog = await openCatalog(
  connectionString === undefined
    ? { kind: 'sqlite', path: join(directory, 'catalog.db') }
    : { kind: 'postgres', connectionString },
  { now: () => now },
);
const stores = controlStores(catalog, () => now);
const ports: SchedulerPorts & Parameters<typeof createPlanHandlers>[0] = {
  clock: { now: () => now },
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
  log: (level, message, fields) => console.error(level, message, fields),
};

function aResource(index: number): ResourceRecord {
  return {
    ...SCOPE,
    arn: `arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-${index}`,
    resourceType: 'EFS',
    name: `fs-${index}`,
    sourceName: 'bench',
    sourceTags: { group: String(index % 100), stage: index % 2 === 0 ? 'prod' : 'test' },
    localTags: {},
    status: 'available',
    firstSeenAt: START,
    lastSeenAt: START,
  };
}

async function aPlan(name: string, hour: number, group: string | undefined): Promise<void> {
  const handlers = createPlanHandlers(ports);
  const context = { ...SCOPE, now, operation: 'Bench' } as Parameters<typeof handlers.CreateBackupPlan>[1];
  const Rules = [
    { RuleName: 'daily', TargetBackupVaultName: 'Default', ScheduleExpression: `cron(0 ${hour} ? * * *)` },
  ];
  const plan = await handlers.CreateBackupPlan({ BackupPlan: { BackupPlanName: name, Rules } }, context);
  const Conditions = { StringEquals: [{ ConditionKey: 'aws:ResourceTag/group', ConditionValue: group }] };
  const BackupSelection = {
    SelectionName: 's',
    IamRoleArn: ROLE,
    Resources: ['*'],
    ...(group === undefined ? {} : { Conditions }),
  };
  await handlers.CreateBackupSelection({ BackupPlanId: plan.BackupPlanId ?? '', BackupSelection }, context);
}

async function timed<T>(what: string, work: () => Promise<T> | T, describe: (result: T) => string): Promise<void> {
  const startedAt = performance.now();
  const result = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${what}: ${describe(result)} in ${seconds.toFixed(2)} s ${seconds < 30 ? 'ok' : 'TOO SLOW'}`);
}

for (let start = 0; start < RESOURCES; start += 1000) {
  await stores.resources.upsert(Array.from({ length: 1000 }, (_, index) => aResource(start + index)));
}
await aPlan('everything', 5, undefined);
for (let index = 0; index < SMALL_PLANS; index += 1) await aPlan(`group-${index}`, 6, String(index));

const snapshot = await takeScopeSnapshot(ports, SCOPE);
const plans = (await ports.plans.list(SCOPE, { includeDeleted: false }, { limit: 1000 })).items;
await timed(
  `evaluate ${plans.length} plans over ${RESOURCES} resources`,
  async () => {
    let covered = 0;
    for (const plan of plans) {
      const scope = {
        ...snapshot,
        selections: await ports.selections.listOfPlan(plan.planId),
        isContinuousElsewhere: () => false,
      };
      const preview = previewPlan(plan, [], scope, START, START);
      covered += preview.resources.filter((entry) => entry.selection !== undefined).length;
    }
    return covered;
  },
  (covered) => `${covered} covered`,
);
now = START + 5 * HOUR;
await timed(
  'fire one plan over all resources',
  () => runSchedulerTick(ports),
  (tick) => `${tick.createdJobs} jobs`,
);
now = START + 6 * HOUR;
await timed(
  `fire ${SMALL_PLANS} plans together`,
  () => runSchedulerTick(ports),
  (tick) => `${tick.createdJobs} jobs of ${tick.firedPlans} plans`,
);
await catalog.close();
rmSync(directory, { recursive: true });
