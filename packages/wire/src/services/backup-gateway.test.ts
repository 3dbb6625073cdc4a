import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeStructure } from '../codec/encode-json.ts';
import { accessDenied } from '../handling/access-denied.ts';
import type { AnyHandler } from '../handling/handler.ts';
import { compileService } from '../model/compile-service.ts';
import { sampleStructure } from '../testing/sample-values.ts';
import { signedRequest } from '../testing/signed-request.ts';
import { testWire } from '../testing/test-wire.ts';
import { backupGateway } from './backup-gateway.ts';

const operations = [...compileService(backupGateway).operations.values()];
const NAMES = { usesJsonName: false };

async function call(
  endpoint: string,
  name: string,
  body: unknown,
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `BackupOnPremises_v20210101.${name}`,
  };
  const parts = { endpoint, method: 'POST', service: 'backup-gateway', headers, body: JSON.stringify(body) };
  const response = await fetch(await signedRequest(parts));
  assert.equal(response.headers.get('content-type'), 'application/x-amz-json-1.0');
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

test('the gateway has its 25 operations, and each carries every member there and back', async () => {
  assert.equal(operations.length, 25);
  const received = new Map<string, unknown>();
  const handlers = new Map<string, AnyHandler>(
    operations.map((operation) => [
      operation.name,
      async (input) => {
        received.set(operation.name, input);
        return sampleStructure(operation.output);
      },
    ]),
  );
  await using wire = await testWire([{ service: backupGateway, handlers }]);
  for (const { name, input, output } of operations) {
    const sample = sampleStructure(input);
    const { status, answer } = await call(wire.endpoint, name, encodeStructure(input, sample, NAMES));
    assert.equal(status, 200, `${name}: ${JSON.stringify(answer)}`);
    assert.deepEqual(received.get(name), sample);
    assert.deepEqual(answer, encodeStructure(output, sampleStructure(output), NAMES));
  }
});

test('every bad input is a ValidationException, and refusals carry the error code that clients expect', async () => {
  await using wire = await testWire(
    [{ service: backupGateway, handlers: new Map([['ListGateways', async () => ({})]]) }],
    {
      authorize: (request) => {
        throw accessDenied(request, '*', 'because no policy allows it');
      },
    },
  );
  for (const body of [{ MaxResults: 0 }, { MaxResults: 'x' }, { NextToken: '' }]) {
    const { status, answer } = await call(wire.endpoint, 'ListGateways', body);
    assert.deepEqual([status, answer['__type']], [400, 'ValidationException']);
  }
  const { status, answer } = await call(wire.endpoint, 'ListGateways', {});
  assert.deepEqual(
    [status, answer['__type'], answer['ErrorCode']],
    [400, 'AccessDeniedException', 'AccessDeniedException'],
  );
});
