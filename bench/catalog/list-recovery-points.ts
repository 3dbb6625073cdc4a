/**
 * Lists of a catalog with a million recovery points: how long one page takes, for each filter, at the start and deep in
 * the list. Run it with: node scripts/run.mjs bench/catalog/list-recovery-points.ts [number of recovery points]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CatalogRecoveryPointStore, openCatalog } from '@holdfast/catalog';
import type { RecoveryPointListQuery } from '@holdfast/control';

const pointCount = Number(process.argv[2] ?? 1_000_000);
const PAGE_SIZES = [100, 1000];
const START = Date.UTC(2020, 0, 1);
const SCOPE = { accountId: '123456789012', region: 'us-east-1' };

/** One vault holds most; 10,000 resources of four types, 100 plans, one in a thousand is PARTIAL. */
const FILL = `
  insert into recovery_points
  with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ?1)
  select
    case when i % 10 = 0 then 'vault-2' else 'vault-1' end,
    printf('arn:aws:backup:us-east-1:123456789012:recovery-point:%08x-%08x', (i * 2654435761) & 4294967295, i),
    '123456789012', 'us-east-1', 'Default', 'arn:aws:backup:us-east-1:123456789012:backup-vault:Default',
    'BACKUP_VAULT', printf('%032x', i),
    printf('arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-%017x', i % 10000),
    case (i % 10000) % 4 when 0 then 'EFS' when 1 then 'S3' when 2 then 'RDS' else 'EBS' end, null,
    case when i % 1000 = 0 then 'PARTIAL' else 'COMPLETED' end, null,
    ?2 + i * 100, ?2 + i * 100, ?2 + i * 100 + 5000, 1000000, 100000, 1000, 0, 1,
    'arn:aws:kms:us-east-1:123456789012:key/1', 'AWS_OWNED_KMS_KEY', 'arn:aws:iam::123456789012:role/r',
    printf('plan-%d', i % 100), printf('job-%d', i), ?2 + i * 100 + 3024000000, null, 'WARM', null, 0, null, null, null, 0,
    null, '{"backupPlanId":"p","backupPlanArn":"arn","backupPlanVersion":"v","backupRuleId":"r"}',
    '{"deleteAfterDays":35}', null, '{"file-system-id":"fs-1"}', '{"team":"blue"}'
  from n`;

const directory = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const path = join(directory, 'catalog.db');
await (await openCatalog({ kind: 'sqlite', path }, { now: Date.now })).close();

const filledFrom = performance.now();
const database = new DatabaseSync(path);
database.exec('pragma synchronous = off');
database.prepare(FILL).run(pointCount, START);
database.close();
const fillSeconds = ((performance.now() - filledFrom) / 1000).toFixed(1);
console.log(`${pointCount} recovery points, ${(statSync(path).size / 1e9).toFixed(2)} GB, filled in ${fillSeconds} s`);

const openedFrom = performance.now();
const catalog = await openCatalog({ kind: 'sqlite', path }, { now: Date.now });
console.log(`opened in ${(performance.now() - openedFrom).toFixed(0)} ms`);
const store = new CatalogRecoveryPointStore(catalog, Date.now);
const resourceArn = 'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-00000000000000001';
const queries: readonly (readonly [string, RecoveryPointListQuery])[] = [
  ['by vault', { vaultId: 'vault-1' }],
  ['by vault and resource', { vaultId: 'vault-1', resourceArn }],
  ['by vault and type', { vaultId: 'vault-1', resourceType: 'S3' }],
  ['by vault and plan', { vaultId: 'vault-1', backupPlanId: 'plan-7' }],
  ['by vault and dates', { vaultId: 'vault-1', created: { after: START + 1_000_000, before: START + 40_000_000 } }],
  [
    'by vault, type, plan and dates',
    {
      vaultId: 'vault-1',
      resourceType: 'S3',
      backupPlanId: 'plan-1',
      created: { after: START + 1_000_000, before: START + 40_000_000 },
    },
  ],
  ['by resource', { scope: SCOPE, resourceArn }],
];

/** The key of a page that lies far into the list, found by stepping through it. */
async function deepKey(query: RecoveryPointListQuery, pages: number): Promise<string | undefined> {
  let key: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const { nextKey } = await store.list(query, { limit: 1000, ...(key === undefined ? {} : { afterKey: key }) });
    if (nextKey === undefined) return key;
    key = nextKey;
  }
  return key;
}

async function medianMs(query: RecoveryPointListQuery, limit: number, afterKey?: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 21; run += 1) {
    const from = performance.now();
    await store.list(query, { limit, ...(afterKey === undefined ? {} : { afterKey }) });
    times.push(performance.now() - from);
  }
  return times.sort((a, b) => a - b)[10] ?? 0;
}

for (const limit of PAGE_SIZES) {
  console.log(`median of 21 runs, pages of ${limit}:`);
  for (const [name, query] of queries) {
    const first = await medianMs(query, limit);
    const deep = await medianMs(query, limit, await deepKey(query, 200));
    console.log(`  ${name.padEnd(32)} first page ${first.toFixed(1)} ms, deep page ${deep.toFixed(1)} ms`);
  }
}
await catalog.close();
