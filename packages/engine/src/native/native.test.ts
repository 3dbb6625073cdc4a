import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { type AesGcm, directAesGcm, nodeAesGcm } from './aes-gcm.ts';
import { directZstd, nodeZstd } from './zstd.ts';

const onLinux = process.platform === 'linux' ? {} : { skip: 'only looked up on Linux and macOS' };
const lengths = [0, 1, 15, 16, 17, 65_536, 98_305, 1_048_576];
const textOf = (length: number) => Buffer.alloc(length, 'a line of text that repeats, with a number 12345\n');

test(
  'OpenSSL called directly seals to the same bytes as through Node, and each opens what the other sealed',
  onLinux,
  () => {
    const direct = directAesGcm();
    assert.ok(direct, 'this Node exports OpenSSL');
    for (const length of lengths) {
      const [key, nonce, associated, plain] = [randomBytes(32), randomBytes(12), randomBytes(22), randomBytes(length)];
      const sealBy = (way: AesGcm) => {
        const [bytes, tag] = [Buffer.from(plain), Buffer.alloc(16)];
        way.seal(key, nonce, associated, bytes, tag);
        return { bytes, tag };
      };
      const sealed = sealBy(direct);
      assert.deepEqual(sealed, sealBy(nodeAesGcm));
      for (const way of [direct, nodeAesGcm]) {
        const target = Buffer.alloc(length);
        assert.equal(way.open(key, nonce, associated, sealed.bytes, sealed.tag, target), true);
        assert.deepEqual(target, plain);
        assert.equal(
          way.open(key, nonce, randomBytes(22), sealed.bytes, sealed.tag, target),
          false,
          'other associated data',
        );
        assert.equal(
          way.open(randomBytes(32), nonce, associated, sealed.bytes, sealed.tag, target),
          false,
          'another key',
        );
      }
    }
  },
);

test('a key, a nonce or room of the wrong length never reaches OpenSSL', onLinux, () => {
  const direct = directAesGcm();
  assert.ok(direct);
  const [bytes, tag] = [Buffer.alloc(10), Buffer.alloc(16)];
  assert.throws(() => direct.seal(Buffer.alloc(16), Buffer.alloc(12), bytes, bytes, tag), RangeError);
  assert.throws(() => direct.seal(Buffer.alloc(32), Buffer.alloc(8), bytes, bytes, tag), RangeError);
  assert.throws(() => direct.open(Buffer.alloc(32), Buffer.alloc(12), bytes, bytes, tag, Buffer.alloc(9)), RangeError);
});

test(
  'zstd called directly compresses to the same bytes as through Node, and each opens what the other made',
  onLinux,
  () => {
    const direct = directZstd();
    assert.ok(direct, 'this Node exports zstd');
    for (const length of lengths) {
      for (const plain of [textOf(length), randomBytes(length)]) {
        const [mine, theirs] = [Buffer.alloc(length + 65_536), Buffer.alloc(length + 65_536)];
        const packedBytes = direct.compress(mine, plain, 1);
        assert.equal(packedBytes, nodeZstd.compress(theirs, plain, 1));
        const packed = mine.subarray(0, packedBytes);
        assert.deepEqual(packed, theirs.subarray(0, packedBytes));
        for (const way of [direct, nodeZstd]) {
          const target = Buffer.alloc(length);
          assert.equal(way.decompress(target, packed), length);
          assert.deepEqual(target, plain);
        }
      }
    }
  },
);

test('too little room, and bytes that are no zstd, are answers and not crashes, either way', onLinux, () => {
  const direct = directZstd();
  assert.ok(direct);
  const plain = textOf(100_000);
  const packed = Buffer.alloc(10_000);
  const packedBytes = direct.compress(packed, plain, 1);
  for (const way of [direct, nodeZstd]) {
    assert.equal(way.compress(Buffer.alloc(20), plain, 1), undefined);
    assert.equal(way.compress(Buffer.alloc(0), plain, 1), undefined);
    assert.equal(way.decompress(Buffer.alloc(99_999), packed.subarray(0, packedBytes)), undefined);
    assert.equal(way.decompress(Buffer.alloc(0), packed.subarray(0, packedBytes)), undefined);
    assert.equal(way.decompress(Buffer.alloc(100_000), randomBytes(5000)), undefined);
    assert.equal(way.decompress(Buffer.alloc(100_000), packed.subarray(0, 100)), undefined);
  }
});
