import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedVersion } from '../version-listing.ts';
import { HintProof } from './hint-proof.ts';

const version = (key: string, at: number): ListedVersion => ({
  ...{ key, at, versionId: 'v', tie: 0, isLatest: true, isMarker: false },
  ...{ etag: '', sizeBytes: 0, storageClass: undefined, sortKey: key },
});

test('notifications are followed when a listing found what they told, and not when it found what they did not', () => {
  const nothingNew = new HintProof(['a'], 100, 200);
  assert.deepEqual([nothingNew.isProven(false), nothingNew.isProven(true)], [false, true]);
  const told = new HintProof(['a'], 100, 200);
  told.see({ listed: version('a', 150) });
  assert.equal(told.isProven(false), true);
  told.see({ listed: version('b', 150) });
  assert.deepEqual([told.isProven(true), told.missed], [false, 1]);
});

test('what the last capture knew, and what may still be told, proves nothing', () => {
  const proof = new HintProof([], 100, 200);
  proof.see({ listed: version('a', 100) });
  proof.see({ listed: version('b', 201) });
  assert.deepEqual([proof.isProven(true), proof.missed], [true, 0]);
});
