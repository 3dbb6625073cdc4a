import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RecordCollection, Transactions } from './record-collection.ts';

interface Sample {
  readonly text: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What the suite works on: an empty collection and the transactions of its store. */
export interface CollectionUnderTest extends Transactions {
  readonly collection: RecordCollection<Sample>;
}

/** What every implementation of `RecordCollection` must keep; each test gets a new one from `open`. */
export function testRecordCollection(open: (t: TestContext) => Promise<CollectionUnderTest>): void {
  test('a record comes back as it was put, and replaced by a second put', async (t) => {
    const { collection } = await open(t);
    const record = { text: 'grüße "quoted" \\ \u{1f511}', tags: { '': '', 'a/b': 'c' } };
    await collection.put('scope', 'key', record);
    assert.deepEqual(await collection.get('scope', 'key'), record);
    await collection.put('scope', 'key', { text: 'new' });
    assert.deepEqual(await collection.get('scope', 'key'), { text: 'new' });
    assert.equal(await collection.get('other scope', 'key'), undefined);
  });

  test('insert adds a key once and tells when it exists', async (t) => {
    const { collection } = await open(t);
    assert.equal(await collection.insert('scope', 'key', { text: 'first' }), true);
    assert.equal(await collection.insert('scope', 'key', { text: 'second' }), false);
    assert.equal((await collection.get('scope', 'key'))?.text, 'first');
    assert.equal(await collection.insert('other', 'key', { text: 'third' }), true);
  });

  test('delete tells whether there was something to delete', async (t) => {
    const { collection } = await open(t);
    await collection.put('scope', 'key', { text: 'x' });
    assert.equal(await collection.delete('scope', 'key'), true);
    assert.equal(await collection.delete('scope', 'key'), false);
    assert.equal(await collection.get('scope', 'key'), undefined);
  });

  test('lists go in the order of bytes, page after page, within a scope and a prefix', async (t) => {
    const { collection } = await open(t);
    const keys = ['b', 'a/2', 'a/10', 'a/1', 'B', 'ä', '\u{1f511}', 'a_', 'a%'];
    for (const key of keys) await collection.put('scope', key, { text: key });
    await collection.put('scope2', 'a/3', { text: 'elsewhere' });
    const sorted = [...keys].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
    const seen: string[] = [];
    let afterKey: string | undefined;
    do {
      const page = await collection.list('scope', { limit: 2, afterKey });
      seen.push(...page.items.map(({ text }) => text));
      assert.ok(page.items.length <= 2);
      afterKey = page.nextKey;
    } while (afterKey !== undefined);
    assert.deepEqual(seen, sorted);
    const prefixed = await collection.list('scope', { limit: 10, prefix: 'a/' });
    assert.deepEqual(
      prefixed.items.map(({ text }) => text),
      ['a/1', 'a/10', 'a/2'],
    );
    assert.equal(prefixed.nextKey, undefined);
  });

  test('a transaction happens as a whole or not at all, and may call another one', async (t) => {
    const { collection, transaction } = await open(t);
    const failed = transaction(async () => {
      await collection.put('scope', 'a', { text: 'a' });
      await transaction(async () => collection.put('scope', 'b', { text: 'b' }));
      assert.equal((await collection.get('scope', 'b'))?.text, 'b');
      throw new Error('changed my mind');
    });
    await assert.rejects(failed, /changed my mind/);
    assert.deepEqual((await collection.list('scope', { limit: 10 })).items, []);
    await transaction(async () => collection.put('scope', 'c', { text: 'c' }));
    assert.equal((await collection.get('scope', 'c'))?.text, 'c');
  });

  test('transactions that count up do not lose each other’s work', async (t) => {
    const { collection, transaction } = await open(t);
    await collection.put('scope', 'counter', { text: '0' });
    const countUp = (): Promise<void> =>
      transaction(async () => {
        const before = await collection.get('scope', 'counter');
        await collection.put('scope', 'counter', { text: String(Number(before?.text) + 1) });
      });
    await Promise.all(Array.from({ length: 8 }, countUp));
    assert.equal((await collection.get('scope', 'counter'))?.text, '8');
  });
}
