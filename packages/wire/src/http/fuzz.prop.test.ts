/** Whatever comes in, the answer is a clean 2xx or 4xx, and the server lives on. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fc } from '@holdfast/testkit/properties';
import { implement } from '../handling/handler.ts';
import { compileService } from '../model/compile-service.ts';
import { backup } from '../services/backup.ts';
import { iam } from '../services/iam.ts';
import { sampleStructure } from '../testing/sample-values.ts';
import { signedRequest } from '../testing/signed-request.ts';
import { type TestWire, testWire } from '../testing/test-wire.ts';

const operations = [...compileService(backup).operations.values()];
const actions = [...compileService(iam).operations.values()];
let wire: TestWire;

before(async () => {
  const echo = async () => ({});
  const handlers = (names: readonly { name: string }[]) => new Map(names.map(({ name }) => [name, echo]));
  wire = await testWire([
    { ...implement(backup, {}), handlers: handlers(operations) },
    { ...implement(iam, {}), handlers: handlers(actions) },
  ]);
});
after(() => wire[Symbol.asyncDispose]());

async function statusOf(request: Request): Promise<number> {
  const response = await fetch(request);
  await response.arrayBuffer();
  assert.ok(response.headers.has('x-amzn-requestid'));
  return response.status;
}

function assertClean(status: number): void {
  assert.ok(status < 500 && status >= 200, `status ${status}: ${JSON.stringify(wire.logged.at(-1))}`);
}

/** JSON near what an operation expects: its own sample with a part exchanged. */
const disturbed = fc.tuple(fc.constantFrom(...operations), fc.jsonValue(), fc.nat()).map(([operation, value, seed]) => {
  const sample = sampleStructure(operation.input);
  const names = Object.keys(sample);
  const name = names[seed % Math.max(1, names.length)];
  if (name !== undefined) sample[name] = value;
  return { operation, body: JSON.stringify(sample) };
});

test('restJson1 bodies with any part exchanged', async () => {
  await fc.assert(
    fc.asyncProperty(disturbed, async ({ operation, body }) => {
      const path = operation.uriPattern.replace(/\{[^}]*\}/g, 'abc').split('?')[0] ?? '/';
      const hasBody = operation.method !== 'GET';
      const parts = { endpoint: wire.endpoint, method: operation.method, path, ...(hasBody ? { body } : {}) };
      assertClean(await statusOf(await signedRequest(parts)));
    }),
    { numRuns: 300 },
  );
});

test('any path and query', async () => {
  const segment = fc.oneof(
    fc.string({ unit: 'binary' }).map(encodeURIComponent),
    fc.constantFrom('backup-vaults', 'tags', 'resources', 'backup', 'plans'),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(segment),
      fc.dictionary(fc.constantFrom('maxResults', 'nextToken', 'createdAfter', 'x'), fc.string({ unit: 'binary' })),
      async (segments, query) => {
        const path = `/${segments.filter((part) => !/^\.*$/.test(part)).join('/')}`;
        assertClean(await statusOf(await signedRequest({ endpoint: wire.endpoint, path, query })));
      },
    ),
    { numRuns: 300 },
  );
});

test('any form of the query protocol', async () => {
  const name = fc
    .array(fc.constantFrom('Tags', 'member', '1', '2', 'Key', 'UserName', 'MaxItems', '__proto__', '-1'), {
      minLength: 1,
    })
    .map((steps) => steps.join('.'));
  const fields = fc.array(fc.tuple(name, fc.string({ unit: 'binary' })));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...actions), fields, async (action, entries) => {
      const body = new URLSearchParams([['Action', action.name], ['Version', '2010-05-08'], ...entries]).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      assertClean(
        await statusOf(await signedRequest({ endpoint: wire.endpoint, method: 'POST', service: 'iam', headers, body })),
      );
    }),
    { numRuns: 300 },
  );
});

test('any Authorization header', async () => {
  const part = fc.constantFrom(
    'AWS4-HMAC-SHA256 ',
    'Credential=',
    'A/20260115/us-east-1/backup/aws4_request',
    ', ',
    'SignedHeaders=',
    'host',
    'Signature=',
    '0'.repeat(64),
    '/',
    ';',
    '%',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part), async (parts) => {
      const headers = { authorization: `x${parts.join('')}`.slice(1) || 'x', 'x-amz-date': '20260115T120000Z' };
      const status = await statusOf(new Request(wire.endpoint, { headers }));
      assert.ok(status === 400 || status === 403, String(status));
    }),
    { numRuns: 300 },
  );
});
