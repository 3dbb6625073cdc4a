import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CatalogDueRecoveryPoints } from '@holdfast/catalog';
import { engineColdStorage, ensureDefaultVault, type RecoveryPointRecord, runLifecycleTick } from '@holdfast/control';
import { FakeClock } from '@holdfast/jobs/testing';
import { bootstrapAccount, FIRST_ACCOUNT } from '@holdfast/neighbours';
import { temporaryDirectory } from '@holdfast/testkit';
import { buildControl } from './compose/control-ports.ts';
import { layFoundation } from './compose/foundation.ts';
import { buildIdentity } from './compose/identity.ts';
import { loadConfiguration } from './configuration/load-configuration.ts';
import { freeVaults, inspectVaults } from './vault-maintenance.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 0, 1);
const SCOPE = { accountId: FIRST_ACCOUNT.accountId, region: 'us-east-1' };
const CONTENT_BYTES = 400_000;

/** A server without doors or loops, with a clock that the test moves; what the loops call is called by hand. */
async function aHouse(t: TestContext) {
  const clock = new FakeClock(START);
  const data = temporaryDirectory(t);
  const configuration = {
    ...loadConfiguration({ data, port: '0' }, {}),
    log: { level: 'error', format: 'json' },
  } as const;
  const foundation = await layFoundation(configuration, 'server', clock);
  const control = buildControl(foundation, buildIdentity(foundation), () => undefined);
  t.after(async () => {
    await control.repositories.close();
    await foundation.catalog.close();
  });
  await bootstrapAccount(buildIdentity(foundation), { ...FIRST_ACCOUNT, now: START });
  await ensureDefaultVault(control.ports, SCOPE);
  const vault = await control.ports.stores.vaults.get(SCOPE, 'Default');
  if (vault === undefined) throw new Error('there is no vault Default');
  const { parts } = await control.repositories.open(vault);
  return { clock, data, configuration, foundation, control, vault, parts };
}

type House = Awaited<ReturnType<typeof aHouse>>;

/** A recovery point with bytes of its own that expires a day after the start. */
async function backUp({ control, vault, clock }: House, engineId: string): Promise<void> {
  const repository = await control.repositories.open(vault);
  const bytes = randomBytes(CONTENT_BYTES);
  const path = Buffer.from('noise');
  const item = {
    path,
    type: 'file',
    sizeBytes: bytes.length,
    metadata: {},
    content: { kind: 'inline', bytes },
  } as const;
  const entries = async function* () {
    yield { item };
  };
  await repository.backupItems({ recoveryPointId: engineId, retention: {}, facts: {}, entries: entries() });
  const recoveryPoint: RecoveryPointRecord = {
    ...SCOPE,
    arn: `arn:aws:backup:us-east-1:${SCOPE.accountId}:recovery-point:${engineId}`,
    vaultId: vault.vaultId,
    vaultName: vault.name,
    vaultArn: vault.arn,
    vaultType: vault.type,
    engineId,
    resourceArn: 'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1',
    resourceType: 'EFS',
    status: 'COMPLETED',
    createdAt: clock.now(),
    sizeBytes: CONTENT_BYTES,
    storedBytes: CONTENT_BYTES,
    itemCount: 1,
    issueCount: 0,
    isEncrypted: true,
    iamRoleArn: `arn:aws:iam::${SCOPE.accountId}:role/service-role/AWSBackupDefaultServiceRole`,
    deleteAt: START + DAY_MS,
    storageClass: 'WARM',
    isParent: false,
    isContinuous: false,
    restoreMetadata: {},
    resourceTags: {},
  };
  await control.ports.stores.recoveryPoints.commit({ recoveryPoint, tags: {} });
}

function bytesBelow(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** The last byte of an object turns, as on a bad disk. */
function damageEnd(file: string): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  chmodSync(file, 0o600);
  writeFileSync(file, bytes);
}

/** Lives through some minutes: what runs each minute, and a round over the vaults when its time has come. */
async function live(house: House, minutes: number): Promise<void> {
  const { clock, control, foundation, configuration } = house;
  const { everyMinutes, graceHours } = configuration.maintenance;
  const lifecycle = {
    ...control.ports,
    legalHolds: control.legalHolds.legalHolds,
    dueRecoveryPoints: new CatalogDueRecoveryPoints(foundation.catalog),
    copyJobs: control.copyJobs,
    coldStorage: engineColdStorage(control.repositories),
    // Expiries are spread over hours; the hour that is promised counts from the moment of each.
    expiryDelay: () => 0,
  };
  for (let minute = 0; minute < minutes; minute += 1) {
    clock.jump(MINUTE_MS);
    await runLifecycleTick(lifecycle);
    await control.background.settle(10_000);
    if (((clock.now() - START) / MINUTE_MS) % everyMinutes !== everyMinutes - 1) continue;
    const signal = new AbortController().signal;
    await freeVaults(control, foundation.log, { graceMs: graceHours * HOUR_MS }, signal);
  }
}

test('space comes back within an hour of expiry plus grace, by the rounds that the server makes, and not before', async (t) => {
  const house = await aHouse(t);
  const { clock, data, configuration } = house;
  for (const engineId of ['one', 'two', 'three']) await backUp(house, engineId);
  const regions = join(data, 'regions');
  const graceMs = configuration.maintenance.graceHours * HOUR_MS;
  assert.ok(bytesBelow(regions) > 3 * CONTENT_BYTES);
  clock.jump(DAY_MS - 5 * MINUTE_MS);
  await live(house, 60);
  clock.jump(START + DAY_MS + graceMs - 5 * MINUTE_MS - clock.now());
  await live(house, 5);
  assert.ok(bytesBelow(regions) > 3 * CONTENT_BYTES, 'the grace is not over');
  await live(house, 60);
  assert.equal(clock.now(), START + DAY_MS + graceMs + HOUR_MS);
  assert.ok(bytesBelow(regions) < CONTENT_BYTES / 2, `${bytesBelow(regions)} bytes are left`);
});

test('a damaged index is mended by the next round over the vaults, and a damaged page of it by the daily look', async (t) => {
  const house = await aHouse(t);
  const { control, foundation, parts } = house;
  await backUp(house, 'one');
  const signal = new AbortController().signal;
  const isLive = async (segment: string) => (await parts.authority.segments(parts.vaultId)).includes(segment);
  const [first = ''] = await parts.authority.segments(parts.vaultId);
  await parts.store.delete(`index/${first}`);
  await freeVaults(control, foundation.log, { graceMs: 0 }, signal);
  const [second = ''] = await parts.authority.segments(parts.vaultId);
  assert.deepEqual([await isLive(first), second.length], [false, 32]);
  const file = readdirSync(house.data, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith(second));
  damageEnd(join(house.data, file ?? ''));
  await freeVaults(control, foundation.log, { graceMs: 0 }, signal);
  assert.equal(await isLive(second), true);
  await inspectVaults(control, foundation.log, signal);
  assert.equal(await isLive(second), false);
  await backUp(house, 'two');
});
