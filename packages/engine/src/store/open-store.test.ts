import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { putBytes, sampleBytes } from './contract/store-case.ts';
import { openStore } from './open-store.ts';
import { isStoreError } from './store-error.ts';

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

describe('opening a store from its description', () => {
  test('gives a directory that keeps objects, and refuses one that was not made', async (t) => {
    const root = join(temporaryDirectory(t), 'store');
    const surroundings = { now: Date.now, newName: () => 'probe-1' };
    await assert.rejects(openStore({ kind: 'file-system', root }, surroundings), (error) =>
      isStoreError(error, 'unavailable'),
    );
    await using store = await openStore({ kind: 'file-system', root, create: true }, surroundings);
    await putBytes(store, 'a', sampleBytes(10));
    await using again = await openStore({ kind: 'file-system', root }, surroundings);
    assert.deepEqual(await again.get('a'), sampleBytes(10));
  });

  test('repeats what a bucket refuses for a while, after the time that it asks for', async (t) => {
    let calls = 0;
    const server = createServer((request, response) => {
      calls += 1;
      request.resume();
      if (calls < 3) response.writeHead(503, { 'retry-after': '2' }).end();
      else response.writeHead(200, { 'content-length': '10', 'last-modified': new Date(0).toUTCString() }).end();
    });
    const endpoint = await listen(server);
    t.after(() => server.close());
    const pauses: number[] = [];
    const capabilities = {
      conditionalPut: true,
      checksums: true,
      versioned: false,
      objectLock: false,
      legalHold: false,
    };
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    await using store = await openStore(
      { kind: 's3', bucket: 'bucket', region: 'default', endpoint, credentials, capabilities },
      {
        now: Date.now,
        newName: () => 'probe-1',
        random: () => 0,
        sleep: async (ms) => {
          pauses.push(ms);
        },
      },
    );
    assert.equal((await store.head('a')).sizeBytes, 10);
    assert.deepEqual(pauses, [2000, 2000]);
  });
});
