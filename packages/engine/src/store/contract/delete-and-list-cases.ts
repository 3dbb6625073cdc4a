import { expect, expectStoreError, listAll, putBytes, type StoreCase, sampleBytes } from './store-case.ts';

export const deleteAndListCases: readonly StoreCase[] = [
  {
    name: 'a deleted object is gone, deleting it again is no error, and its neighbours stay',
    async run({ store, key }) {
      await putBytes(store, key('gone'), sampleBytes(100));
      await putBytes(store, key('gone-too'), sampleBytes(100));
      await store.delete(key('gone'));
      await store.delete(key('gone'));
      await expectStoreError('not-found', 'get after delete', () => store.get(key('gone')));
      await expectStoreError('not-found', 'head after delete', () => store.head(key('gone')));
      expect((await store.head(key('gone-too'))).sizeBytes === 100, 'a neighbour was harmed');
    },
  },
  {
    name: 'deleting what never was is no error',
    async run({ store, key }) {
      await store.delete(key('never-was'));
    },
  },
  {
    name: 'list finds every object below a prefix in byte order, with sizes, and nothing else',
    async run({ store, key }) {
      const names = ['l/a', 'l/a.b', 'l/a/b', 'l/a/c/d', 'l/ab', 'l/b-1', 'l/b/0', 'l_not', 'm/x'];
      await Promise.all(names.map((name, index) => putBytes(store, key(name), sampleBytes(index + 1))));
      for (const prefix of ['l/', 'l/a', 'l/a/', 'l/b', 'l/none']) {
        const listed = await listAll(store, key(prefix));
        const expected = names.filter((name) => name.startsWith(prefix)).sort();
        expect(
          JSON.stringify(listed.map((object) => object.key)) === JSON.stringify(expected.map(key)),
          `list of ${prefix} gave ${listed.map((object) => object.key).join(', ')}`,
        );
        for (const object of listed) {
          const size = names.findIndex((name) => key(name) === object.key) + 1;
          expect(object.sizeBytes === size, `list says ${object.sizeBytes} bytes for ${object.key}`);
        }
      }
    },
  },
  {
    name: 'list returns more objects than one page of any store holds',
    skip: ({ requestLatencyMs }) => (requestLatencyMs >= 1 ? undefined : 'a local store does not answer in pages'),
    async run({ store, key }) {
      const count = 1005;
      for (let start = 0; start < count; start += 50) {
        const indexes = Array.from({ length: Math.min(50, count - start) }, (_, index) => start + index);
        await Promise.all(indexes.map((index) => putBytes(store, key(`p/${index}`), sampleBytes(1))));
      }
      const listed = await listAll(store, key('p/'));
      expect(listed.length === count, `list returned ${listed.length} of ${count} objects`);
    },
  },
];
