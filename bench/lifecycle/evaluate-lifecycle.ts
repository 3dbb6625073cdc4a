/**
 * What a round of the lifecycle costs in a catalog with a million recovery points: it must depend on what is due, not on
 * what is there. Run it with: node scripts/run.mjs bench/lifecycle/evaluate-lifecycle.ts [number of recovery points]
 *
 * Prints: a round with nothing due, one with a thousand recovery points due, and one with a hundred thousand that are
 * past their day and under legal hold. The limits that must hold are 0.5 s, 60 s and 3 s, whatever the number of recovery points.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CatalogCopyJobStore,
  CatalogDueRecoveryPoints,
  CatalogLegalHoldStore,
  controlStores,
  openCatalog,
} from '@holdfast/catalog';
import { DEFAULT_QUOTAS, type LifecyclePorts, runLifecycleTick, type VaultRepository } from '@holdfast/control';
import { fillRecoveryPoints, KEPT_MS, SPACING_MS } from '../catalog/fill-recovery-points.ts';

const pointCount = Number(process.argv[2] ?? 1_000_000);
const START = Date.UTC(2020, 0, 1);
const DUE = 1000;
const HELD = Math.min(100_000, pointCount / 2);
const SCOPE = { accountId: '123456789012', region: 'us-east-1' };

const directory = mkdtempSync(join(tmpdir(), 'holdfast-bench-lifecycle-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const path = join(directory, 'catalog.db');
const fillSeconds = await fillRecoveryPoints(path, pointCount, START);
console.log(`${pointCount} recovery points, filled in ${fillSeconds.toFixed(1)} s`);

let now = START;
const catalog = await openCatalog({ kind: 'sqlite', path }, { now: () => now });
const stores = controlStores(catalog, () => now);
const legalHolds = new CatalogLegalHoldStore(catalog, stores.tags);
const copyJobs = new CatalogCopyJobStore(catalog);
const running: Promise<void>[] = [];
const free = async () => ({ ok: true }) as const;
const unused = async (): Promise<never> => {
  throw new Error('a round of the lifecycle does not use this');
};

/** An engine that deletes at once. */
const repository: VaultRepository = {
  vaultId: 'bench',
  get parts(): never {
    throw new Error('a round of the lifecycle does not look into the engine');
  },
  backupItems: unused,
  appendLog: unused,
  openLog: unused,
  openRecoveryPoint: unused,
  planDelete: async (ids: readonly string[]) => ({
    deletes: ids.map((recoveryPointId) => ({ recoveryPointId, logicalBytes: 0 })),
    refusals: [],
  }),
  executeDelete: async () => ({ deleted: [], refused: [] }),
};

const ports: LifecyclePorts = {
  clock: { now: () => now },
  ids: { uuid: () => '', hex: (prefix) => prefix },
  stores,
  legalHolds,
  copyJobs,
  dueRecoveryPoints: new CatalogDueRecoveryPoints(catalog),
  expiryDelay: () => 0,
  coldStorage: { moveToColdStorage: unused },
  holds: { holdsOn: async () => [], isBeingReleased: async () => false },
  copies: copyJobs,
  roles: {
    assume: free,
    mayUse: free,
    mayDelete: free,
    ensureServiceLinkedRole: async () => {},
    defaultRoleArn: unused,
    principalExists: unused,
  },
  background: { run: (_name, task) => void running.push(task()) },
  emit: () => {},
  log: (level, message, fields) => console.error(level, message, fields),
  repositories: {
    open: async () => repository,
    create: unused,
    changeRetention: unused,
    placeHold: unused,
    releaseHold: unused,
    warmUp: unused,
    remove: unused,
  },
  keys: { resolve: unused, check: unused },
  organization: { membership: unused },
  vaultShares: { sharedWith: unused },
  connectors: { descriptors: () => [], resourceTypes: () => [], open: unused, validateSettings: unused },
  jobControl: { requestStop: unused, wake: () => {} },
  quotas: DEFAULT_QUOTAS,
};

async function timed(what: string, limitSeconds: number): Promise<void> {
  const from = performance.now();
  const { deleted, waiting } = await runLifecycleTick(ports);
  await Promise.all(running.splice(0));
  const seconds = (performance.now() - from) / 1000;
  const verdict = seconds < limitSeconds ? 'ok' : 'TOO SLOW';
  console.log(`${what}: ${deleted} deleted, ${waiting} waiting in ${seconds.toFixed(3)} s ${verdict}`);
}

now = START + KEPT_MS - 1;
await timed('nothing due', 0.5);
now = START + KEPT_MS + (DUE - 1) * SPACING_MS;
await timed(`${DUE} due`, 60);
const createdTo = START + (DUE + HELD) * SPACING_MS;
await legalHolds.create(
  {
    ...SCOPE,
    holdId: 'hold',
    arn: 'arn:aws:backup:us-east-1:123456789012:legal-hold:hold',
    title: 'bench',
    description: 'bench',
    status: 'ACTIVE',
    criteria: { createdTo },
    createdAt: now,
    requestFingerprint: '',
  },
  {},
);
now = createdTo + KEPT_MS;
await timed(`${HELD} past their day and held`, 3);
await catalog.close();
