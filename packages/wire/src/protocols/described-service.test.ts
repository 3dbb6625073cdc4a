import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StaticErrorSchema } from '@smithy/types';
import { implement } from '../handling/handler.ts';
import { ServiceError } from '../handling/service-error.ts';
import * as d from '../model/describe.ts';
import { defineService } from '../model/service.ts';
import { type RequestToSign, signedRequest } from '../testing/signed-request.ts';
import { testWire } from '../testing/test-wire.ts';

const Choice = d.union('Choice', { Text: d.string(), Number: d.integer() });
const rest = defineService({
  name: 'holdfast',
  protocols: ['restJson1'],
  apiVersion: '2026-01-01',
  schemas: {
    GetFile: d.operation('GetFile', {
      http: ['GET', '/files/{Path+}', 200],
      input: d.structure('GetFileInput', {
        Path: d.label(d.string()),
        Since: d.query('since', d.timestamp()),
        Kinds: d.query('kind', d.list(d.enumeration('a', 'b'))),
        Note: d.header('X-Note', d.string()),
      }),
      output: d.structure('GetFileOutput', { Size: d.header('X-Size', d.integer()), Body: d.payload(d.byteStream()) }),
    }),
    Choose: d.operation('Choose', {
      http: ['PUT', '/choice', 201],
      input: d.structure('ChooseInput', { Choice: d.required(Choice), Anything: d.document(), Data: d.blob() }),
      output: d.structure('ChooseOutput', { Choice, Anything: d.document(), Data: d.blob() }),
    }),
    Busy: d.errorShape('BusyException', 409, { Message: d.string(), RetryAfter: d.integer() }),
  },
});

const rpc = defineService({
  name: 'things',
  protocols: ['awsJson1_1'],
  targetPrefix: 'Things_2026',
  apiVersion: '2026-01-01',
  schemas: {
    CreateThing: d.operation('CreateThing', {
      input: d.structure('CreateThingInput', { Name: d.required(d.string({ maxLength: 5 })), At: d.timestamp() }),
      output: d.structure('CreateThingOutput', { Name: d.string(), At: d.timestamp() }),
    }),
  },
});

async function* pieces() {
  for (let index = 0; index < 100; index += 1) yield new Uint8Array(10_000).fill(index);
}

async function hosted() {
  const wire = await testWire([
    implement(rest, {
      GetFile: async ({ Path, Since, Kinds, Note }) => {
        if (Path === 'busy') throw new ServiceError('BusyException', 'Later', { members: { RetryAfter: 3 } });
        const text = JSON.stringify({ Path, Since, Kinds, Note });
        return Path === 'large' ? { Body: pieces() } : { Size: text.length, Body: ReadableOf(text) };
      },
      Choose: async (input) => input,
    }),
    implement(rpc, { CreateThing: async ({ Name, At = new Date(1500) }) => ({ Name, At }) }),
  ]);
  const send = async (parts: Omit<RequestToSign, 'endpoint'>) => {
    const response = await fetch(await signedRequest({ endpoint: wire.endpoint, service: 'holdfast', ...parts }));
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  };
  const text = async (parts: Omit<RequestToSign, 'endpoint'>) => Buffer.from((await send(parts)).bytes).toString();
  return { wire, send, text };
}

async function* ReadableOf(text: string) {
  yield Buffer.from(text);
}

test('labels, query lists, headers and a byte stream travel where they are bound', async () => {
  const { wire, send, text } = await hosted();
  await using _wire = wire;
  const { response, bytes } = await send({
    path: '/files/a/b%20c',
    query: { since: '10', kind: 'b' },
    headers: { 'x-note': 'hi' },
  });
  const body = Buffer.from(bytes).toString();
  assert.deepEqual(JSON.parse(body), { Path: 'a/b c', Since: '1970-01-01T00:00:10.000Z', Kinds: ['b'], Note: 'hi' });
  assert.equal(response.headers.get('x-size'), String(body.length));
  assert.equal(response.headers.get('content-type'), 'application/octet-stream');
  assert.equal((await send({ path: '/files/large' })).bytes.byteLength, 1_000_000);
  assert.match(
    await text({ path: '/files/x', query: { kind: 'c' } }),
    /ValidationException[\s\S]*enum value set: \[a, b\]/,
  );
});

test('unions, documents and blobs come back as they went', async () => {
  const { wire, send, text } = await hosted();
  await using _wire = wire;
  const body = { Choice: { Number: 3 }, Anything: { deep: [1, 'x', null] }, Data: 'AAEC' };
  const { response, bytes } = await send({ method: 'PUT', path: '/choice', body: JSON.stringify(body) });
  assert.equal(response.status, 201);
  assert.deepEqual(JSON.parse(Buffer.from(bytes).toString()), body);
  const both = await text({ method: 'PUT', path: '/choice', body: '{"Choice":{"Number":3,"Text":"x"}}' });
  assert.match(both, /Exactly one member must be set at 'Choice'/);
  assert.match(await text({ method: 'PUT', path: '/choice', body: '{"Choice":{"Text":"x"},"Data":"*"}' }), /base64/);
});

test('described errors have their status and members', async () => {
  const { wire, send } = await hosted();
  await using _wire = wire;
  const { response, bytes } = await send({ path: '/files/busy' });
  assert.equal(response.status, 409);
  assert.deepEqual(JSON.parse(Buffer.from(bytes).toString()), {
    __type: 'BusyException',
    Message: 'Later',
    RetryAfter: 3,
  });
});

test('awsJson finds the operation in the target header and keeps to its own content type and statuses', async () => {
  const { wire, send } = await hosted();
  await using _wire = wire;
  const call = (target: string, body: string, more: Partial<RequestToSign> = {}) =>
    send({
      method: 'POST',
      service: 'things',
      body,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
      ...more,
    }).then(({ response, bytes }) => ({
      status: response.status,
      type: response.headers.get('content-type'),
      code: response.headers.get('x-amzn-errortype'),
      body: JSON.parse(Buffer.from(bytes).toString()) as unknown,
    }));
  const made = await call('Things_2026.CreateThing', '{"Name":"a","Other":1}');
  assert.deepEqual(made, { status: 200, type: 'application/x-amz-json-1.1', code: null, body: { Name: 'a', At: 1.5 } });
  assert.equal((await call('Things_2026.CreateThing', '{}')).code, 'ValidationException');
  assert.equal((await call('Things_2026.Nothing', '{}')).code, 'InvalidAction');
  const nobody = { accessKeyId: 'AKIANOBODY0000000001', secretAccessKey: 'x' };
  const refused = await call('Things_2026.CreateThing', '{}', { credentials: nobody });
  assert.deepEqual([refused.status, refused.code], [400, 'UnrecognizedClientException']);
});

test('a target header outside the signature is refused', async () => {
  const { wire } = await hosted();
  await using _wire = wire;
  const request = await signedRequest({
    endpoint: wire.endpoint,
    service: 'things',
    method: 'POST',
    body: '{"Name":"a"}',
  });
  request.headers.set('x-amz-target', 'Things_2026.CreateThing');
  const response = await fetch(request);
  assert.equal(response.headers.get('x-amzn-errortype'), 'InvalidSignatureException');
});

test('services that were on the query protocol once tell its error codes in a header', async () => {
  const gone: StaticErrorSchema = [
    -3,
    'x',
    'GoneException',
    { error: 'client', awsQueryError: ['Gone.Old', 400] },
    ['message'],
    [0],
  ];
  const empty = d.structure('Empty', {});
  const schemas = { Poll: d.operation('Poll', { input: empty, output: empty }), gone };
  const service = defineService({
    name: 'queue',
    protocols: ['awsJson1_0'],
    targetPrefix: 'Queue',
    apiVersion: '1',
    schemas,
  });
  const fail = async () => Promise.reject(new ServiceError('GoneException', 'It is gone'));
  await using wire = await testWire([implement(service, { Poll: fail })]);
  const headers = { 'x-amz-target': 'Queue.Poll', 'content-type': 'application/x-amz-json-1.0' };
  const response = await fetch(
    await signedRequest({ endpoint: wire.endpoint, service: 'queue', method: 'POST', headers, body: '{}' }),
  );
  assert.equal(response.headers.get('x-amzn-query-error'), 'Gone.Old;Sender');
  assert.deepEqual(await response.json(), { __type: 'GoneException', message: 'It is gone' });
});
