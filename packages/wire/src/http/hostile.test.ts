import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { implement } from '../handling/handler.ts';
import { backup } from '../services/backup.ts';
import { sts } from '../services/sts.ts';
import { type RequestToSign, signedRequest } from '../testing/signed-request.ts';
import { type TestWire, testWire } from '../testing/test-wire.ts';

let wire: TestWire;
const aborted = Promise.withResolvers<void>();

before(async () => {
  wire = await testWire(
    [
      implement(backup, {
        CreateBackupVault: async ({ BackupVaultName }) => ({ BackupVaultName }),
        ListBackupJobs: async () => ({}),
        ListBackupPlans: async () => Promise.reject(new Error('secret detail')),
        ListCopyJobs: async (_input, { signal }) => {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
          aborted.resolve();
          return {};
        },
      }),
      implement(sts, {}),
    ],
    { maxBodyBytes: 100_000, bodyTimeoutMs: 200, handlerTimeoutMs: 200 },
  );
});
after(() => wire[Symbol.asyncDispose]());

async function send(
  parts: Omit<RequestToSign, 'endpoint'>,
): Promise<{ status: number; code: string | null; text: string }> {
  const response = await fetch(await signedRequest({ endpoint: wire.endpoint, ...parts }));
  assert.ok(response.headers.has('x-amzn-requestid'));
  return { status: response.status, code: response.headers.get('x-amzn-errortype'), text: await response.text() };
}

/** Writes bytes to the port and returns all that comes back until the server closes, or until `enough` says so. */
function raw(text: string, enough: (answer: string) => boolean = () => false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(wire.endpoint).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
      if (enough(answer)) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

const vault = (body: string, headers: Record<string, string> = {}) =>
  send({
    method: 'PUT',
    path: '/backup-vaults/abc',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

test('bodies that are not JSON objects are refused as malformed or of the wrong type', async () => {
  for (const body of ['{', '{"a":}', 'null,', '\u0000', '{"BackupVaultTags":{"a":"b"}', `${'['.repeat(50_000)}`]) {
    assert.equal((await vault(body)).code, 'ValidationError', body.slice(0, 20));
  }
  for (const body of [
    '[]',
    '"x"',
    '1',
    'null',
    '{"BackupVaultTags":[]}',
    '{"BackupVaultTags":{"a":1}}',
    '{"EncryptionKeyArn":{}}',
  ]) {
    assert.equal((await vault(body)).code, 'InvalidRequestException', body);
  }
});

test('unknown members, nulls and names from prototypes are ignored or kept as data', async () => {
  const body =
    '{"Unknown":{"x":[1]},"EncryptionKeyArn":null,"constructor":1,"__proto__":{"CreatorRequestId":3},"BackupVaultTags":{"__proto__":"a","constructor":"b"}}';
  assert.equal((await vault(body)).status, 200);
  const tags = wire.audited.at(-1)?.requestParameters();
  assert.ok(tags !== undefined && !('CreatorRequestId' in tags));
});

test('a body over the limit is refused with 413, small and huge ones alike', async () => {
  assert.equal((await vault(`{"x":"${'a'.repeat(100_000)}"}`)).status, 413);
  const huge = await raw(`PUT /backup-vaults/abc HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760000\r\n\r\n`);
  assert.match(huge, /^HTTP\/1.1 413 [\s\S]*x-amzn-requestid: [\s\S]*RequestEntityTooLarge/);
  assert.equal((await vault('a'.repeat(6_000_000))).status, 413);
});

test('a body that does not arrive in time is refused with 408', async () => {
  const answer = await raw('PUT /backup-vaults/abc HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{');
  assert.match(answer, /^HTTP\/1.1 408 [\s\S]*connection: close/i);
});

test('absurd paths, methods and encodings are refused', async () => {
  const paths = [
    '/nowhere',
    '/backup-vaults',
    `/${'a/'.repeat(2000)}`,
    `/tags/${'x'.repeat(9000)}`,
    '/%00',
    '/backup-vaults/..%2f..',
    '/backup/plans//selections',
  ];
  for (const path of paths)
    assert.equal((await send({ path, method: 'POST' })).code, 'InvalidAction', path.slice(0, 40));
  for (const path of ['/backup-vaults/%zz', '/backup-vaults/%', '/backup-vaults/%ff%fe']) {
    assert.equal((await send({ path, method: 'PUT', body: '{}' })).code, 'ValidationError', path);
  }
  assert.equal((await send({ path: '/backup-jobs', method: 'PATCH' })).code, 'InvalidAction');
  assert.match(
    await raw('GET /backup-jobs?a=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1.1 400 [\s\S]*ValidationError/,
  );
  assert.match(await raw('GET http://x/../../etc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /^HTTP\/1.1 403 /);
  assert.match(await raw('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /^HTTP\/1.1 403 /);
});

test('dots in the path never reach a route', async () => {
  const answer = await raw('GET /backup-vaults/../backup-jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.match(answer, /^HTTP\/1.1 403 /);
});

test('values of the wrong kind in query strings are named', async () => {
  const { code, text } = await send({ path: '/backup-jobs', query: { maxResults: 'many' } });
  assert.equal(code, 'InvalidRequestException');
  assert.match(text, /'MaxResults' must be a number/);
  assert.equal(
    (await send({ path: '/backup-jobs', query: { createdAfter: 'yesterday' } })).code,
    'InvalidRequestException',
  );
  assert.equal(
    (await send({ path: '/backup-jobs', query: { maxResults: '1001' } })).code,
    'InvalidParameterValueException',
  );
  assert.equal(
    (await send({ path: '/backup-jobs', query: { maxResults: '1.5' } })).code,
    'InvalidParameterValueException',
  );
  assert.equal(
    (await send({ path: '/backup-jobs', query: { MAXRESULTS: '10', createdafter: '1516925490' } })).status,
    200,
  );
});

test('wrong content types and encodings end in 4xx or are read for what they hold', async () => {
  assert.equal((await vault('{}', { 'content-type': 'text/html' })).status, 200);
  assert.equal((await vault('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).code, 'ValidationError');
  assert.equal((await vault('{}', { 'content-encoding': 'gzip' })).status, 415);
  const bad = await send({
    method: 'POST',
    service: 'sts',
    body: 'Action=Get%ZZ',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  assert.equal(bad.status, 400);
  const deep = `Action=AssumeRole&Version=2011-06-15&${'a.'.repeat(500)}a=1`;
  const form = { method: 'POST', service: 'sts', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  // The operation has no handler here, so its parameters are not looked at.
  assert.equal((await send({ ...form, body: deep })).code, 'UnsupportedOperationException');
  assert.equal((await send({ ...form, body: `Action=Nothing&${'a=1&'.repeat(20_000)}` })).status, 400);
});

test('a header bomb is refused by the server', async () => {
  const answer = await raw(`GET / HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(20_000)}\r\n`).catch(
    () => 'HTTP/1.1 431',
  );
  assert.match(answer, /^HTTP\/1.1 4\d\d/);
});

test('what is no HTTP is refused with an answer that has an ID', async () => {
  for (const text of [
    'nonsense\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n',
  ]) {
    assert.match(await raw(text), /^HTTP\/1.1 400 [\s\S]*x-amzn-requestid: [\s\S]*ValidationError/);
  }
});

test('an unforeseen error is answered without its details and logged with them', async () => {
  const { status, text } = await send({ path: '/backup/plans/' });
  assert.equal(status, 500);
  assert.doesNotMatch(text, /secret detail/);
  assert.match(JSON.stringify(wire.logged.at(-1)), /secret detail/);
});

test('a handler that takes too long is answered for and told', async () => {
  const { status, code } = await send({ path: '/copy-jobs' });
  assert.deepEqual([status, code], [503, 'ServiceUnavailable']);
  await aborted.promise;
});

test('clients that hang up in the middle leave no trace', async () => {
  for (const text of [
    'PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{',
    'GET / HT',
    'PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(wire.endpoint).port), '127.0.0.1', () =>
        socket.write(text, () => socket.destroy()),
      );
      socket.on('close', () => resolve());
    });
  }
  assert.equal((await send({ path: '/backup-jobs' })).status, 200);
});
