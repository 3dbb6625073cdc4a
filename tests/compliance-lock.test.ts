/**
 * Somebody with all rights, the command line and the catalog's file in hand attacks a vault under a compliance lock. The
 * same blows fall on a vault without a lock, to show that they would have hit.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import * as backup from '@aws-sdk/client-backup';
import { clientOf, holdfast, type RunningHoldfast, startHoldfast } from './support/running-server.ts';
import { until as lookUntil } from './support/until.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole';
/** Maintenance comes every six seconds and frees at once what it thinks that nobody needs. */
const CONFIGURATION = 'maintenance: { everyMinutes: 0.1, graceHours: 0 }\n';

const until = <T>(look: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> =>
  lookUntil(async () => look(), what, 1800);

interface Fort {
  readonly directory: string;
  readonly evidence: Buffer;
  readonly resource: string;
  /** In the locked vault and in the one without a lock. */
  readonly locked: string;
  readonly open: string;
}

test('what a compliance lock holds survives an administrator, the command line and changes of the catalog', async (t) => {
  const directory = besieged(t);
  writeFileSync(join(directory, 'holdfast.yaml'), CONFIGURATION);
  const { server, fort } = await build(t, directory);
  await server.stop();
  // The three days in which the lock could still be changed are over.
  changeCatalog(server, "update vaults set lock = json_set(lock, '$.lockDateAt', 1) where name = 'fort'");
  const kept = await attackThroughTheFrontDoor(t, fort);
  const keptFiles = filesOf(kept, 'fort');
  await kept.stop();

  changeCatalog(kept, BLOW_AGAINST_KEYS);
  const unkeyed = await startHoldfast(t, { directory });
  await until(() => (catalogValue(unkeyed, DYING_KEYS) === 0 ? true : undefined), 'the return of the keys');
  await unkeyed.stop();

  for (const blow of BLOWS) changeCatalog(kept, blow);
  const robbed = await startHoldfast(t, { directory });
  await asksForDeletion(robbed, fort);
  await until(() => (isDeleted(robbed, fort.open) ? true : undefined), 'the deletion of what no lock holds');
  await robbed.stop();

  for (const blow of BLOWS_AGAINST_PACKS) changeCatalog(kept, blow);
  const emptied = await startHoldfast(t, { directory });
  await until(
    () => (packsOf(emptied, 'open').length === 0 ? true : undefined),
    'the end of the unlocked vault’s bytes',
  );
  await until(() => (hasTried(emptied, 'fort') ? true : undefined), 'the attempt on the locked vault’s bytes');
  await anotherRound(emptied, fort);
  assert.deepEqual(lostFrom(keptFiles, filesOf(emptied, 'fort')), [], 'not a byte of the locked vault is gone');
  await emptied.stop();
  await recoversAll(t, emptied, fort);
});

/** Files of a locked vault are immutable until their time, as they should be: only the test's end takes that away. */
function besieged(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-fort-'));
  t.after(() => {
    spawnSync('chattr', ['-R', '-f', '-i', directory]);
    rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  return directory;
}

/** What makes the key service believe that the time of every key has come. */
const BLOW_AGAINST_KEYS =
  "update kms_keys set record = json_set(record, '$.state', 'PendingDeletion', '$.deletionAt', 1)";
const DYING_KEYS = "select count(*) as value from kms_keys where json_extract(record, '$.deletionAt') is not null";

/** What takes policy away: lock, dates, the engine's own retention and locks. */
const BLOWS = [
  'update vaults set lock = null',
  'update recovery_points set delete_at = 1, lifecycle = null',
  "update engine_points set retention = '{}'",
  'delete from engine_pack_locks',
];

/** What makes the engine believe that nothing needs the bytes. */
const BLOWS_AGAINST_PACKS = [
  'delete from recovery_points',
  'delete from engine_points',
  'delete from engine_pack_uses',
  'delete from engine_pack_locks',
  'update engine_packs set refs = 0, used = 0',
];

async function build(t: TestContext, directory: string): Promise<{ server: RunningHoldfast; fort: Fort }> {
  const evidence = randomBytes(300_000);
  mkdirSync(join(directory, 'home'));
  writeFileSync(join(directory, 'home', 'evidence.bin'), evidence);
  const server = await startHoldfast(t, { directory });
  const added = await holdfast(server, ['source', 'add', 'directory', 'home', '--path', join(directory, 'home')]);
  assert.equal(added.code, 0, added.stderr);
  const [found] = JSON.parse((await holdfast(server, ['resource', 'list', '--json'])).stdout) as { arn: string }[];
  const resource = found?.arn ?? '';
  const client = clientOf(server);
  for (const BackupVaultName of ['fort', 'open', 'other']) {
    await client.send(new backup.CreateBackupVaultCommand({ BackupVaultName }));
  }
  const lock = { BackupVaultName: 'fort', ChangeableForDays: 3, MinRetentionDays: 7, MaxRetentionDays: 100 };
  await client.send(new backup.PutBackupVaultLockConfigurationCommand(lock));
  const locked = await backUp(server, resource, 'fort');
  const open = await backUp(server, resource, 'open');
  return { server, fort: { directory, evidence, resource, locked, open } };
}

async function backUp(server: RunningHoldfast, ResourceArn: string, BackupVaultName: string): Promise<string> {
  const client = clientOf(server);
  const { BackupJobId } = await client.send(
    new backup.StartBackupJobCommand({
      BackupVaultName,
      ResourceArn,
      IamRoleArn: ROLE,
      Lifecycle: { DeleteAfterDays: 30 },
    }),
  );
  const job = await until(async () => {
    const seen = await client.send(new backup.DescribeBackupJobCommand({ BackupJobId }));
    return ['COMPLETED', 'FAILED'].includes(seen.State ?? '') ? seen : undefined;
  }, 'the end of the backup');
  assert.equal(job.State, 'COMPLETED', job.StatusMessage);
  client.destroy();
  return job.RecoveryPointArn ?? '';
}

/** Everything that the API and the command line offer against a recovery point; the server still runs afterwards. */
async function attackThroughTheFrontDoor(t: TestContext, { directory, locked }: Fort): Promise<RunningHoldfast> {
  const server = await startHoldfast(t, { directory });
  const client = clientOf(server);
  const { LockDate, Locked } = await client.send(new backup.DescribeBackupVaultCommand({ BackupVaultName: 'fort' }));
  assert.ok(Locked === true && LockDate !== undefined && LockDate.getTime() < Date.now());
  await until(() => (catalogValue(server, SEALED) === null ? undefined : true), 'the sealing of the vault');
  const point = { BackupVaultName: 'fort', RecoveryPointArn: locked };
  const weaker = { BackupVaultName: 'fort', MinRetentionDays: 1 };
  const attempts: Record<string, () => Promise<unknown>> = {
    'delete it': () => client.send(new backup.DeleteRecoveryPointCommand(point)),
    'let it expire': () =>
      client.send(new backup.UpdateRecoveryPointLifecycleCommand({ ...point, Lifecycle: { DeleteAfterDays: 1 } })),
    'give it away': () => client.send(new backup.DisassociateRecoveryPointCommand(point)),
    'weaken the lock': () => client.send(new backup.PutBackupVaultLockConfigurationCommand(weaker)),
    'move the lock date': () =>
      client.send(new backup.PutBackupVaultLockConfigurationCommand({ ...weaker, ChangeableForDays: 36_500 })),
    'delete the lock': () =>
      client.send(new backup.DeleteBackupVaultLockConfigurationCommand({ BackupVaultName: 'fort' })),
    'delete the vault': () => client.send(new backup.DeleteBackupVaultCommand({ BackupVaultName: 'fort' })),
  };
  for (const [attempt, call] of Object.entries(attempts)) {
    await assert.rejects(call(), { name: 'InvalidRequestException' }, `an administrator could ${attempt}`);
  }
  const bulk = ['bulk', 'start', 'DeleteRecoveryPoint', locked, '--vault', 'fort', '--wait', '--json'];
  assert.notEqual((await holdfast(server, bulk)).code, 0);
  const { Status } = await client.send(new backup.DescribeRecoveryPointCommand(point));
  assert.equal(Status, 'COMPLETED');
  client.destroy();
  return server;
}

/** With the lock gone from the catalog the API may believe that it can delete; the engine does not. */
async function asksForDeletion(server: RunningHoldfast, fort: Fort): Promise<void> {
  const client = clientOf(server);
  const places = [
    { BackupVaultName: 'fort', RecoveryPointArn: fort.locked },
    { BackupVaultName: 'open', RecoveryPointArn: fort.open },
  ];
  for (const place of places) await client.send(new backup.DeleteRecoveryPointCommand(place)).catch(refusalOrBusy);
  const status = await until(() => settled(client, fort.locked), 'the engine’s answer');
  assert.equal(status, 'EXPIRED');
  client.destroy();
}

/** The lifecycle may have been quicker than the request. */
function refusalOrBusy(error: unknown): void {
  assert.ok(
    error instanceof backup.InvalidRequestException ||
      error instanceof backup.InvalidResourceStateException ||
      error instanceof backup.ResourceNotFoundException,
    String(error),
  );
}

async function settled(client: backup.BackupClient, RecoveryPointArn: string): Promise<string | undefined> {
  const command = new backup.DescribeRecoveryPointCommand({ BackupVaultName: 'fort', RecoveryPointArn });
  const { Status, StatusMessage } = await client.send(command);
  if (Status !== 'EXPIRED') return undefined;
  assert.match(StatusMessage ?? '', /locked until/);
  return Status;
}

/** Two vaults' worth of deletions that were asked for later, so that a whole round has passed over every vault. */
async function anotherRound(server: RunningHoldfast, { resource }: Fort): Promise<void> {
  const client = clientOf(server);
  for (let round = 0; round < 2; round += 1) {
    const RecoveryPointArn = await backUp(server, resource, 'other');
    assert.ok(packsOf(server, 'other').length > 0);
    await client.send(new backup.DeleteRecoveryPointCommand({ BackupVaultName: 'other', RecoveryPointArn }));
    await until(() => (packsOf(server, 'other').length === 0 ? true : undefined), 'a round of maintenance');
  }
  client.destroy();
}

/** The catalog is lost altogether; stores and escrowed keys bring the locked data back, and nothing of the other. */
async function recoversAll(t: TestContext, stopped: RunningHoldfast, fort: Fort): Promise<void> {
  const { directory, locked, open, evidence } = fort;
  for (const ending of ['', '-wal', '-shm']) rmSync(join(stopped.data, `catalog.db${ending}`), { force: true });
  const recovered = await holdfast(stopped, ['recover', '--json']);
  assert.equal(recovered.code, 0, recovered.stderr);
  const server = await startHoldfast(t, { directory });
  const out = join(directory, 'evidence.out');
  const got = await holdfast(server, ['get', locked, 'evidence.bin', '--out', out]);
  assert.equal(got.code, 0, got.stderr);
  assert.ok(readFileSync(out).equals(evidence), 'byte for byte');
  assert.notEqual((await holdfast(server, ['get', open, 'evidence.bin', '--out', `${out}2`])).code, 0);
  // Even where the recovered catalog says nothing against it, the engine does.
  const client = clientOf(server);
  const command = new backup.DeleteRecoveryPointCommand({ BackupVaultName: 'fort', RecoveryPointArn: locked });
  await client.send(command).catch(refusalOrBusy);
  const { Status } = await client.send(
    new backup.DescribeRecoveryPointCommand({ BackupVaultName: 'fort', RecoveryPointArn: locked }),
  );
  if (Status === 'DELETING') await until(() => settled(client, locked), 'the engine’s answer');
  client.destroy();
  const again = await holdfast(server, ['get', locked, 'evidence.bin', '--out', `${out}3`]);
  assert.equal(again.code, 0, again.stderr);
  await server.stop();
}

const SEALED = "select json_extract(lock, '$.sealedAt') as value from vaults where name = 'fort'";

function changeCatalog({ data }: Pick<RunningHoldfast, 'data'>, sql: string): void {
  const database = new DatabaseSync(join(data, 'catalog.db'));
  database.exec(sql);
  database.close();
}

function catalogValue({ data }: Pick<RunningHoldfast, 'data'>, sql: string): unknown {
  const database = new DatabaseSync(join(data, 'catalog.db'), { readOnly: true, timeout: 5000 });
  const row = database.prepare(sql).get();
  database.close();
  return row?.['value'];
}

function isDeleted(server: RunningHoldfast, arn: string): boolean {
  return catalogValue(server, `select count(*) as value from recovery_points where arn = '${arn}'`) === 0;
}

/** The collection took every pack of the vault for rubbish and withdrew it: only the store's lock is left. */
function hasTried(server: RunningHoldfast, vault: string): boolean {
  const from = `from engine_packs where vault = '${vaultId(server, vault)}'`;
  const left = catalogValue(server, `select count(*) as value ${from} and state <> 'withdrawn'`);
  return left === 0 && catalogValue(server, `select count(*) as value ${from}`) !== 0;
}

function vaultId(server: Pick<RunningHoldfast, 'data'>, name: string): string {
  return String(catalogValue(server, `select vault_id as value from vaults where name = '${name}'`));
}

function storeOf(server: RunningHoldfast, vault: string): string {
  return join(server.data, 'regions', 'us-east-1', '123456789012', vaultId(server, vault));
}

/**
 * Every file of a vault's store with the hash of its content. Segments of the index are put together over time, under a
 * lock too; that nothing is missing in them is proved by the recovery.
 */
function filesOf(server: RunningHoldfast, vault: string): ReadonlyMap<string, string> {
  const root = storeOf(server, vault);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !/\/index(\/|$)/.test(entry.parentPath.slice(root.length)),
  );
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(root.length), createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}

function packsOf(server: RunningHoldfast, vault: string): string[] {
  const root = storeOf(server, vault);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\/packs?(\/|$)/.test(entry.parentPath.slice(root.length)))
    .map(({ parentPath, name }) => join(parentPath, name));
}

function lostFrom(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  return [...before].filter(([path, hash]) => now.get(path) !== hash).map(([path]) => path);
}
