import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { checksumOf } from '../checksum.ts';
import { isStoreError } from '../store-error.ts';
import { openFsStore } from './fs-store.ts';

const MIB = 1 << 20;

test('large objects of any length come back whole, by ranges too, into memory that is lent for them', async (t) => {
  await using store = await openFsStore({ root: join(temporaryDirectory(t), 'store'), create: true, now: Date.now });
  for (const length of [MIB - 1, MIB, MIB + 1, 4 * MIB, 9 * MIB + 4095]) {
    const bytes = randomBytes(length);
    const key = `packs/aa/${length}`;
    const body = [bytes.subarray(0, 5000), bytes.subarray(5000, 5001), bytes.subarray(5001)];
    await store.put(key, body, { checksum: checksumOf(body) });
    assert.ok(bytes.equals(await store.get(key)), `${length} bytes`);
    const room = new Uint8Array(16 * MIB);
    const [offset, part] = [4097, length - 4100];
    const read = await store.get(key, { range: { offset, length: part }, room });
    assert.ok(bytes.subarray(offset, offset + part).equals(read), `a range of ${length} bytes`);
    assert.equal(read.buffer, room.buffer);
    await assert.rejects(store.get(key, { range: { offset: 1, length } }), (error) => isStoreError(error, 'corrupt'));
  }
});

test('a large object that does not match its checksum never gets its name', async (t) => {
  await using store = await openFsStore({ root: join(temporaryDirectory(t), 'store'), create: true, now: Date.now });
  const body = [randomBytes(2 * MIB + 9)];
  const put = store.put('packs/aa/wrong', body, { checksum: checksumOf([Buffer.from('other')]) });
  await assert.rejects(put, (error) => isStoreError(error, 'corrupt'));
  await assert.rejects(store.head('packs/aa/wrong'), (error) => isStoreError(error, 'not-found'));
});
