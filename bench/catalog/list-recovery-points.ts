/**
 * Lists of a catalog with a million recovery points: how long one page takes, for each filter, at the start and deep in
 * the list. Run it with: node scripts/run.mjs bench/catalog/list-recovery-points.ts [number of recovery points]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CatalogRecoveryPointStore, openCatalog } from '@holdfast/catalog';
import type { RecoveryPointListQuery } from '@holdfast/control';
import { fillRecoveryPoints } from './fill-recovery-points.ts';

const pointCount = Number(process.argv[2] ?? 1_000_000);
const PAGE_SIZES = [100, 1000];
const START = Date.UTC(2020, 0, 1);
const SCOPE = { accountId: '123456789012', region: 'us-east-1' };

const directory = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const path = join(directory, 'catalog.db');
const fillSeconds = (await fillRecoveryPoints(path, pointCount, START)).toFixed(1);
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
