import { after, type TestContext, test } from 'node:test';
import { PutBucketVersioningCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  type CephRgw,
  findProgram,
  freePort,
  requireProgram,
  startCephRgw,
  temporaryDirectory,
} from '@holdfast/testkit';
import { type ConnectorHarness, type ConnectorScenario, testConnector } from '../sdk/v1/testing.ts';
import { s3Connector } from './connector.ts';
import { bucketPicture } from './testing/bucket-picture.ts';
import { clientOf, makeBucket, sourceOn } from './testing/rgw-fixture.ts';

/** One store for the whole suite; each test has buckets of its own. */
const home = temporaryDirectory({ after }, 'holdfast-rgw-');
let starting: Promise<CephRgw | undefined> | undefined;
let scenarios = 0;

after(async () => {
  await (await starting)?.[Symbol.asyncDispose]();
});

const harness: ConnectorHarness = {
  descriptor: s3Connector,
  async setUp(t) {
    starting ??= startCephRgw(t, home);
    const rgw = await starting;
    if (rgw === undefined)
      throw new Error('this suite needs a store: install radosgw, ceph-mon, ceph-osd and ceph-common');
    return scenario(t, rgw);
  },
};

if (findProgram('radosgw') === undefined) {
  test('s3 keeps the connector contract', (t) => {
    requireProgram(t, 'radosgw');
  });
} else testConnector('s3', harness);

async function scenario(t: TestContext, rgw: CephRgw): Promise<ConnectorScenario> {
  scenarios += 1;
  const prefix = `suite-${scenarios}-`;
  const bucket = `${prefix}a`;
  const client = clientOf(rgw, t);
  await buildBucket(client, bucket);
  const source = sourceOn(rgw, prefix);
  const unreachable = {
    ...source,
    settings: { ...(source.settings as object), endpoint: `http://127.0.0.1:${await freePort()}` },
  };
  const newBucket = { DestinationBucketName: `${prefix}restored`, NewBucket: 'true' };
  return {
    source,
    directory: temporaryDirectory(t),
    expectedTags: { team: 'blue' },
    unreachable,
    newResourceMetadata: (stated) => ({ ...stated, ...newBucket }),
    existingResourceMetadata: (stated) => stated,
    invalidMetadata: [
      { change: { DestinationBucketName: undefined }, message: /DestinationBucketName/ },
      { change: { DestinationBucketName: 'Not a name' }, message: /DestinationBucketName/ },
      { change: { NewBucket: undefined }, message: /NewBucket/ },
      { change: { NewBucket: 'yes' }, message: /NewBucket/ },
      { change: { Encrypted: undefined }, message: /Encrypted/ },
      { change: { EncryptionType: 'SSE-S3' }, message: /Encrypted/ },
      { change: { EncryptionType: 'rot13' }, message: /EncryptionType/ },
      { change: { KMSKey: 'alias/mine' }, message: /KMSKey/ },
      { change: { CreationToken: '' }, message: /CreationToken/ },
      { change: { ItemsToRestore: 'plan.txt' }, message: /ItemsToRestore.*JSON/ },
      { change: { itemsToRestore: '[]' }, message: /ItemsToRestore.*1 to 5/ },
      { change: { ItemsToRestore: '["1","2","3","4","5","6"]' }, message: /ItemsToRestore.*1 to 5/ },
      { change: { RestoreTime: 'yesterday' }, message: /RestoreTime/ },
      { change: { note: 'x'.repeat(201 * 1024) }, message: /200 KB/ },
    ],
    async change() {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'plan.txt', Body: 'another plan' }));
    },
    async makeUnreadable() {
      const customerKey = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: Buffer.alloc(32, 7).toString('base64') };
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'sealed', Body: 'x', ...customerKey }));
      return { issueMentions: /sealed.*SSE-C/ };
    },
    async takeAway() {
      const VersioningConfiguration = { Status: 'Suspended' } as const;
      await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    },
    contentOfSource: () => bucketPicture(client, bucket),
    contentOfRestore: (_outcome, resource) => bucketPicture(client, resource?.name ?? bucket),
  };
}

async function buildBucket(client: S3Client, bucket: string): Promise<void> {
  await makeBucket(client, bucket, { team: 'blue' });
  const put = (Key: string, Body: string | Buffer, more: object = {}) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...more }));
  await put('plan.txt', 'the plan', { ContentType: 'text/plain', Metadata: { author: 'me' }, Tagging: 'kind=plan' });
  await put('projects/notes', 'notes');
  await put('projects/data', Buffer.alloc(100_000, 'data'), { ACL: 'public-read' });
  await put('empty', Buffer.alloc(0));
}
