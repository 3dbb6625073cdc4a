import { expect, expectBytes, expectStoreError, listAll, putBytes, type StoreCase, sampleBytes } from './store-case.ts';

export const readCases: readonly StoreCase[] = [
  {
    name: 'ranges come back exactly: first byte, middle, last byte, nothing',
    async run({ store, key }) {
      const bytes = sampleBytes(100_000);
      await putBytes(store, key('ranges'), bytes);
      for (const [offset, length] of [
        [0, 1],
        [0, 100_000],
        [33_333, 40_000],
        [99_999, 1],
        [50_000, 0],
      ] as const) {
        const part = await store.get(key('ranges'), { range: { offset, length } });
        expectBytes(part, bytes.subarray(offset, offset + length), `range ${offset}+${length}`);
      }
    },
  },
  {
    name: 'a range beyond the end is reported as damage, never shortened',
    async run({ store, key }) {
      await putBytes(store, key('short'), sampleBytes(1000));
      for (const range of [
        { offset: 900, length: 200 },
        { offset: 1000, length: 1 },
        { offset: 5000, length: 10 },
      ]) {
        await expectStoreError('corrupt', `range ${range.offset}+${range.length}`, () =>
          store.get(key('short'), { range }),
        );
      }
    },
  },
  {
    name: 'what is not there is not found, by any way of asking',
    async run({ store, key }) {
      await expectStoreError('not-found', 'get', () => store.get(key('nothing')));
      await expectStoreError('not-found', 'get of a range', () =>
        store.get(key('nothing'), { range: { offset: 0, length: 1 } }),
      );
      await expectStoreError('not-found', 'head', () => store.head(key('nothing')));
    },
  },
  {
    name: 'many reads at once each get their own bytes',
    async run({ store, key }) {
      const bytes = sampleBytes(1_000_000);
      await putBytes(store, key('parallel'), bytes);
      await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          const range = { offset: index * 9_973, length: 5_000 };
          const part = await store.get(key('parallel'), { range });
          expectBytes(part, bytes.subarray(range.offset, range.offset + range.length), `parallel read ${index}`);
          part.fill(0);
        }),
      );
      expectBytes(await store.get(key('parallel')), bytes, 'after readers wrote into their buffers');
    },
  },
  {
    name: 'calls with an already aborted signal do nothing but report its reason',
    async run({ store, key }) {
      const reason = new Error('too late');
      const signal = AbortSignal.abort(reason);
      await putBytes(store, key('kept'), sampleBytes(10));
      const calls: readonly (() => Promise<unknown>)[] = [
        () => putBytes(store, key('never'), sampleBytes(10), { signal }),
        () => store.get(key('kept'), { signal }),
        () => store.head(key('kept'), { signal }),
        () => store.delete(key('kept'), { signal }),
        () => listAll(store, key('kept'), { signal }),
      ];
      for (const call of calls) {
        const outcome = await call().catch((error: unknown) => error);
        expect(outcome === reason, `an aborted call ended with ${String(outcome)}`);
      }
      await expectStoreError('not-found', 'an aborted put', () => store.head(key('never')));
      expectBytes(await store.get(key('kept')), sampleBytes(10), 'after an aborted delete');
    },
  },
];
