import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { CreateBucketCommand, PutBucketTaggingCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { type CephRgw, startCephRgw, temporaryDirectory } from '@holdfast/testkit';
import type { Connector, ConnectorContext } from '../../sdk/v1/connector.ts';
import { createConnectorRegistry, type SourceDeclaration } from '../../sdk/v1/connector-registry.ts';
import { testConnectorContext } from '../../sdk/v1/testing.ts';
import { realSurroundings, type Surroundings } from '../connection.ts';
import { s3ConnectorIn } from '../connector.ts';

/** A store that the tests of one file share, and a client of it. */
export interface SharedStore {
  readonly rgw: CephRgw;
  readonly client: S3Client;
}

type Suite = Pick<TestContext, 'after' | 'skip'>;

/** Starts a real store; undefined when it is not installed and the test was skipped. */
export async function sharedStore(t: TestContext): Promise<SharedStore | undefined> {
  const rgw = await startCephRgw(t, temporaryDirectory(t, 'holdfast-rgw-'));
  if (rgw === undefined) return undefined;
  t.after(() => rgw[Symbol.asyncDispose]());
  return { rgw, client: clientOf(rgw, t) };
}

export function clientOf(
  rgw: Pick<CephRgw, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'>,
  t: Suite,
): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey } = rgw;
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  t.after(() => client.destroy());
  return client;
}

/** A source that sees the buckets whose names begin with `prefix`. */
export function sourceOn(
  rgw: Pick<CephRgw, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'>,
  prefix: string,
  settings: Readonly<Record<string, unknown>> = {},
): SourceDeclaration {
  return {
    kind: 's3',
    name: 'store',
    accountId: '123456789012',
    region: 'us-east-1',
    settings: {
      endpoint: rgw.endpoint,
      region: rgw.region,
      credentials: { accessKeyId: rgw.accessKeyId, secretAccessKey: 'env:SECRET' },
      buckets: { include: [`${prefix}*`] },
      ...settings,
    },
    secret: async () => rgw.secretAccessKey,
  };
}

export async function makeBucket(
  client: S3Client,
  Bucket: string,
  tags: Readonly<Record<string, string>> = {},
): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (TagSet.length > 0) await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
}

export interface OpenSource {
  readonly connector: Connector;
  readonly context: ConnectorContext;
}

/** Opens a source with a context of its own. */
export async function openSource(
  t: TestContext,
  source: SourceDeclaration,
  overrides: Partial<ConnectorContext> = {},
  surroundings: Partial<Surroundings> = {},
): Promise<OpenSource> {
  const context = testConnectorContext(join(temporaryDirectory(t), 'source'), { now: Date.now, ...overrides });
  const descriptor = s3ConnectorIn({ ...realSurroundings, ...surroundings });
  const connector = await createConnectorRegistry([descriptor]).open(source, context);
  t.after(() => connector[Symbol.asyncDispose]());
  return { connector, context };
}
