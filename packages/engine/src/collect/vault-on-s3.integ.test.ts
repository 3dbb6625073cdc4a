import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { startCephRgw, temporaryDirectory } from '@holdfast/testkit';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import { createRepository, openRepository } from '../engine-repository.ts';
import { packKey } from '../pack/pack-id.ts';
import { executeRecovery } from '../recover/execute-recovery.ts';
import { planRecovery } from '../recover/recover-vault.ts';
import { deleteRecoveryPoint } from '../retention/delete-recovery-point.ts';
import { listAll, sampleBytes } from '../store/contract/store-case.ts';
import { RequestLedger, totalRequests } from '../store/decorators/request-ledger.ts';
import { openStore } from '../store/open-store.ts';
import { s3Client } from '../store/s3/s3-client.ts';
import { isStoreError } from '../store/store-error.ts';
import { MemoryKeyProvider } from '../testing/memory-key-provider.ts';
import { entriesOf, makeTree, restoreTree, snapshotOf } from '../testing/repository-bench.ts';
import { auditVault } from './audit-vault.ts';
import { executeCollection } from './execute-collection.ts';
import { COLLECTION_DEFAULTS, planCollection } from './plan-collection.ts';

const LOCK_MS = 8_000;
const OPTIONS = { ...COLLECTION_DEFAULTS, graceMs: 0 };

test('a vault in a bucket with object lock: written, locked by the server, recovered, deleted when the lock ends', async (t) => {
  const root = temporaryDirectory(t);
  await using rgw = await startCephRgw(t, join(root, 'ceph'));
  if (rgw === undefined) return;
  const { endpoint, region, accessKeyId, secretAccessKey } = rgw;
  const place = {
    kind: 's3',
    bucket: 'vault-bucket',
    region,
    endpoint,
    credentials: { accessKeyId, secretAccessKey },
  } as const;
  const admin = s3Client(place);
  t.after(() => admin.destroy());
  await admin.send(new CreateBucketCommand({ Bucket: 'vault-bucket', ObjectLockEnabledForBucket: true }));
  await using bucket = await openStore(place, { now: Date.now, newName: randomUUID });
  const store = new RequestLedger(bucket);
  const keyProvider = new MemoryKeyProvider();
  const authority = new SqliteAuthority({ path: ':memory:' });
  const repository = await createRepository({ store, keyProvider, authority });
  const source = join(root, 'source');
  const files = Array.from(
    { length: 50 },
    (_, index) => [`dir/file-${index}`, sampleBytes(20_000, index + 1)] as const,
  );
  makeTree(source, { ...Object.fromEntries(files), large: sampleBytes(5_000_000, 99) });
  const lockedUntilAt = Date.now() + LOCK_MS;
  const retention = { lockedUntilAt, lockMode: 'governance' as const };
  // The first data key of a vault costs one listing, once in 90 days.
  await repository.parts.keys.writeKey();
  const before = store.totals;
  await repository.backupItems({ recoveryPointId: 'one', retention, facts: {}, entries: entriesOf(source) });
  const first = store.since(before);
  assert.ok(first.list.requests === 0 && totalRequests(first) < 20, JSON.stringify(first));

  const uses = await authority.collection.packUses(repository.vaultId, 'one');
  for (const { packId } of uses) {
    assert.ok(((await store.head(packKey(packId))).retention?.untilAt ?? 0) >= lockedUntilAt);
    await assert.rejects(store.delete(packKey(packId)), (error) => isStoreError(error, 'locked'));
  }
  await assert.rejects(deleteRecoveryPoint(repository.parts, 'one'), /locked/);

  const revived = await openRepository({ store, keyProvider, authority: new SqliteAuthority({ path: ':memory:' }) });
  await executeRecovery(revived.parts, await planRecovery(revived.parts));
  const reader = await revived.openRecoveryPoint('one');
  assert.equal((await restoreTree(reader, join(root, 'target'))).size, 0);
  await reader.close();
  assert.deepEqual(snapshotOf(join(root, 'target')), snapshotOf(source));
  assert.deepEqual((await auditVault(revived.parts)).findings, []);
  await repository.close();

  await sleep(Math.max(0, lockedUntilAt + 1500 - Date.now()));
  await deleteRecoveryPoint(revived.parts, 'one');
  for (let round = 0; round < 2; round += 1) {
    await executeCollection(revived.parts, await planCollection(revived.parts, OPTIONS), OPTIONS);
  }
  const left = (await listAll(store, '')).map(({ key }) => key.split('/')[0]);
  assert.deepEqual(new Set(left), new Set(['keys', 'vault']));
  await revived.close();
});
