import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ItemRecord } from '@holdfast/engine';
import { pathOf } from './item-paths.ts';
import { encodeSection, OBJECT_SECTION, type ObjectFacts } from './object-record.ts';
import { stateAt } from './state-at.ts';

type Version = { readonly key: string } & Omit<ObjectFacts, 'versionId'> & { readonly versionId: string };

async function state(versions: readonly Version[], targetAt: number): Promise<Record<string, string>> {
  const items = versions.map(
    ({ key, ...facts }): ItemRecord => ({
      path: pathOf(key, facts.at, facts.versionId),
      type: 'object',
      sizeBytes: 0,
      metadata: { extra: { [OBJECT_SECTION]: encodeSection(facts) } },
    }),
  );
  async function* all() {
    yield* items;
  }
  const found: Record<string, string> = {};
  for await (const { key, facts } of stateAt(all(), targetAt)) found[key] = facts.versionId;
  return found;
}

describe('The state of a bucket at a moment', () => {
  const versions: readonly Version[] = [
    { key: 'a', at: 30, versionId: 'a3' },
    { key: 'a', at: 20, versionId: 'a2', isMarker: true },
    { key: 'a', at: 10, versionId: 'a1' },
    { key: 'b', at: 25, versionId: 'b2', removedAt: 40 },
    { key: 'b', at: 5, versionId: 'b1' },
  ];

  it('is the newest version of each key made until then, unless that is a delete marker', async () => {
    assert.deepEqual(await state(versions, 4), {});
    assert.deepEqual(await state(versions, 10), { a: 'a1', b: 'b1' });
    assert.deepEqual(await state(versions, 20), { b: 'b1' });
    assert.deepEqual(await state(versions, 30), { a: 'a3', b: 'b2' });
  });

  it('has a version that was removed for good until its removal, and then the one beneath', async () => {
    assert.deepEqual(await state(versions, 39), { a: 'a3', b: 'b2' });
    assert.deepEqual(await state(versions, 40), { a: 'a3', b: 'b1' });
  });

  it('tells versions of the same time apart by their order in the listing', async () => {
    const tied: readonly Version[] = [
      { key: 'a', at: 10, versionId: 'old', tie: 1 },
      { key: 'a', at: 10, versionId: 'young' },
    ];
    assert.deepEqual(await state(tied, 10), { a: 'young' });
  });
});
