import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { implement } from '../handling/handler.ts';
import { backup } from '../services/backup.ts';
import { sts } from '../services/sts.ts';
import { presignedRequest, type RequestToSign, signedRequest } from '../testing/signed-request.ts';
import { TEST_ACCESS_KEY_ID, TEST_SECRET, type TestWire, testWire } from '../testing/test-wire.ts';

const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);
const MINUTE = 60_000;
const TEMPORARY = { accessKeyId: 'ASIATEMPORARY0000001', secretAccessKey: 'temporary', sessionToken: 'token==/+' };
const EXPIRED = { accessKeyId: 'ASIAEXPIRED000000001', secretAccessKey: 'expired', sessionToken: 'old' };

let wire: TestWire;

before(async () => {
  const principal = {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::1:assumed-role/r/s',
    accountId: '123456789012',
    userId: 'AROA:s',
  } as const;
  wire = await testWire(
    [
      implement(backup, {
        ListTags: async ({ ResourceArn }) => ({ Tags: { arn: ResourceArn } }),
        ListBackupJobs: async () => ({}),
      }),
      implement(sts, { GetCallerIdentity: async (_input, { principal: { arn } }) => ({ Arn: arn }) }),
    ],
    {
      clock: { now: () => NOW },
      acceptsRegion: (region) => region !== 'mars-north-1',
      credentials: {
        [TEMPORARY.accessKeyId]: { ...TEMPORARY, principal, expiresAt: NOW + 1 },
        [EXPIRED.accessKeyId]: { ...EXPIRED, principal, expiresAt: NOW },
      },
    },
  );
});
after(() => wire[Symbol.asyncDispose]());

type Parts = Omit<RequestToSign, 'endpoint'>;

async function outcome(request: Request): Promise<string> {
  const response = await fetch(request);
  const text = await response.text();
  const code = response.headers.get('x-amzn-errortype');
  assert.match(response.headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/);
  if (code !== null) assert.ok(text.includes(code), `${text} tells ${code}`);
  return code === null ? String(response.status) : `${response.status} ${code}`;
}

const signed = async (parts: Parts = {}) =>
  signedRequest({ endpoint: wire.endpoint, path: '/backup-jobs', signedAt: NOW, ...parts });
const presigned = async (parts: Parts = {}, expiresIn = 60) =>
  presignedRequest({ endpoint: wire.endpoint, path: '/backup-jobs', signedAt: NOW, ...parts }, expiresIn);
const query = (parts: Parts = {}): Parts => ({
  method: 'POST',
  path: '/',
  service: 'sts',
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  body: 'Action=GetCallerIdentity&Version=2011-06-15',
  ...parts,
});

async function altered(request: Request, change: (headers: Headers) => void): Promise<Request> {
  const headers = new Headers(request.headers);
  change(headers);
  return new Request(request, { headers });
}

test('a signed request is let in, in the header form and in the query form', async () => {
  assert.equal(await outcome(await signed()), '200');
  assert.equal(await outcome(await signed(query())), '200');
  assert.equal(await outcome(await presigned()), '200');
  const parameters = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  assert.equal(await outcome(await presigned({ path: '/', service: 'sts', query: parameters })), '200');
});

test('an ARN in the path is signed as it was encoded, and clients may drop empty segments before signing', async () => {
  const path = `/tags/${encodeURIComponent("arn:aws:ec2:us-east-1::snapshot/snap 1*'(!)+%")}`;
  assert.equal(await outcome(await signed({ path })), '200');
  assert.equal(await outcome(await presigned({ path })), '200');
  assert.equal(await outcome(await signed({ path: '//backup-jobs' })), '400 InvalidAction');
});

test('query parameters are signed sorted and strictly encoded', async () => {
  const parameters = {
    state: 'RUNNING',
    messageCategory: "SAP HANA *'()!~",
    accountId: '*',
    createdAfter: '2024-01-01T00:00:00+02:00',
  };
  assert.equal(await outcome(await signed({ query: parameters })), '200');
});

test('white space in signed headers and several values count as the client meant them', async () => {
  const request = await signed({ headers: { 'x-note': '  a   b  ' } });
  request.headers.set('x-note', 'a   b');
  assert.equal(await outcome(request), '200');
});

test('unsigned requests lack a token, each protocol in its own words', async () => {
  assert.equal(await outcome(new Request(`${wire.endpoint}/backup-jobs`)), '403 MissingAuthenticationTokenException');
  const form = { method: 'POST', body: new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' }) };
  assert.equal(await outcome(new Request(wire.endpoint, form)), '403 MissingAuthenticationToken');
});

test('what is not a whole signature is incomplete', async () => {
  const headers = [
    'Bearer abc',
    'AWS4-HMAC-SHA256',
    'AWS4-HMAC-SHA256 Credential=AKID, SignedHeaders=host, Signature=00',
    `AWS4-HMAC-SHA256 Credential=A/20260115/us-east-1/backup/aws4_request, SignedHeaders=host`,
    `AWS4-HMAC-SHA256 Credential=A/20260115/us-east-1/backup/aws4_request, SignedHeaders=host, Signature=zz`,
    `AWS4-ECDSA-P256-SHA256 Credential=A/20260115/backup/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    `AWS4-HMAC-SHA256 Credential=A/20260115/us-east-1/backup/aws5_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
  ];
  for (const authorization of headers) {
    const request = new Request(`${wire.endpoint}/backup-jobs`, {
      headers: { authorization, 'x-amz-date': '20260115T120000Z' },
    });
    assert.equal(await outcome(request), '400 IncompleteSignature', authorization);
  }
  const withoutDate = await altered(await signed(), (all) => all.delete('x-amz-date'));
  assert.equal(await outcome(withoutDate), '400 IncompleteSignature');
  assert.equal(await outcome(new Request(`${wire.endpoint}/?X-Amz-Signature=1`)), '400 IncompleteSignature');
});

test('a key that is not known has no valid token', async () => {
  const credentials = { accessKeyId: 'AKIANOBODY0000000001', secretAccessKey: TEST_SECRET };
  assert.equal(await outcome(await signed({ credentials })), '403 UnrecognizedClientException');
  assert.equal(await outcome(await signed(query({ credentials }))), '403 InvalidClientTokenId');
});

test('a wrong secret and every change after signing break the signature', async () => {
  const wrong = { accessKeyId: TEST_ACCESS_KEY_ID, secretAccessKey: 'wrong' };
  assert.equal(await outcome(await signed({ credentials: wrong })), '403 InvalidSignatureException');
  assert.equal(await outcome(await signed(query({ credentials: wrong }))), '403 SignatureDoesNotMatch');
  const request = await signed();
  const changes = [
    new Request(`${wire.endpoint}/backup-jobs?state=RUNNING`, request),
    new Request(`${wire.endpoint}/backup-job`, request),
    new Request(`${wire.endpoint}/backup-jobs`, { method: 'DELETE', headers: request.headers }),
    new Request(`${wire.endpoint}/backup-jobs`, { method: 'POST', headers: request.headers, body: 'x' }),
    await altered(request, (all) => all.set('x-amz-date', '20260115T120001Z')),
  ];
  for (const change of changes) assert.equal(await outcome(change), '403 InvalidSignatureException');
});

test('the payload must be signed, and a declared hash must be its own', async () => {
  const parts = { method: 'PUT', path: '/backup-jobs', body: '{}' };
  const declared = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  assert.equal(await outcome(await signed({ ...parts, headers: declared })), '403 InvalidSignatureException');
});

test('requests older or younger than 15 minutes have expired', async () => {
  assert.equal(await outcome(await signed({ signedAt: NOW - 15 * MINUTE })), '200');
  assert.equal(await outcome(await signed({ signedAt: NOW + 15 * MINUTE })), '200');
  assert.equal(await outcome(await signed({ signedAt: NOW - 15 * MINUTE - 1000 })), '400 RequestExpired');
  assert.equal(await outcome(await signed({ signedAt: NOW + 15 * MINUTE + 1000 })), '400 RequestExpired');
});

test('a presigned URL lives for its time and 15 minutes more', async () => {
  assert.equal(await outcome(await presigned({ signedAt: NOW - 60 * MINUTE }, 3600)), '200');
  assert.equal(await outcome(await presigned({ signedAt: NOW - 20 * MINUTE }, 60)), '400 RequestExpired');
  assert.equal(await outcome(await presigned({ signedAt: NOW + 20 * MINUTE }, 3600)), '400 RequestExpired');
});

test('temporary keys need precisely their token and their time', async () => {
  assert.equal(await outcome(await signed({ credentials: TEMPORARY })), '200');
  assert.equal(await outcome(await presigned({ credentials: TEMPORARY })), '200');
  const { sessionToken: _token, ...without } = TEMPORARY;
  assert.equal(await outcome(await signed({ credentials: without })), '403 UnrecognizedClientException');
  assert.equal(
    await outcome(await signed({ credentials: { ...TEMPORARY, sessionToken: 'other' } })),
    '403 UnrecognizedClientException',
  );
  assert.equal(await outcome(await signed({ credentials: EXPIRED })), '403 ExpiredTokenException');
  assert.equal(await outcome(await signed(query({ credentials: EXPIRED }))), '403 ExpiredToken');
  const lasting = { accessKeyId: TEST_ACCESS_KEY_ID, secretAccessKey: TEST_SECRET, sessionToken: 'surplus' };
  assert.equal(await outcome(await signed({ credentials: lasting })), '403 UnrecognizedClientException');
});

test('the scope must name a region and a service that are here', async () => {
  assert.equal(await outcome(await signed({ region: 'mars-north-1' })), '403 InvalidSignatureException');
  assert.equal(await outcome(await signed({ service: 'lambda' })), '400 InvalidAction');
});
