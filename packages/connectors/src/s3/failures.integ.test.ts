import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { ListMultipartUploadsCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { FaultProxy } from '@holdfast/testkit';
import { ConnectorError, type ConnectorErrorClass } from '../sdk/v1/connector-error.ts';
import { bucketPicture } from './testing/bucket-picture.ts';
import { makeBucket, openSource, type SharedStore, sharedStore, sourceOn } from './testing/rgw-fixture.ts';
import { TestVault } from './testing/vault.ts';

const PART_BYTES = 16 * 1024 * 1024;

test('A store that misbehaves', async (t) => {
  const store = await sharedStore(t);
  if (store === undefined) return;
  await t.test('is asked less while it wants to be spared, and nothing is lost', (t) => throttles(t, store));
  await t.test('ends a backup with a cure when it goes away in the middle', (t) => goesAway(t, store));
  await t.test('leaves no parts of an upload behind, also when it was gone for a while', (t) =>
    leavesNoParts(t, store),
  );
  await t.test('is told apart from wrong credentials', (t) => wrongCredentials(t, store));
});

async function fill(client: S3Client, Bucket: string, count: number): Promise<void> {
  await makeBucket(client, Bucket);
  const keys = Array.from({ length: count }, (_, index) => `object-${index}`);
  await Promise.all(keys.map((Key) => client.send(new PutObjectCommand({ Bucket, Key, Body: `content of ${Key}` }))));
}

/** A source behind a proxy, whose pauses between attempts take no time. */
async function behindProxy(t: TestContext, { rgw }: SharedStore, prefix: string, settings: object = {}) {
  const proxy = await FaultProxy.start(t, rgw.endpoint);
  const source = sourceOn({ ...rgw, endpoint: proxy.endpoint }, prefix, { ...settings });
  return { proxy, ...(await openSource(t, source, {}, { sleep: async () => undefined })) };
}

async function throttles(t: TestContext, store: SharedStore): Promise<void> {
  await fill(store.client, 'throttled-source', 40);
  const { proxy, connector } = await behindProxy(t, store, 'throttled-', { maxConcurrentRequests: 32 });
  const vault = await TestVault.make(t);
  let refusals = 0;
  proxy.fault = (line) => {
    if (!/^GET .*versionId=/.test(line) || proxy.atOnce <= 2) return undefined;
    refusals += 1;
    return refusals <= 200 ? 'slow-down' : undefined;
  };
  const backup = await vault.backUp(connector, 'arn:aws:s3:::throttled-source');
  assert.ok(refusals > 0);
  assert.deepEqual([backup.sealed.outcome, backup.sealed.issues], ['complete', []]);
  assert.equal(backup.sealed.statistics.itemCount, 41);
}

async function goesAway(t: TestContext, store: SharedStore): Promise<void> {
  await fill(store.client, 'leaving-source', 20);
  const { proxy, connector } = await behindProxy(t, store, 'leaving-');
  const vault = await TestVault.make(t);
  let contents = 0;
  proxy.fault = (line) => {
    if (/^GET .*versionId=/.test(line)) contents += 1;
    return contents > 10 ? 'broken-connection' : undefined;
  };
  await rejectsWith('unavailable', /Is the store running/, vault.backUp(connector, 'arn:aws:s3:::leaving-source'));
  proxy.stop();
  await rejectsWith('unavailable', /Is the store running/, vault.backUp(connector, 'arn:aws:s3:::leaving-source'));
}

async function leavesNoParts(t: TestContext, store: SharedStore): Promise<void> {
  const { client } = store;
  await makeBucket(client, 'parts-source');
  const Body = randomBytes(2 * PART_BYTES + 1000);
  await client.send(new PutObjectCommand({ Bucket: 'parts-source', Key: 'large', Body }));
  const { proxy, connector } = await behindProxy(t, store, 'parts-');
  const vault = await TestVault.make(t);
  const backup = await vault.backUp(connector, 'arn:aws:s3:::parts-source');
  const metadata = { DestinationBucketName: 'parts-new', NewBucket: 'true' };
  const options = { jobId: 'the-job' };
  const uploads = async () =>
    (await client.send(new ListMultipartUploadsCommand({ Bucket: 'parts-new' }))).Uploads ?? [];

  // A part fails for good: the upload is aborted at once.
  proxy.fault = (line) => (/partNumber=2/.test(line) ? 'broken-connection' : undefined);
  await rejectsWith('unavailable', /Is the store running/, vault.restore(connector, backup, metadata, options));
  assert.deepEqual(await uploads(), []);

  // The store is gone altogether: what is left is aborted when the job comes again.
  proxy.fault = (line) => (/partNumber=2|^DELETE.*uploadId=/.test(line) ? 'broken-connection' : undefined);
  await rejectsWith('unavailable', /Is the store running/, vault.restore(connector, backup, metadata, options));
  assert.equal((await uploads()).length, 1);
  proxy.fault = () => undefined;
  await vault.restore(connector, backup, metadata, options);
  assert.deepEqual(await uploads(), []);
  assert.deepEqual(await bucketPicture(client, 'parts-new'), await bucketPicture(client, 'parts-source'));
}

async function wrongCredentials(t: TestContext, { rgw, client }: SharedStore): Promise<void> {
  await fill(client, 'closed-source', 1);
  const { connector } = await openSource(t, sourceOn({ ...rgw, secretAccessKey: 'not this one' }, 'closed-'));
  const { signal } = new AbortController();
  const [finding] = await connector.check(signal);
  assert.equal(finding?.ok, false);
  assert.match(finding?.hint ?? '', /access key/);
  assert.ok(!(finding?.hint ?? '').includes('not this one'));
  await rejectsWith(
    'denied',
    /./,
    connector.openBackup({ resourceArn: 'arn:aws:s3:::closed-source', options: {}, signal }),
  );
}

async function rejectsWith(errorClass: ConnectorErrorClass, message: RegExp, action: Promise<unknown>): Promise<void> {
  await assert.rejects(action, (error) => {
    assert.ok(error instanceof ConnectorError, String(error));
    assert.equal(error.class, errorClass, error.message);
    assert.match(error.message, message);
    return true;
  });
}
