import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';
import { TargetFile } from './target-file.ts';

const MIB = 1 << 20;

test('runs of any place and length reach the file whole, and nothing beside them changes', (t) => {
  const path = join(temporaryDirectory(t), 'file');
  const expected = randomBytes(12 * MIB + 77);
  writeFileSync(path, expected);
  const runs = [
    { at: 0, lengths: [MIB, 5, 4096] },
    { at: 2 * MIB + 1, lengths: [100, 700_000, 3, 4095] },
    { at: 4 * MIB, lengths: [10] },
    { at: 5 * MIB + 4095, lengths: [5 * MIB, 1] },
    { at: 11 * MIB, lengths: [MIB + 77] },
  ];
  const pieces = runs.flatMap(({ at, lengths }) => {
    let place = at;
    return lengths.map((length) => {
      const piece = { at: place, bytes: randomBytes(length) };
      place += length;
      return piece;
    });
  });
  for (const { at, bytes } of pieces) expected.set(bytes, at);
  {
    using target = new TargetFile(Buffer.from(path));
    target.write(pieces);
  }
  assert.ok(readFileSync(path).equals(expected));
});

test('a range is read as it is, from any place, and a file that ends before is noticed', (t) => {
  const path = join(temporaryDirectory(t), 'file');
  const content = randomBytes(9 * MIB + 123);
  writeFileSync(path, content);
  using target = new TargetFile(Buffer.from(path));
  for (const [from, length] of [
    [0, content.length],
    [4095, 600_000],
    [8 * MIB + 5, MIB + 118],
    [17, 30],
  ] as const) {
    const parts: Buffer[] = [];
    assert.equal(
      target.read(from, length, (bytes) => parts.push(Buffer.from(bytes))),
      true,
    );
    assert.ok(Buffer.concat(parts).equals(content.subarray(from, from + length)), `${length} bytes at ${from}`);
  }
  truncateSync(path, 5 * MIB);
  assert.equal(
    target.read(0, content.length, () => undefined),
    false,
  );
});
