import { expect, expectStoreError, putBytes, type StoreCase, sampleBytes } from './store-case.ts';

const LOCK_MS = 2_500;

const needsLocks: StoreCase['skip'] = ({ retention, retentionMessage }) =>
  retention === 'none' ? `the store keeps no locks: ${retentionMessage ?? 'no reason given'}` : undefined;

export const retentionCases: readonly StoreCase[] = [
  {
    name: 'an object put with a lock cannot be deleted before its date and can be afterwards',
    skip: needsLocks,
    async run({ store, key, now, waitUntil }) {
      const untilAt = now() + LOCK_MS;
      await putBytes(store, key('locked'), sampleBytes(100), { retention: { mode: 'governance', untilAt } });
      const held = (await store.head(key('locked'))).retention;
      expect(held !== undefined && held.untilAt >= untilAt, 'head does not tell the lock');
      await expectStoreError('locked', 'delete under a lock', () => store.delete(key('locked')));
      await store.get(key('locked'));
      await waitUntil(held.untilAt + 1000);
      await store.delete(key('locked'));
      await expectStoreError('not-found', 'after the lock', () => store.head(key('locked')));
    },
  },
  {
    name: 'a lock can be set later and moved to a later date, never to an earlier one',
    skip: needsLocks,
    async run({ store, key, now, waitUntil }) {
      const name = key('extended');
      await putBytes(store, name, sampleBytes(100));
      await store.extendRetention(name, { mode: 'governance', untilAt: now() + LOCK_MS });
      await expectStoreError('locked', 'delete after locking', () => store.delete(name));
      const later = now() + 2 * LOCK_MS;
      await store.extendRetention(name, { mode: 'governance', untilAt: later });
      await store.extendRetention(name, { mode: 'governance', untilAt: now() + 1000 });
      const held = (await store.head(name)).retention;
      expect(held !== undefined && held.untilAt >= later, 'an earlier date shortened the lock');
      await waitUntil(held.untilAt + 1000);
      await store.delete(name);
    },
  },
  {
    name: 'a legal hold keeps an object, whatever its lock, until it is lifted',
    skip: ({ legalHold }) => (legalHold === 'none' ? 'the store keeps no legal holds' : undefined),
    async run({ store, key }) {
      const name = key('held');
      await putBytes(store, name, sampleBytes(100));
      for (let repeat = 0; repeat < 2; repeat += 1) await store.setHold(name, true);
      expect((await store.head(name)).isHeld === true, 'head does not tell the hold');
      await expectStoreError('locked', 'delete under a hold', () => store.delete(name));
      await store.get(name);
      for (let repeat = 0; repeat < 2; repeat += 1) await store.setHold(name, false);
      expect((await store.head(name)).isHeld === undefined, 'head tells a hold that was lifted');
      await store.delete(name);
      await expectStoreError('not-found', 'after the hold', () => store.head(name));
    },
  },
  {
    name: 'a legal hold and a lock stand beside each other, and neither ends the other',
    skip: (properties) => (properties.legalHold === 'none' ? 'the store keeps no legal holds' : needsLocks(properties)),
    async run({ store, key, now, waitUntil }) {
      const name = key('held-and-locked');
      const untilAt = now() + LOCK_MS;
      await putBytes(store, name, sampleBytes(100), { retention: { mode: 'governance', untilAt } });
      await store.setHold(name, true);
      await store.extendRetention(name, { mode: 'governance', untilAt: untilAt + 1 });
      const { retention, isHeld } = await store.head(name);
      expect(isHeld === true && retention !== undefined, 'the lock or the hold is gone');
      await waitUntil(retention.untilAt + 1000);
      await expectStoreError('locked', 'delete under a hold when the lock has ended', () => store.delete(name));
      await store.setHold(name, false);
      await store.delete(name);
    },
  },
  {
    name: 'locking or holding what is not there is an error',
    async run({ store, key, now }) {
      await expectStoreError('not-found', 'extendRetention', () =>
        store.extendRetention(key('nothing'), { mode: 'governance', untilAt: now() + LOCK_MS }),
      );
      await expectStoreError('not-found', 'setHold', () => store.setHold(key('nothing'), true));
    },
  },
];
