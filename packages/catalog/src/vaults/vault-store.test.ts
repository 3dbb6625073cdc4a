import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogTagStore } from '../tags/tag-store.ts';
import { makeVault, SCOPE, START } from '../testing/records.ts';
import { forEachDatabase } from '../testing.ts';
import { CatalogVaultStore } from './vault-store.ts';

forEachDatabase((_name, open) => {
  test('a vault comes back as it was created, with its tags', async (t) => {
    const catalog = await open(t);
    const store = new CatalogVaultStore(catalog);
    const vault = makeVault('v', {
      creatorRequestId: 'r',
      requestFingerprint: 'f',
      lock: { lockedAt: START, minRetentionDays: 7 },
      accessPolicy: '{ "Version": "2012-10-17" }',
      notifications: { topicArn: 'arn:aws:sns:us-east-1:1:t', events: ['BACKUP_JOB_STARTED'] },
    });
    assert.deepEqual(await store.create(vault, { team: 'blue' }, 10), { outcome: 'created' });
    assert.deepEqual(await store.get(SCOPE, 'v'), vault);
    assert.deepEqual(await store.getById(vault.vaultId), vault);
    const tags = await new CatalogTagStore(catalog).list(SCOPE.accountId, vault.arn, { limit: 10 });
    assert.deepEqual(tags.items, [{ key: 'team', value: 'blue' }]);
  });

  test('a name is taken once in its scope, and the limit counts the scope', async (t) => {
    const store = new CatalogVaultStore(await open(t));
    await store.create(makeVault('a'), {}, 2);
    const again = await store.create(makeVault('a', { vaultId: 'other' }), {}, 2);
    assert.deepEqual(again, { outcome: 'exists', vault: makeVault('a') });
    assert.equal((await store.create(makeVault('b'), {}, 2)).outcome, 'created');
    assert.equal((await store.create(makeVault('c'), {}, 2)).outcome, 'limit-exceeded');
    const elsewhere = makeVault('a', { vaultId: 'west', region: 'us-west-2' });
    assert.equal((await store.create(elsewhere, {}, 2)).outcome, 'created');
  });

  test('vaults that are created at the same time do not pass the limit', async (t) => {
    const store = new CatalogVaultStore(await open(t));
    const names = Array.from({ length: 8 }, (_, index) => `v${index}`);
    const results = await Promise.all(names.map((name) => store.create(makeVault(name), {}, 3)));
    assert.equal(results.filter(({ outcome }) => outcome === 'created').length, 3);
  });

  test('vaults are listed by name, page by page, also while others come and go', async (t) => {
    const store = new CatalogVaultStore(await open(t));
    for (const name of ['d', 'b', 'a', 'c']) await store.create(makeVault(name), {}, 10);
    await store.create(makeVault('x', { type: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' }), {}, 10);
    const first = await store.list({ ...SCOPE, type: 'BACKUP_VAULT' }, { limit: 2 });
    assert.deepEqual(
      first.items.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.ok(first.nextKey);
    await store.deleteIfEmpty(SCOPE, 'a');
    const second = await store.list({ ...SCOPE, type: 'BACKUP_VAULT' }, { limit: 2, afterKey: first.nextKey });
    assert.deepEqual(
      second.items.map(({ name }) => name),
      ['c', 'd'],
    );
    assert.equal(second.nextKey, undefined);
  });

  test('a key of another list or of other filters is refused', async (t) => {
    const store = new CatalogVaultStore(await open(t));
    for (const name of ['a', 'b']) await store.create(makeVault(name), {}, 10);
    const { nextKey } = await store.list(SCOPE, { limit: 1 });
    assert.ok(nextKey);
    const error = { name: 'InvalidPageKeyError' };
    await assert.rejects(store.list({ ...SCOPE, type: 'BACKUP_VAULT' }, { limit: 1, afterKey: nextKey }), error);
    await assert.rejects(store.listAll({ limit: 1, afterKey: nextKey }), error);
    await assert.rejects(store.listAll({ limit: 1, afterKey: 'nonsense' }), error);
  });

  test('a compliance lock can be removed in its cooling-off time, and never after it', async (t) => {
    const store = new CatalogVaultStore(await open(t));
    const vault = makeVault('v');
    await store.create(vault, {}, 10);
    const lock = { lockedAt: START, lockDateAt: START + 1000, maxRetentionDays: 30 };
    assert.equal(await store.setLock(vault.vaultId, lock, START), true);
    assert.equal(await store.setLock(vault.vaultId, undefined, START + 999), true);
    assert.equal((await store.get(SCOPE, 'v'))?.lock, undefined);
    assert.equal(await store.setLock(vault.vaultId, lock, START), true);
    assert.equal(await store.setLock(vault.vaultId, undefined, START + 1000), false);
    assert.deepEqual((await store.get(SCOPE, 'v'))?.lock, lock);
  });

  test('policy and notifications are put and removed; only an empty vault is deleted', async (t) => {
    const catalog = await open(t);
    const store = new CatalogVaultStore(catalog);
    const vault = makeVault('v');
    await store.create(vault, {}, 10);
    await store.setAccessPolicy(vault.vaultId, '{}');
    await store.setNotifications(vault.vaultId, { topicArn: 't', events: [] });
    assert.equal((await store.get(SCOPE, 'v'))?.accessPolicy, '{}');
    await store.setAccessPolicy(vault.vaultId, undefined);
    await store.setNotifications(vault.vaultId, undefined);
    assert.deepEqual(await store.get(SCOPE, 'v'), vault);
    await catalog.db.updateTable('vaults').set({ recovery_point_count: 1 }).execute();
    assert.deepEqual(await store.deleteIfEmpty(SCOPE, 'v'), { outcome: 'not-empty', recoveryPointCount: 1 });
    await catalog.db.updateTable('vaults').set({ recovery_point_count: 0 }).execute();
    assert.equal((await store.deleteIfEmpty(SCOPE, 'v')).outcome, 'deleted');
    assert.deepEqual(await store.deleteIfEmpty(SCOPE, 'v'), { outcome: 'not-found' });
  });
});
