import assert from 'node:assert/strict';
import { request } from 'node:http';
import { type TestContext, test } from 'node:test';
import {
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { FaultProxy, freePort } from '@holdfast/testkit';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import { decodeState, encodeState } from '../capture-state.ts';
import { bucketFactsOf } from '../object-record.ts';
import { makeBucket, openSource, type SharedStore, sharedStore, sourceOn } from '../testing/rgw-fixture.ts';
import { type StoredBackup, TestVault } from '../testing/vault.ts';
import { type ListenerAddress, stopListening } from './push-listener.ts';

const HOUR_MS = 3_600_000;
const { signal } = new AbortController();

test('A continuous backup of a bucket whose store sends notifications', async (t) => {
  const store = await sharedStore(t);
  if (store === undefined) return;
  await t.test('asks for the versions of what changed only, and knows all of them', (t) => followsHints(t, store));
  await t.test('finds what no notification told, by the next listing', (t) => findsLost(t, store));
  await t.test('lists when somebody listened with a break, and believes no forged push', (t) => breaks(t, store));
  await t.test('leaves nothing at the store when it ends, and stops when its subscription is gone', (t) =>
    ends(t, store),
  );
});

/** A source that hears notifications; proxies count its requests and can lose what the store sends. */
async function world(t: TestContext, { rgw, client }: SharedStore, name: string) {
  const Bucket = `${name}-source`;
  await makeBucket(client, Bucket);
  const address = { host: '127.0.0.1', port: await freePort() };
  t.after(() => stopListening(address));
  const proxy = await FaultProxy.start(t, rgw.endpoint);
  const way = await FaultProxy.start(t, `http://127.0.0.1:${address.port}`);
  const settings = { notifications: { ...address, publicUrl: way.endpoint } };
  const { connector } = await openSource(t, sourceOn({ ...rgw, endpoint: proxy.endpoint }, `${name}-`, settings));
  const vault = await TestVault.make(t);
  const arn = `arn:aws:s3:::${Bucket}`;
  const put = (Key: string, Body: string, more: object = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const backUp = async (parent?: StoredBackup) => {
    proxy.seen.length = 0;
    const stored = await vault.backUp(connector, arn, { keepFromAt: 0, ...(parent && { parent }) });
    const listings = proxy.seen.filter((line) => line.includes('versions'));
    const root = (await vault.itemsOf(stored)).find(({ path }) => path.byteLength === 0);
    assert.ok(root !== undefined);
    const prefixes = listings.map((line) => /prefix=([^&]*)/.exec(line)?.[1] ?? 'everything');
    return { ...stored, listings: prefixes, facts: bucketFactsOf(root) };
  };
  const topics = async () =>
    (await client.send(new GetBucketNotificationConfigurationCommand({ Bucket }))).TopicConfigurations ?? [];
  return { connector, Bucket, address, way, vault, arn, put, backUp, topics, client };
}

/** As many versions as the store has. */
async function assertComplete({ vault, Bucket, client }: World, backup: StoredBackup): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  const found = (await vault.itemsOf(backup)).filter(({ path }) => path.byteLength > 0).length;
  assert.equal(found, Versions.length + DeleteMarkers.length);
}

type World = Awaited<ReturnType<typeof world>>;

/** The backup as it would be if a listing had shown that notifications arrive, which takes longer than a test. */
function proven<Backup extends StoredBackup>(backup: Backup, listedEarlierMs = 0): Backup {
  const state = decodeState(backup.state);
  assert.ok(state?.notifications !== undefined);
  const listedAt = state.notifications.listedAt - listedEarlierMs;
  return {
    ...backup,
    state: encodeState({ ...state, notifications: { ...state.notifications, listedAt, isProven: true } }),
  };
}

async function followsHints(t: TestContext, store: SharedStore): Promise<void> {
  const own = await world(t, store, 'hinted');
  const { put, backUp, client, Bucket } = own;
  const odd = 'ä b/+%20&<x>\n';
  for (const key of ['a', 'a/1', 'a/2', 'b', 'c', odd]) await put(key, `first ${key}`);
  const unproven = await backUp();
  assert.deepEqual((await backUp(unproven)).listings, ['everything'], 'nothing has shown that notifications arrive');
  const first = proven(unproven);
  assert.deepEqual([first.listings, first.facts.capture], [['everything'], 'notifications']);
  await put('a', 'second');
  await put(odd, 'second', { Tagging: 'new=yes' });
  await put('new', 'first');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'b' }));
  const second = await backUp(first);
  assert.deepEqual(
    second.listings.sort(),
    ['a', 'b', 'new', ...[odd, odd.replace('+%20', '  ')].map(encodeURIComponent)].sort(),
  );
  assert.equal(second.facts.listedAt, first.facts.listedAt);
  await assertComplete(own, second);
  assert.ok(second.sealed.statistics.readBytes < 200, `${second.sealed.statistics.readBytes} bytes were read`);
  const third = await backUp(second);
  assert.deepEqual(third.listings, [], 'nothing changed');
  await own.vault.restore(
    own.connector,
    third,
    { DestinationBucketName: 'hinted-back', NewBucket: 'true' },
    { targetAt: first.session.consistentAt },
  );
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: 'hinted-back' }));
  assert.deepEqual(Versions.map(({ Key }) => Key).sort(), ['a', 'a/1', 'a/2', 'b', 'c', odd].sort());
}

async function findsLost(t: TestContext, store: SharedStore): Promise<void> {
  const own = await world(t, store, 'lost');
  const { put, backUp, way } = own;
  await put('a', 'first');
  const first = proven(await backUp());
  way.fault = () => 'broken-connection';
  await put('b', 'not told');
  assert.equal(way.seen.length, 1, 'the store tried');
  way.fault = () => undefined;
  const second = await backUp(first);
  assert.deepEqual(second.listings, []);
  const third = await backUp(proven(second, HOUR_MS));
  assert.deepEqual(third.listings, ['everything']);
  await assertComplete(own, third);
  assert.equal((await backUp(third)).facts.listedAt, third.facts.listedAt, 'notifications go on after it');
}

async function breaks(t: TestContext, store: SharedStore): Promise<void> {
  const own = await world(t, store, 'broken');
  const { put, backUp, address, arn } = own;
  await put('a', 'first');
  const first = await backUp();
  await stopListening(address);
  await put('b', 'told to nobody');
  const unproven = await backUp(proven(first));
  assert.deepEqual(unproven.listings, ['everything'], 'nobody listened for a while');
  await assertComplete(own, unproven);
  const second = proven(unproven);

  const body = JSON.stringify({ Records: [{ s3: { object: { key: 'forged' } } }] });
  const push = (path: string, text = body, method = 'POST') => answerTo(address, path, text, method);
  for (const path of ['/', `/${'A'.repeat(43)}`, `/${decodeState(second.state)?.notifications?.name}`, `/../${arn}`]) {
    assert.deepEqual([await push(path), await push(path, '', 'GET')], [404, 404], path);
  }
  const path = own.way.seen.at(-1)?.split(' ')[1] ?? '';
  assert.deepEqual([await push(path, 'no JSON'), await push(path, '{"Records":[{}]}')], [400, 400]);
  // The connection may be gone before all was sent.
  assert.match(String(await push(path, 'x'.repeat(2 ** 21))), /^(400|ECONNRESET|EPIPE)$/);
  assert.deepEqual((await backUp(second)).listings, []);
  // Whoever knows the token can make the service ask for keys, and no more.
  assert.equal(await push(path), 200);
  const third = await backUp(second);
  assert.deepEqual(third.listings, ['forged']);
  await assertComplete(own, third);
}

/** The status, or why no answer came; each request on a connection of its own. */
function answerTo(address: ListenerAddress, path: string, text: string, method: string): Promise<number | string> {
  return new Promise((resolve) => {
    const outgoing = request({ ...address, path, method, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    outgoing.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    outgoing.end(method === 'GET' ? undefined : text);
  });
}

async function ends(t: TestContext, store: SharedStore): Promise<void> {
  const own = await world(t, store, 'ending');
  const { put, backUp, topics, Bucket, connector, arn, client } = own;
  await put('a', 'first');
  const first = await backUp();
  const [entry] = await topics();
  assert.equal(entry?.TopicArn, decodeState(first.state)?.notifications?.topicArn);
  await connector.endVersionCapture?.(arn, first.state, signal);
  assert.deepEqual(await topics(), []);
  await connector.endVersionCapture?.(arn, first.state, signal);

  await backUp();
  // What a capture made that was never stored goes as well, and what others made stays.
  assert.ok(entry !== undefined);
  const foreign = { ...entry, Id: 'of-somebody-else' };
  const NotificationConfiguration = { TopicConfigurations: [foreign] };
  await client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  await connector.endVersionCapture?.(arn, undefined, signal);
  assert.deepEqual(
    (await topics()).map(({ Id }) => Id),
    ['of-somebody-else'],
  );
  await assert.rejects(backUp(first), (error) => {
    assert.ok(error instanceof ConnectorError);
    assert.deepEqual([error.class, /were removed/.test(error.message)], ['denied', true]);
    return true;
  });
}
