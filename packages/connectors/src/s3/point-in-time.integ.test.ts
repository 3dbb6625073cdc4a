import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { makeBucket, openSource, type SharedStore, sharedStore, sourceOn } from './testing/rgw-fixture.ts';
import { type StoredBackup, TestVault } from './testing/vault.ts';

const ACCOUNTS = ['a', 'b/1', 'b-1', 'c'];

test('A continuous backup of a bucket', async (t) => {
  const store = await sharedStore(t);
  if (store === undefined) return;
  await t.test('brings back every second of the window under a load of writes', (t) => underLoad(t, store));
  await t.test('keeps what was removed for good as long as the window needs it', (t) => keepsRemoved(t, store));
});

/** Writes rounds without end: round n is written to all accounts in turn, and one object lives every other round only. */
class Load {
  readonly #client: S3Client;
  readonly #bucket: string;
  #stopped = false;
  round = 0;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      this.round += 1;
      for (const account of ACCOUNTS) await this.#put(account);
      if (this.round % 2 === 1) await this.#put('odd');
      else await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: 'odd' }));
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async #put(Key: string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key, Body: String(this.round) }));
  }
}

async function contents(client: S3Client, Bucket: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const Key of [...ACCOUNTS, 'odd']) {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      found[Key] = Number(await Body?.transformToString());
    } catch (error) {
      if (!(error instanceof Error && error.name === 'NoSuchKey')) throw error;
    }
  }
  return found;
}

/** What a write order of accounts one after the other allows to be seen at one moment. */
function assertConsistent(seen: Record<string, number>, at: string): void {
  const rounds = ACCOUNTS.map((account) => seen[account] ?? 0);
  const [first = 0, last = 0] = [rounds[0], rounds.at(-1)];
  const text = `${at}: ${JSON.stringify(seen)}`;
  assert.ok(first - last <= 1, text);
  for (let index = 1; index < rounds.length; index += 1) {
    assert.ok((rounds[index - 1] ?? 0) >= (rounds[index] ?? 0), text);
  }
  // `odd` is written at the end of odd rounds and removed at the end of even ones.
  if (first === last && seen['odd'] !== undefined) assert.ok(seen['odd'] === last || seen['odd'] === last - 1, text);
}

async function* everything(client: S3Client, Bucket: string) {
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (marker !== undefined) {
    const page: ListObjectVersionsOutput = await client.send(new ListObjectVersionsCommand({ Bucket, ...marker }));
    yield* page.Versions ?? [];
    for (const { Key, LastModified } of page.DeleteMarkers ?? []) yield { Key, LastModified, ETag: undefined };
    const { NextKeyMarker, NextVersionIdMarker } = page;
    marker = page.IsTruncated === true ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : undefined;
  }
}

/** The current versions at a moment, as the store itself knows them at the end. */
async function expectedAt(client: S3Client, Bucket: string, targetAt: number): Promise<Record<string, string>> {
  const newest = new Map<string, { at: number; etag: string | undefined }>();
  for await (const entry of everything(client, Bucket)) {
    const at = entry.LastModified?.getTime() ?? 0;
    const { Key = '' } = entry;
    if (at > targetAt || at < (newest.get(Key)?.at ?? 0)) continue;
    newest.set(Key, { at, etag: entry.ETag });
  }
  const live = [...newest].filter(([, { etag }]) => etag !== undefined);
  return Object.fromEntries(live.map(([key, { etag }]) => [key, etag ?? '']));
}

async function etagsOf(client: S3Client, Bucket: string): Promise<Record<string, string>> {
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  return Object.fromEntries(Versions.map(({ Key = '', ETag = '' }) => [Key, ETag]));
}

async function underLoad(t: TestContext, { rgw, client }: SharedStore): Promise<void> {
  const Bucket = 'load-source';
  await makeBucket(client, Bucket);
  const load = new Load(client, Bucket);
  const running = load.run();
  const { connector } = await openSource(t, sourceOn(rgw, 'load-'));
  const vault = await TestVault.make(t);
  const backups: StoredBackup[] = [];
  try {
    for (let count = 0; count < 4; count += 1) {
      const parent = backups.at(-1);
      const options = { keepFromAt: 0, ...(parent === undefined ? {} : { parent }) };
      backups.push(await vault.backUp(connector, `arn:aws:s3:::${Bucket}`, options));
    }
  } finally {
    load.stop();
    await running;
  }
  const [first, last] = [backups[0]?.session.consistentAt ?? 0, backups.at(-1)?.session.consistentAt ?? 0];
  assert.ok(last - first >= 3000, 'a window of seconds');
  const newest = backups.at(-1);
  assert.ok(newest !== undefined && load.round > 1);
  for (const [index, targetAt] of [first, first + 1000, first + 1500, last - 1000, last].entries()) {
    const into = `load-restored-${index}`;
    const metadata = { DestinationBucketName: into, NewBucket: 'true' };
    const { issues } = await vault.restore(connector, newest, metadata, { targetAt });
    assert.deepEqual(issues, []);
    const at = new Date(targetAt).toISOString();
    assert.deepEqual(await etagsOf(client, into), await expectedAt(client, Bucket, targetAt), at);
    assertConsistent(await contents(client, into), at);
  }
  // A snapshot tells its own moment, although the source went on while it was made.
  await vault.restore(connector, newest, { DestinationBucketName: 'load-snapshot', NewBucket: 'true' });
  assert.deepEqual(await etagsOf(client, 'load-snapshot'), await expectedAt(client, Bucket, last));
  await assert.rejects(
    vault.restore(
      connector,
      newest,
      { DestinationBucketName: 'load-later', NewBucket: 'true' },
      { targetAt: last + 1 },
    ),
    /knows the bucket until/,
  );
}

async function keepsRemoved(t: TestContext, { rgw, client }: SharedStore): Promise<void> {
  const Bucket = 'purged-source';
  await makeBucket(client, Bucket);
  const put = async (Key: string, Body: string) =>
    (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? '';
  await put('doc', 'one');
  const two = await put('doc', 'two');
  const only = await put('only', 'gone for good');
  const { connector } = await openSource(t, sourceOn(rgw, 'purged-'));
  const vault = await TestVault.make(t);
  const arn = `arn:aws:s3:::${Bucket}`;
  const first = await vault.backUp(connector, arn, { keepFromAt: 0 });
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'doc', VersionId: two }));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'only', VersionId: only }));
  const second = await vault.backUp(connector, arn, { keepFromAt: 0, parent: first });
  const third = await vault.backUp(connector, arn, { keepFromAt: 0, parent: second });
  const [before = 0, after = 0] = [first.session.consistentAt, second.session.consistentAt];
  const restore = async (into: string, targetAt: number) => {
    await vault.restore(connector, third, { DestinationBucketName: into, NewBucket: 'true' }, { targetAt });
    return contentsOf(client, into);
  };
  assert.deepEqual(await restore('purged-before', before), { doc: 'two', only: 'gone for good' });
  assert.deepEqual(await restore('purged-after', after), { doc: 'one' });
  // Once the window begins after the removal, nothing can ask for it any more.
  const fourth = await vault.backUp(connector, arn, { keepFromAt: after + 1, parent: third });
  assert.equal(fourth.sealed.statistics.itemCount, 2);
  const snapshot = await vault.backUp(connector, arn, { parent: third });
  assert.equal(snapshot.sealed.statistics.itemCount, 2, 'a snapshot carries nothing on');
}

async function contentsOf(client: S3Client, Bucket: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const Key of Object.keys(await etagsOf(client, Bucket))) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    found[Key] = (await Body?.transformToString()) ?? '';
  }
  return found;
}
