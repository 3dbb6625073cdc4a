import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { FaultProxy } from '@holdfast/testkit';
import { ConnectorError, type ConnectorErrorClass } from '../sdk/v1/connector-error.ts';
import { bucketPicture } from './testing/bucket-picture.ts';
import { buildHostileBucket, HOSTILE_KEYS } from './testing/hostile-bucket.ts';
import { makeBucket, openSource, type SharedStore, sharedStore, sourceOn } from './testing/rgw-fixture.ts';
import { TestVault } from './testing/vault.ts';

test('A bucket in a vault of the engine', async (t) => {
  const store = await sharedStore(t);
  if (store === undefined) return;
  await t.test('comes back object by object, whatever keys and attributes it has', (t) => comesBack(t, store));
  await t.test('moves only what changed, and is restored as it was at each time', (t) => movesWhatChanged(t, store));
  await t.test('goes into other buckets by the rules of restores', (t) => goesElsewhere(t, store));
  await t.test('is encrypted as it was, or as the restore asks', (t) => keepsEncryption(t, store));
  await t.test('tells what it cannot keep and what it cannot give back', (t) => tellsLosses(t, store));
});

async function comesBack(t: TestContext, { rgw, client }: SharedStore): Promise<void> {
  await makeBucket(client, 'hostile-source');
  await buildHostileBucket(client, 'hostile-source');
  const { connector } = await openSource(t, sourceOn(rgw, 'hostile-'));
  const vault = await TestVault.make(t);
  const backup = await vault.backUp(connector, 'arn:aws:s3:::hostile-source');
  assert.deepEqual([backup.sealed.outcome, backup.sealed.issues], ['complete', []]);
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: 'hostile-source' }),
  );
  assert.equal(backup.sealed.statistics.itemCount, 1 + Versions.length + DeleteMarkers.length, 'every version is kept');
  const metadata = { DestinationBucketName: 'hostile-restored', NewBucket: 'true' };
  const { outcome, issues } = await vault.restore(connector, backup, metadata);
  assert.deepEqual(issues, []);
  assert.match(outcome.message ?? '', /objects as of .* restored into the new bucket hostile-restored/);
  const before = await bucketPicture(client, 'hostile-source');
  const after = await bucketPicture(client, 'hostile-restored');
  for (const key of HOSTILE_KEYS) assert.ok(key in after, `${JSON.stringify(key)} is missing`);
  assert.deepEqual(after, before);
  assert.ok(!('versions/deleted' in after) && !('unfinished' in after));
}

async function movesWhatChanged(t: TestContext, { rgw, client }: SharedStore): Promise<void> {
  const Bucket = 'changing-source';
  await makeBucket(client, Bucket);
  const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
  for (let index = 0; index < 20; index += 1) await put(`object-${index}`, `content ${index} `.repeat(1000));
  const proxy = await FaultProxy.start(t, rgw.endpoint);
  const { connector } = await openSource(t, sourceOn({ ...rgw, endpoint: proxy.endpoint }, 'changing-'));
  const vault = await TestVault.make(t);
  const arn = `arn:aws:s3:::${Bucket}`;
  const first = await vault.backUp(connector, arn);
  const before = await bucketPicture(client, Bucket);
  await put('object-7', 'changed');
  await put('object-new', 'new');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'object-8' }));
  const Tagging = { TagSet: [{ Key: 'late', Value: 'yes' }] };
  await client.send(new PutObjectTaggingCommand({ Bucket, Key: 'object-9', Tagging }));
  const after = await bucketPicture(client, Bucket);
  proxy.seen.length = 0;
  const second = await vault.backUp(connector, arn, { parent: first });
  const contents = proxy.seen.filter((line) => /^GET \/changing-source\/[^?]*\?versionId=/.test(line));
  assert.equal(contents.length, 2, 'only new contents are fetched');
  assert.ok(second.sealed.statistics.readBytes < 100, `${second.sealed.statistics.readBytes} bytes were read`);
  const pictures = [
    { backup: first, picture: before, into: 'changing-first' },
    { backup: second, picture: after, into: 'changing-second' },
  ];
  for (const { backup, picture, into } of pictures) {
    await vault.restore(connector, backup, { DestinationBucketName: into, NewBucket: 'true' });
    assert.deepEqual(await bucketPicture(client, into), picture, into);
  }
}

async function goesElsewhere(t: TestContext, { rgw, client }: SharedStore): Promise<void> {
  const Bucket = 'rules-source';
  await makeBucket(client, Bucket);
  const put = (bucket: string, Key: string, Body: string) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const textOf = async (bucket: string, Key: string) =>
    (await client.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();
  for (const key of ['a/1', 'a/2', 'a', 'b/1', 'c', '/d']) await put(Bucket, key, `backed up ${key}`);
  const { connector } = await openSource(t, sourceOn(rgw, 'rules-'));
  const vault = await TestVault.make(t);
  const backup = await vault.backUp(connector, `arn:aws:s3:::${Bucket}`);
  const restore = (metadata: Record<string, string>) => vault.restore(connector, backup, metadata);

  // Into the source: what is there stays, what was deleted comes back.
  await put(Bucket, 'a/1', 'newer');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'c' }));
  const { outcome } = await restore({});
  assert.equal(outcome.createdResourceArn, `arn:aws:s3:::${Bucket}`);
  assert.match(outcome.message ?? '', /^1 objects .* 5 existed already/);
  assert.deepEqual([await textOf(Bucket, 'a/1'), await textOf(Bucket, 'c')], ['newer', 'backed up c']);

  // Up to five objects and prefixes into another bucket.
  await makeBucket(client, 'rules-other');
  await put('rules-other', 'a/2', 'mine');
  const ItemsToRestore = JSON.stringify([`s3://${Bucket}/a/`, 'c', `s3://${Bucket}//d`]);
  await restore({ DestinationBucketName: 'rules-other', ItemsToRestore });
  assert.deepEqual(Object.keys(await bucketPicture(client, 'rules-other')), ['/d', 'a/1', 'a/2', 'c']);
  assert.equal(await textOf('rules-other', 'a/2'), 'mine');
  await restore({ DestinationBucketName: 'rules-one', NewBucket: 'true', ItemsToRestore: '["b/1","a"]' });
  assert.deepEqual(Object.keys(await bucketPicture(client, 'rules-one')), ['a', 'b/1']);

  await client.send(new CreateBucketCommand({ Bucket: 'rules-plain' }));
  const refused: readonly [ConnectorErrorClass, RegExp, Record<string, string>][] = [
    [
      'conflict',
      /rules-other exists already.*NewBucket=false/s,
      { DestinationBucketName: 'rules-other', NewBucket: 'true' },
    ],
    ['not-found', /no bucket rules-nowhere.*NewBucket=true/s, { DestinationBucketName: 'rules-nowhere' }],
    [
      'invalid-request',
      /rules-plain has no versioning.*put-bucket-versioning/s,
      { DestinationBucketName: 'rules-plain' },
    ],
    ['not-found', /none of nothing/, { ItemsToRestore: '["nothing"]' }],
    ['invalid-request', /s3:\/\/rules-source\/x/, { ItemsToRestore: '["s3://another/x"]' }],
    [
      'invalid-request',
      /EncryptionType=original/,
      { DestinationBucketName: 'rules-other', Encrypted: 'true', EncryptionType: 'SSE-KMS', KMSKey: 'no-such-key' },
    ],
  ];
  for (const [errorClass, message, metadata] of refused) {
    await assert.rejects(restore(metadata), (error) => {
      assert.ok(error instanceof ConnectorError && error.class === errorClass, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
}

async function keepsEncryption(t: TestContext, { rgw, client }: SharedStore): Promise<void> {
  const Bucket = 'secret-source';
  await makeBucket(client, Bucket);
  const kms = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: rgw.kmsKey } as const;
  await client.send(new PutObjectCommand({ Bucket, Key: 'sealed', Body: 'sealed content', ...kms }));
  await client.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: 'plain content' }));
  const { connector } = await openSource(t, sourceOn(rgw, 'secret-'));
  const vault = await TestVault.make(t);
  const backup = await vault.backUp(connector, `arn:aws:s3:::${Bucket}`);
  const restore = async (into: string, metadata: Record<string, string>) => {
    const { issues } = await vault.restore(connector, backup, {
      DestinationBucketName: into,
      NewBucket: 'true',
      ...metadata,
    });
    assert.deepEqual(issues, []);
    const found: Record<string, unknown> = {};
    for (const Key of ['plain', 'sealed']) {
      const { Body, ServerSideEncryption, SSEKMSKeyId } = await client.send(
        new GetObjectCommand({ Bucket: into, Key }),
      );
      assert.equal(await Body?.transformToString(), `${Key} content`);
      found[Key] = [ServerSideEncryption, SSEKMSKeyId];
    }
    return found;
  };
  const sealed = ['aws:kms', rgw.kmsKey];
  assert.deepEqual(await restore('secret-original', {}), { plain: [undefined, undefined], sealed });
  const withKey = { Encrypted: 'true', EncryptionType: 'SSE-KMS', KMSKey: rgw.kmsKey };
  assert.deepEqual(await restore('secret-all', withKey), { plain: sealed, sealed });
}

async function tellsLosses(t: TestContext, { rgw, client }: SharedStore): Promise<void> {
  const Bucket = 'losses-source';
  await makeBucket(client, Bucket);
  const put = (Key: string, more: object = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...more }));
  await put('good');
  await put('sealed');
  await put('sealed', { SSECustomerAlgorithm: 'AES256', SSECustomerKey: Buffer.alloc(32, 7).toString('base64') });
  await put('shared', { GrantRead: 'uri="http://acs.amazonaws.com/groups/global/AuthenticatedUsers"' });
  const { connector } = await openSource(t, sourceOn(rgw, 'losses-'));
  const vault = await TestVault.make(t);
  const first = await vault.backUp(connector, `arn:aws:s3:::${Bucket}`);
  assert.equal(first.sealed.outcome, 'partial');
  assert.deepEqual(
    first.sealed.issues.map(({ code, dataMissing }) => [code, dataMissing]),
    [['customer-key', true]],
  );
  // It is tried again each time, since its owner may have replaced it.
  const second = await vault.backUp(connector, `arn:aws:s3:::${Bucket}`, { parent: first });
  assert.equal(second.sealed.issues.length, 1);
  const { issues } = await vault.restore(connector, second, { DestinationBucketName: 'losses-new', NewBucket: 'true' });
  assert.deepEqual(
    issues.map(({ code }) => code),
    ['customer-key'],
    'an older version does not stand in for it',
  );
  assert.deepEqual(Object.keys(await bucketPicture(client, 'losses-new')), ['good', 'shared']);
}
