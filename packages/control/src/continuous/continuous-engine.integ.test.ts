import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeleteRecoveryPointCommand } from '@aws-sdk/client-backup';
import { createRepository, MemoryStore, openRepository, type Repository, SqliteAuthority } from '@holdfast/engine';
import { executeRecovery, planRecovery } from '@holdfast/engine/maintenance';
import { MemoryKeyProvider } from '@holdfast/engine/testing';
import { recoverVaultRecords } from '../recovery-points/recover-vault-records.ts';
import { BUCKET_ARN } from '../testing/fake-bucket.ts';
import { DATABASE_ARN } from '../testing/fake-database.ts';
import { runJobs } from '../testing/run-jobs.ts';
import { SCOPE } from '../testing/test-control.ts';
import { continuousState } from './restorable-time.ts';
import { type ContinuousWorld, continuousWorld, MINUTE_MS } from './testing/continuous-world.ts';

/** Threads and files take the time that they take. */
const MOST_WAITS = 30_000;

async function until(world: ContinuousWorld, what: string, condition: () => Promise<boolean>): Promise<void> {
  for (let waits = 0; waits < MOST_WAITS; waits += 1) {
    if (await condition()) return;
    if (waits % 20 === 0) await world.clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`it never came true: ${what}`);
}

interface Vault {
  readonly store: MemoryStore;
  readonly keyProvider: MemoryKeyProvider;
}

/** Puts the real engine behind the vault `Default` of a world. */
async function withEngine(world: ContinuousWorld, vault?: Vault) {
  const clock = () => world.clock.now();
  const authority = new SqliteAuthority({ path: ':memory:', clock });
  const parts = vault ?? { store: new MemoryStore({ now: clock }), keyProvider: new MemoryKeyProvider() };
  // The engine renews its leases by the machine's time, which the test's clock outruns.
  const options = { ...parts, authority, clock, limits: { threads: 1, leaseMs: 24 * 60 * MINUTE_MS } };
  const repository: Repository = await (vault === undefined ? createRepository(options) : openRepository(options));
  Object.assign(world.ports.repositories, { open: async () => repository });
  return { ...parts, authority, repository };
}

async function window(world: ContinuousWorld, arn: string) {
  const vault = await world.stores.vaults.get(SCOPE, 'Default');
  return (await continuousState(world.ports, { vaultId: vault?.vaultId ?? '', arn }))?.window;
}

async function startContinuous(world: ContinuousWorld, resourceArn: string): Promise<string> {
  const jobId = await world.fire(resourceArn);
  let arn = '';
  await until(world, 'the first base', async () => {
    await runJobs(world);
    const job = await world.stores.backupJobs.get(SCOPE, jobId);
    arn = job?.recoveryPointArn ?? '';
    return job?.completedAt !== undefined;
  });
  return arn;
}

async function stored(world: ContinuousWorld, arn: string, at: number): Promise<void> {
  await until(world, 'the window reaches the moment', async () => ((await window(world, arn))?.latestAt ?? 0) >= at);
}

test('the engine keeps a database and a bucket continuously, gives every moment back, recovers them without a catalog, and forgets them', async () => {
  await using world = await continuousWorld({ refreshMs: MINUTE_MS });
  const vault = await withEngine(world);
  world.startWorker('one');
  world.database.write('balance', '0');
  world.bucket.put('a', 'first');
  const database = await startContinuous(world, DATABASE_ARN);
  const bucket = await startContinuous(world, BUCKET_ARN);
  const moments: { at: number; value: string }[] = [];
  for (const value of ['1', '2']) {
    await world.clock.advance(5000);
    world.database.write('balance', value);
    world.bucket.put('a', value);
    moments.push({ at: world.clock.now(), value });
    await stored(world, database, world.clock.now());
    await stored(world, bucket, world.clock.now());
  }
  for (const { at, value } of moments) {
    assert.equal((await world.restore(database, at)).Status, 'COMPLETED');
    assert.deepEqual(world.database.restored, { balance: value });
    assert.equal((await world.restore(bucket, at)).Status, 'COMPLETED');
    assert.deepEqual(world.bucket.restored, { a: value });
  }

  // The catalog is lost: another world with the same store and key.
  await using after = await continuousWorld();
  const again = await withEngine(after, vault);
  const plan = await planRecovery(again.repository.parts);
  assert.deepEqual(plan.unusable, []);
  await executeRecovery(again.repository.parts, plan);
  const defaultVault = await after.stores.vaults.get(SCOPE, 'Default');
  const found = plan.points.map(({ point, retention }) => ({
    facts: renamed(point.body.facts, defaultVault?.vaultId ?? ''),
    statistics: point.body.statistics,
    outcome: point.body.outcome,
    createdAt: point.body.createdAt,
    keepUntilAt: retention.keepUntilAt,
  }));
  const recovered = await recoverVaultRecords(after.ports, found);
  assert.deepEqual([recovered?.recoveryPoints, recovered?.known], [2, 0]);
  for (const { at, value } of moments) {
    assert.equal((await after.restore(database, at)).Status, 'COMPLETED');
    assert.deepEqual(after.database.restored, { balance: value });
    await after.restore(bucket, at);
    assert.deepEqual(after.bucket.restored, { a: value });
  }
  const point = await after.point(database);
  assert.deepEqual([point.Status, point.CalculatedLifecycle?.DeleteAt === undefined], ['STOPPED', false]);
  assert.deepEqual((await recoverVaultRecords(after.ports, found))?.known, 2);

  // And in the first world they are deleted with everything that they stored.
  for (const RecoveryPointArn of [database, bucket]) {
    await world.client.send(new DeleteRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn }));
  }
  await world.settle();
  await until(world, 'everything is gone', async () => world.stores.continuousBackups.all().length === 0);
  assert.deepEqual(await vault.authority.recoveryPoints(vault.repository.vaultId, undefined, 10), []);
  assert.deepEqual([await world.points(DATABASE_ARN), await world.points(BUCKET_ARN)], [[], []]);
  assert.deepEqual(world.errors, []);
  await again.repository.close();
  await vault.repository.close();
});

/** The second world's vault has another identifier, which its catalog made up. */
function renamed(facts: Readonly<Record<string, unknown>>, vaultId: string): Readonly<Record<string, unknown>> {
  return { ...facts, recoveryPoint: { ...(facts.recoveryPoint as object), vaultId } };
}
