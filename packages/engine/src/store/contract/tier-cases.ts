import { isStoreError } from '../store-error.ts';
import { expect, expectBytes, expectStoreError, listAll, putBytes, type StoreCase, sampleBytes } from './store-case.ts';

const needsCold: StoreCase['skip'] = ({ coldTier }) => (coldTier === 'none' ? 'the store has no cold tier' : undefined);

export const tierCases: readonly StoreCase[] = [
  {
    name: 'an object moves to the cold tier and back with its content',
    skip: ({ coldTier }) =>
      coldTier === 'instant' ? undefined : coldTier === 'none' ? 'the store has no cold tier' : 'warming takes hours',
    async run({ store, key }) {
      const name = key('moved');
      const bytes = sampleBytes(300_000);
      await putBytes(store, name, bytes);
      for (const tier of ['cold', 'cold', 'warm', 'warm'] as const) {
        await store.setTier(name, tier);
        const facts = await store.head(name);
        expect(facts.tier === tier && facts.availability === 'ready', `head says ${facts.tier}, not ${tier}`);
        expect(facts.sizeBytes === bytes.byteLength, 'the size changed on the way');
        expectBytes(await store.get(name), bytes, `in the ${tier} tier`);
        await expectStoreError('already-exists', 'a second put', () => putBytes(store, name, bytes));
        await store.warmUp(name, 60_000);
      }
      await store.setTier(name, 'cold');
      const listed = await listAll(store, name);
      expect(listed.length === 1 && listed[0]?.key === name, 'a cold object is missing from the list');
      await store.delete(name);
      await expectStoreError('not-found', 'after delete', () => store.get(name));
    },
  },
  {
    name: 'an object can be put into the cold tier at once',
    skip: needsCold,
    async run({ store, key }) {
      await putBytes(store, key('born-cold'), sampleBytes(1000), { tier: 'cold' });
      expect((await store.head(key('born-cold'))).tier === 'cold', 'head does not say cold');
      await store.delete(key('born-cold'));
      await expectStoreError('not-found', 'after delete', () => store.head(key('born-cold')));
    },
  },
  {
    name: 'a lock goes with its object to the cold tier, or keeps it where it is',
    skip: (properties) =>
      properties.coldTier !== 'instant'
        ? 'needs an instant cold tier'
        : properties.retention === 'none'
          ? 'the store keeps no locks'
          : undefined,
    async run({ store, key, now, waitUntil }) {
      const name = key('cold-and-locked');
      const untilAt = now() + 2_500;
      await putBytes(store, name, sampleBytes(1000), { retention: { mode: 'governance', untilAt } });
      await store.setTier(name, 'cold').catch((error: unknown) => {
        expect(isStoreError(error, 'locked'), `setTier of a locked object failed with ${String(error)}`);
      });
      await expectStoreError('locked', 'delete of a cold object under a lock', () => store.delete(name));
      const held = (await store.head(name)).retention;
      expect(held !== undefined && held.untilAt >= untilAt, 'the lock was lost on the way to the cold tier');
      await waitUntil(held.untilAt + 1000);
      await store.delete(name);
    },
  },
  {
    name: 'a store without a cold tier says so',
    skip: ({ coldTier }) => (coldTier === 'none' ? undefined : 'the store has a cold tier'),
    async run({ store, key }) {
      await putBytes(store, key('stays-warm'), sampleBytes(10));
      await expectStoreError('unsupported', 'setTier', () => store.setTier(key('stays-warm'), 'cold'));
      await store.setTier(key('stays-warm'), 'warm');
      await store.warmUp(key('stays-warm'), 1000);
    },
  },
];
