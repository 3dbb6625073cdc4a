import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EngineError } from '../engine-error.ts';
import { decodePointHeader, encodePoint, type PointObject, pointKey } from '../point/point-object.ts';
import { openPointOf } from './read-point.ts';

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
    chunking: { blockBytes: 4096 },
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
    { packId: '01'.repeat(16), kind: 'data', usedBytes: 2 ** 30, sizeBytes: 2 ** 31 },
    { packId: '02'.repeat(16), kind: 'tree', usedBytes: 1, sizeBytes: 100 },
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
    assert.deepEqual(await openPointOf(VAULT, bytes, NAME, dataKeyOf), POINT);
    assert.deepEqual(decodePointHeader(bytes, NAME), POINT.header);
  });

  test('is refused under another name, in another vault, and after any changed byte', async () => {
    const bytes = encodePoint(POINT, DATA_KEY, SALT);
    const damaged = (error: unknown) => error instanceof EngineError && error.code === 'damaged';
    await assert.rejects(openPointOf(VAULT, bytes, pointKey('Daily.2026:1', 18), dataKeyOf), damaged);
    await assert.rejects(openPointOf('cd'.repeat(16), bytes, NAME, dataKeyOf), damaged);
    for (let at = 8; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const open = openPointOf(VAULT, changed, NAME, async () => DATA_KEY);
      await assert.rejects(open, damaged, `byte ${at} was changed and nobody saw it`);
    }
  });

  test('of a newer version is unsupported, never damaged', async () => {
    const bytes = encodePoint(POINT, DATA_KEY, SALT);
    bytes[5] = 2;
    await assert.rejects(
      openPointOf(VAULT, bytes, NAME, dataKeyOf),
      (error) => error instanceof EngineError && error.code === 'unsupported',
    );
  });
});
