import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type CephRgw, freePort, startCephRgw, temporaryDirectory } from '@holdfast/testkit';
import { listAll, putBytes, sampleBytes } from '../contract/store-case.ts';
import { storeCases } from '../contract/store-cases.ts';
import { caseContext, validateStore } from '../contract/validate-store.ts';
import { isStoreError } from '../store-error.ts';
import { s3Client } from './s3-client.ts';
import type { S3StoreOptions } from './s3-options.ts';
import { openS3Store } from './s3-store.ts';

const clock = {
  now: () => Date.now(),
  waitUntil: (at: number) => sleep(Math.max(0, at - Date.now())),
};
const surroundings = { now: clock.now, newName: randomUUID };

function optionsFor(rgw: CephRgw, bucket: string): S3StoreOptions {
  return {
    bucket,
    prefix: 'vault-1',
    region: rgw.region,
    endpoint: rgw.endpoint,
    credentials: { accessKeyId: rgw.accessKeyId, secretAccessKey: rgw.secretAccessKey },
    coldClass: { name: 'COLD', needsWarmUp: false },
    singlePutBytes: 6 << 20,
  };
}

test('an S3 store on Ceph RADOS Gateway', async (t) => {
  await using rgw = await startCephRgw(t, temporaryDirectory(t));
  if (rgw === undefined) return;
  const admin = s3Client(optionsFor(rgw, 'plain-bucket'));
  t.after(() => admin.destroy());
  await admin.send(new CreateBucketCommand({ Bucket: 'plain-bucket' }));
  await admin.send(new CreateBucketCommand({ Bucket: 'locked-bucket', ObjectLockEnabledForBucket: true }));

  await t.test('keeps the contract of a store in a bucket with object lock', (t) =>
    contract(t, optionsFor(rgw, 'locked-bucket')),
  );

  await t.test('deletes every version, also those that somebody hid behind a delete marker', async () => {
    await using store = await openS3Store(optionsFor(rgw, 'locked-bucket'), surroundings);
    const target = { Bucket: 'locked-bucket', Key: 'vault-1/hidden' };
    await putBytes(store, 'hidden', sampleBytes(10));
    await admin.send(new DeleteObjectCommand(target));
    await assert.rejects(store.get('hidden'), (error) => isStoreError(error, 'not-found'));
    await admin.send(new PutObjectCommand({ ...target, Body: Buffer.from('foreign') }));
    await store.delete('hidden');
    await admin.send(new DeleteObjectCommand({ ...target, VersionId: 'null' })).catch(() => undefined);
    await assert.rejects(store.head('hidden'), (error) => isStoreError(error, 'not-found'));
    assert.deepEqual(await listAll(store, 'hidden'), []);
  });

  await t.test('frees the connection of every answer that nobody reads to its end', async () => {
    await using store = await openS3Store({ ...optionsFor(rgw, 'plain-bucket'), maxSockets: 2 }, surroundings);
    const bytes = sampleBytes(4_000_000);
    await putBytes(store, 'large', bytes);
    for (let round = 0; round < 10; round += 1) {
      const controller = new AbortController();
      const reads = Promise.allSettled([1, 2, 3].map(() => store.get('large', { signal: controller.signal })));
      setTimeout(() => controller.abort(new Error('enough')), 3 * round);
      await reads;
      const tooLong = store.get('large', { range: { offset: 3_999_990, length: 20 } });
      await assert.rejects(tooLong, (error) => isStoreError(error, 'corrupt'));
    }
    assert.deepEqual(await store.get('large'), bytes);
  });

  await t.test('tells wrong credentials, a missing bucket and a dead server apart', async () => {
    const good = optionsFor(rgw, 'plain-bucket');
    const wrongKey = { ...good, credentials: { accessKeyId: 'AKTEST', secretAccessKey: 'wrong' } };
    await assert.rejects(openS3Store(wrongKey, surroundings), (error) => isStoreError(error, 'denied'));
    await assert.rejects(openS3Store({ ...good, bucket: 'no-such-bucket' }, surroundings), (error) =>
      isStoreError(error, 'unavailable'),
    );
    const dead = { ...good, endpoint: `http://127.0.0.1:${await freePort()}` };
    await assert.rejects(openS3Store(dead, surroundings), (error) => isStoreError(error, 'unavailable'));
  });

  await t.test(
    'keeps the contract in a plain bucket too, as validateStore reports, which leaves nothing behind',
    async () => {
      await using store = await openS3Store(optionsFor(rgw, 'plain-bucket'), surroundings);
      const report = await validateStore(store, { prefix: 'validate/1', ...clock });
      assert.deepEqual(
        report.results.filter(({ outcome }) => outcome === 'broken'),
        [],
      );
      assert.ok(report.ok);
      assert.deepEqual(report.leftBehind, []);
      assert.deepEqual(await listAll(store, 'validate/'), []);
    },
  );
});

async function contract(t: TestContext, options: S3StoreOptions): Promise<void> {
  await using store = await openS3Store(options, surroundings);
  for (const [index, storeCase] of storeCases.entries()) {
    await t.test(storeCase.name, async (t) => {
      const reason = storeCase.skip?.(store.properties);
      if (reason !== undefined) return t.diagnostic(`not applicable: ${reason}`);
      await storeCase.run(caseContext(store, `contract/${index}/`, clock));
    });
  }
}
