import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DescribeBackupJobCommand, DescribeRestoreJobCommand } from '@aws-sdk/client-backup';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type CephRgw, type Fault, FaultProxy, startCephRgw, temporaryDirectory } from '@holdfast/testkit';
import { addSource, endOfRestore, startRestore, until } from './support/continuous-protection.ts';
import { type MovedServer, startMovedServer } from './support/moved-server.ts';
import { endOfBackup, startBackup } from './support/on-demand-backup.ts';
import { WorkerProcess } from './support/worker-process.ts';

const Bucket = 'warehouse';
const ARN = `arn:aws:s3:::${Bucket}`;
/** Longer than the leases of jobs, and than their first pause between two tries. */
const LONG_ENOUGH_MS = 61_000;
const MIB = 2 ** 20;

interface World {
  readonly rgw: CephRgw;
  /** Stands between Holdfast and the store. */
  readonly proxy: FaultProxy;
  readonly store: S3Client;
  readonly server: MovedServer;
  readonly worker: WorkerProcess;
}

function storeClient({ endpoint, region, accessKeyId, secretAccessKey }: CephRgw): S3Client {
  return new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

async function makeBucket(store: S3Client, name: string): Promise<void> {
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await store.send(new CreateBucketCommand({ Bucket: name }));
  await store.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }));
}

async function fill(store: S3Client): Promise<void> {
  await makeBucket(store, Bucket);
  const put = (Key: string, Body: Buffer) => store.send(new PutObjectCommand({ Bucket, Key, Body }));
  for (let index = 0; index < 20; index += 1) await put(`small/${index}`, randomBytes(5000));
  await put('large', randomBytes(25 * MIB));
}

/** Keys with digests of their contents; each key has one version. */
async function contents(store: S3Client, bucket: string): Promise<Record<string, string>> {
  const { Versions = [] } = await store.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  const found: Record<string, string> = {};
  for (const { Key = '' } of Versions) {
    assert.equal(found[Key], undefined, `${Key} has several versions`);
    const { Body } = await store.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array(0);
    found[Key] = createHash('sha256').update(bytes).digest('hex');
  }
  return found;
}

async function openUploads(store: S3Client, bucket: string): Promise<number> {
  return ((await store.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).length;
}

/** Starts a job whose requests that match are held, and waits for the first, which shows that it is in its middle. */
async function startHeld({ proxy }: World, match: RegExp, start: () => Promise<string>): Promise<string> {
  const before = proxy.held;
  proxy.fault = (line): Fault | undefined => (match.test(line) ? 'held' : undefined);
  const jobId = await start();
  await until(async () => (proxy.held > before ? true : undefined), 'a request in the middle');
  return jobId;
}

async function replaceWorker({ worker, server, proxy }: World): Promise<void> {
  await worker.kill();
  proxy.fault = () => undefined;
  server.clock.move(LONG_ENOUGH_MS);
  await worker.startAgain();
}

/** What was being written when it was interrupted is finished or gone; records of open uploads are gone. */
async function assertNoFilesLeft({ server }: World): Promise<void> {
  const left = () =>
    readdirSync(server.data, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /[^/]\.tmp$|\/\.tmp\/.|\/uploads\/./.test(path),
    );
  // The worker tidies up a moment after the job has ended.
  await until(async () => (left().length === 0 ? true : undefined), 'the end of temporary files');
}

test('S3 through a killed worker and a killed store', { skip: process.platform !== 'linux' }, async (t) => {
  const rgw = await startCephRgw(t, temporaryDirectory(t));
  if (rgw === undefined) return;
  t.after(() => rgw[Symbol.asyncDispose]());
  const store = storeClient(rgw);
  t.after(() => store.destroy());
  await fill(store);
  const proxy = await FaultProxy.start(t, rgw.endpoint);
  const worker = new WorkerProcess();
  const server = await startMovedServer(t, temporaryDirectory(t), {}, worker.start);
  const secret = join(server.directory, 'secret');
  writeFileSync(secret, rgw.secretAccessKey, { mode: 0o600 });
  const credentials = JSON.stringify({ accessKeyId: rgw.accessKeyId, secretAccessKey: `file:${secret}` });
  const settings = [`endpoint=${proxy.endpoint}`, `region=${rgw.region}`, `credentials=${credentials}`];
  await addSource(server, 's3', 'store', settings);
  const world: World = { rgw, proxy, store, server, worker };
  const expected = await contents(store, Bucket);
  let recoveryPoint = '';
  const restoreInto = (bucket: string, NewBucket = 'true') =>
    startRestore(server.client, recoveryPoint, {
      ...{ DestinationBucketName: bucket, NewBucket, CreationToken: bucket },
      ...{ Encrypted: 'false', EncryptionType: 'original' },
    });
  const assertRestored = async (jobId: string, bucket: string): Promise<void> => {
    const job = await endOfRestore(server.client, jobId);
    assert.equal(job.Status, 'COMPLETED', job.StatusMessage);
    assert.deepEqual(await contents(store, bucket), expected);
    assert.equal(await openUploads(store, bucket), 0);
    await assertNoFilesLeft(world);
  };

  await t.test('a worker that is killed during a backup: the next one makes it', async () => {
    const jobId = await startHeld(world, /^GET \/warehouse\/small.*versionId=/, () => startBackup(server.client, ARN));
    await replaceWorker(world);
    const job = await endOfBackup(server.client, jobId);
    assert.equal(job.State, 'COMPLETED', job.StatusMessage);
    recoveryPoint = job.RecoveryPointArn ?? '';
    await assertNoFilesLeft(world);
  });

  await t.test('a worker that is killed while it uploads: the next one goes on and removes the parts', async () => {
    const jobId = await startHeld(world, /^PUT \/after-worker\/large\?partNumber=2/, () => restoreInto('after-worker'));
    assert.equal(await openUploads(store, 'after-worker'), 1);
    await replaceWorker(world);
    await assertRestored(jobId, 'after-worker');
  });

  await t.test(
    'a store that is killed during a backup: the job tells the cure, and is done when it is back',
    async () => {
      const jobId = await startHeld(world, /acl/, () => startBackup(server.client, ARN));
      await rgw.killGateway();
      proxy.stopHolding();
      const waiting = await until(async () => {
        const job = await server.client().send(new DescribeBackupJobCommand({ BackupJobId: jobId }));
        return job.StatusMessage === undefined ? undefined : job;
      }, 'the failed try');
      assert.match(waiting.StatusMessage ?? '', /Is the store running/);
      await rgw.startGateway();
      server.clock.move(LONG_ENOUGH_MS);
      const job = await endOfBackup(server.client, jobId);
      assert.equal(job.State, 'COMPLETED', job.StatusMessage);
      recoveryPoint = job.RecoveryPointArn ?? '';
    },
  );

  await t.test(
    'a store that is killed during an upload: the restore is done when it is back, without leftovers',
    async () => {
      // A gateway in place of a killed one takes a minute to change a bucket itself.
      await makeBucket(store, 'after-store');
      const isUpload = /^PUT \/after-store\/large\?partNumber=2/;
      const jobId = await startHeld(world, isUpload, () => restoreInto('after-store', 'false'));
      await rgw.killGateway();
      proxy.stopHolding();
      const waiting = await until(async () => {
        const job = await server.client().send(new DescribeRestoreJobCommand({ RestoreJobId: jobId }));
        return job.StatusMessage === undefined ? undefined : job;
      }, 'the failed try');
      assert.match(waiting.StatusMessage ?? '', /Is the store running/);
      await rgw.startGateway();
      assert.equal(await openUploads(store, 'after-store'), 1, 'nobody could remove them while the store was away');
      server.clock.move(LONG_ENOUGH_MS);
      await assertRestored(jobId, 'after-store');
    },
  );
});
