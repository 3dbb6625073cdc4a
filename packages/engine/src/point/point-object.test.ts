import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EngineError } from '../engine-error.ts';
import { encodePoint, openPoint, type PointObject, parsePointKey, pointKey, readPointHeader } from './point-object.ts';

const VAULT = 'ab'.repeat(16);
const DATA_KEY = Buffer.alloc(32, 7);
const SALT = Buffer.alloc(16, 9);

const POINT: PointObject = {
  header: {
    recoveryPointId: 'Daily.2026:1',
    vaultId: VAULT,
    fence: 17,
    dataKeySerial: 3,
    createdAt: 1000,
    keepUntilAt: 5000,
    lockedUntilAt: 4000,
  },
  body: {
    recoveryPointId: 'Daily.2026:1',
    createdAt: 1000,
    retention: { keepUntilAt: 5000, lockedUntilAt: 4000, lockMode: 'compliance' },
    facts: { arn: 'arn:aws:backup' },
    content: 'items',
    chunking: { min: 1, avg: 2, max: 3 },
    height: 0,
    issues: [],
    segments: ['0'.repeat(32)],
    statistics: {
      itemCount: 1,
      logicalBytes: 2,
      readBytes: 3,
      storedBytes: 4,
      newChunkBytes: 5,
      newChunkCount: 6,
      reusedItemCount: 7,
      reusedBytes: 8,
      issueCount: 9,
      missingCount: 10,
      durationMs: 11,
    },
    outcome: 'complete',
  },
  uses: [
    { packId: '01'.repeat(16), kind: 'data', usedBytes: 2 ** 40 },
    { packId: '02'.repeat(16), kind: 'tree', usedBytes: 1 },
  ],
};

const NAME = pointKey('Daily.2026:1', 17);
const dataKeyOf = async (serial: number) => {
  assert.equal(serial, 3);
  return DATA_KEY;
};

describe('a recovery-point object', () => {
  test('gives back what was sealed, and names itself', async () => {
    const bytes = encodePoint(POINT, DATA_KEY, SALT);
    assert.equal(NAME, 'points/_44aily_2e2026_3a1.00000011');
    assert.deepEqual(parsePointKey(NAME), { recoveryPointId: 'Daily.2026:1', fence: 17 });
    assert.equal(parsePointKey('points/other'), undefined);
    assert.deepEqual(await openPoint(bytes, NAME, VAULT, dataKeyOf), POINT);
    assert.deepEqual(readPointHeader(bytes, NAME), POINT.header);
  });

  test('is refused under another name, in another vault, and after any changed byte', async () => {
    const bytes = encodePoint(POINT, DATA_KEY, SALT);
    const damaged = (error: unknown) => error instanceof EngineError && error.code === 'damaged';
    await assert.rejects(openPoint(bytes, pointKey('Daily.2026:1', 18), VAULT, dataKeyOf), damaged);
    await assert.rejects(openPoint(bytes, NAME, 'cd'.repeat(16), dataKeyOf), damaged);
    for (let at = 8; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const open = openPoint(changed, NAME, VAULT, async () => DATA_KEY);
      await assert.rejects(open, damaged, `byte ${at} was changed and nobody saw it`);
    }
  });

  test('of a newer version is unsupported, never damaged', async () => {
    const bytes = encodePoint(POINT, DATA_KEY, SALT);
    bytes[5] = 2;
    await assert.rejects(
      openPoint(bytes, NAME, VAULT, dataKeyOf),
      (error) => error instanceof EngineError && error.code === 'unsupported',
    );
  });
});
