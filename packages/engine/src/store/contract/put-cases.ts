import { checksumOf, checksumsEqual } from '../checksum.ts';
import { expect, expectBytes, expectStoreError, putBytes, type StoreCase, sampleBytes } from './store-case.ts';

export const putCases: readonly StoreCase[] = [
  {
    name: 'what was put comes back byte for byte, also when it was given in parts',
    async run({ store, key }) {
      const bytes = sampleBytes(3 * 1024 * 1024 + 17);
      const parts = [bytes.subarray(0, 1), bytes.subarray(1, 1_000_001), bytes.subarray(1_000_001)];
      await store.put(key('parts'), parts, { checksum: checksumOf(parts) });
      expectBytes(await store.get(key('parts')), bytes, 'an object in parts');
    },
  },
  {
    name: 'an empty object is an object',
    async run({ store, key }) {
      await putBytes(store, key('empty'), new Uint8Array(0));
      expect((await store.head(key('empty'))).sizeBytes === 0, 'the empty object has a size');
      expectBytes(await store.get(key('empty')), new Uint8Array(0), 'an empty object');
    },
  },
  {
    name: 'a second put of the same key is refused and changes nothing',
    async run({ store, key }) {
      const first = sampleBytes(1000, 1);
      await putBytes(store, key('twice'), first);
      for (const second of [sampleBytes(1000, 2), first]) {
        await expectStoreError('already-exists', 'a second put', () => putBytes(store, key('twice'), second));
      }
      expectBytes(await store.get(key('twice')), first, 'after a refused second put');
    },
  },
  {
    name: 'of many puts of one key at the same time exactly one wins',
    skip: ({ putIfAbsent }) => (putIfAbsent === 'atomic' ? undefined : 'the store only looks the key up first'),
    async run({ store, key }) {
      const bodies = [1, 2, 3, 4, 5, 6].map((seed) => sampleBytes(50_000, seed));
      const outcomes = await Promise.allSettled(bodies.map((body) => putBytes(store, key('race'), body)));
      const winners = bodies.filter((_, index) => outcomes[index]?.status === 'fulfilled');
      expect(winners.length === 1, `${winners.length} of 6 racing puts reported success`);
      expectBytes(await store.get(key('race')), winners[0] ?? new Uint8Array(0), 'the winner of the race');
    },
  },
  {
    name: 'a body that does not match its CRC-32 is refused and leaves nothing behind',
    async run({ store, key }) {
      const checksum = checksumOf([sampleBytes(1000, 1)]);
      await expectStoreError('corrupt', 'a wrong checksum', () =>
        store.put(key('wrong-crc'), [sampleBytes(1000, 2)], { checksum }),
      );
      await expectStoreError('not-found', 'after a refused put', () => store.head(key('wrong-crc')));
    },
  },
  {
    name: 'a body that does not match its SHA-256 is refused, one that does is stored',
    async run({ store, key }) {
      const bytes = sampleBytes(1000, 1);
      const checksum = checksumOf([bytes], 'sha256');
      await expectStoreError('corrupt', 'a wrong checksum', () =>
        store.put(key('wrong-sha'), [sampleBytes(1000, 2)], { checksum }),
      );
      await store.put(key('right-sha'), [bytes], { checksum });
      expectBytes(await store.get(key('right-sha')), bytes, 'an object with SHA-256');
    },
  },
  {
    name: 'the store gives back the checksum that it verified',
    skip: ({ checksums }) => (checksums === 'store' ? undefined : 'the store keeps no checksum of its own'),
    async run({ store, key }) {
      const bytes = sampleBytes(70_000);
      await putBytes(store, key('remembered'), bytes);
      const { checksum } = await store.head(key('remembered'));
      expect(checksum !== undefined, 'head has no checksum');
      expect(checksumsEqual(checksum, checksumOf([bytes])), 'head has another checksum than the put');
    },
  },
  {
    name: 'head tells the size and a time of storing, and a fresh object is warm and ready',
    async run({ store, key, now }) {
      const before = now();
      await putBytes(store, key('facts'), sampleBytes(12_345));
      const facts = await store.head(key('facts'));
      expect(facts.sizeBytes === 12_345, `head says ${facts.sizeBytes} bytes instead of 12345`);
      expect(facts.tier === 'warm' && facts.availability === 'ready', 'the object is not warm and ready');
      const hour = 3_600_000;
      expect(Math.abs(facts.storedAt - before) < hour, 'the time of storing is more than an hour off');
    },
  },
  {
    name: 'an object above the single-request limit is stored whole',
    skip: ({ singlePutBytes }) => (singlePutBytes > 64 << 20 ? 'its limit is above 64 MiB' : undefined),
    async run({ store, key }) {
      const bytes = sampleBytes(store.properties.singlePutBytes + 100_001);
      await putBytes(store, key('multipart'), bytes);
      expectBytes(await store.get(key('multipart')), bytes, 'a large object');
      await expectStoreError('already-exists', 'a second large put', () => putBytes(store, key('multipart'), bytes));
    },
  },
  {
    name: 'keys that not every store could hold are refused',
    async run({ store }) {
      for (const bad of ['', '/a', 'a/', 'a//b', '../a', 'a/.b', 'A', 'ä', 'a b', 'a'.repeat(241)]) {
        await expectStoreError('unsupported', `the key "${bad}"`, () => putBytes(store, bad, sampleBytes(1)));
      }
    },
  },
  {
    name: 'an aborted put reports the reason and leaves the whole object or none',
    async run({ store, key }) {
      const bytes = sampleBytes(2_000_000);
      const controller = new AbortController();
      const put = putBytes(store, key('aborted'), bytes, { signal: controller.signal });
      const reason = new Error('the test no longer wants it');
      controller.abort(reason);
      const outcome = await put.then(
        () => 'stored',
        (error: unknown) => error,
      );
      expect(outcome === 'stored' || outcome === reason, `the put ended with ${String(outcome)}`);
      const read = await store.get(key('aborted')).catch(() => undefined);
      if (read !== undefined || outcome === 'stored') expectBytes(read ?? new Uint8Array(0), bytes, 'an aborted put');
    },
  },
];
