import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { CHUNK_KINDS, ChunkIdHasher } from '../crypt/chunk-id.ts';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { EngineError } from '../engine-error.ts';
import { moveFrame, openFrame, readFrameHeader } from './frame.ts';
import { PackBuilder, type SealedPack } from './pack-builder.ts';
import { dataKeySerialOfPack, fenceOfPack, makePackId, packIdText, packKey } from './pack-id.ts';
import { decodePackFooter, decodePackHeader, decodeTrailer, hashLeaves, PACK_FOOTER_BYTES } from './pack-layout.ts';

const dataKey = Buffer.alloc(32, 3);
const hasher = new ChunkIdHasher(Buffer.alloc(32, 4));
const packId = makePackId(17, 2, Buffer.from('abcdefgh'));
const keyOf = (birth: Uint8Array) => derivedKeys.pack(dataKey, birth);
const contents = [Buffer.from('text '.repeat(5000)), Buffer.alloc(0), hasher.full(1, Buffer.from('noise'))];

function makePack(id: Uint8Array = packId): { readonly bytes: Buffer; readonly sealed: SealedPack } {
  const buffer = Buffer.alloc(PackBuilder.bufferBytes(1 << 20, 1 << 20));
  const builder = new PackBuilder(buffer, { packId: id, kind: 'data', cohortUntilAt: 86_400_000 }, keyOf(id), 1 << 20);
  for (const plain of contents) builder.add(hasher.full(CHUNK_KINDS.data, plain), CHUNK_KINDS.data, plain, 1);
  const sealed = builder.seal();
  return { bytes: buffer.subarray(0, sealed.sizeBytes), sealed };
}

function readBack(bytes: Buffer) {
  const footer = decodePackFooter(bytes.subarray(-PACK_FOOTER_BYTES), 'pack');
  const trailer = bytes.subarray(footer.trailerOffset, footer.trailerOffset + footer.trailerBytes);
  return { footer, entries: decodeTrailer(trailer, packId, keyOf, 'pack') };
}

test('a pack opens through its trailer to what was put in, compressed where it helps', () => {
  const { bytes, sealed } = makePack();
  const { entries } = readBack(bytes);
  assert.deepEqual(
    entries.map(({ offset, kind }) => openFrame(bytes, offset, packId, kind, keyOf)),
    contents,
  );
  assert.ok((entries[0]?.frameBytes ?? 0) < 1000, 'text is compressed');
  assert.equal(sealed.frameCount, 3);
  assert.deepEqual([fenceOfPack(packId), dataKeySerialOfPack(packId)], [17, 2]);
  assert.equal(packKey(packIdText(packId)), `packs/68/${packIdText(packId)}`);
});

test('F-22: leaves, root and CRC-32 verify a pack without any key', () => {
  const { bytes, sealed } = makePack();
  const { footer } = readBack(bytes);
  const leaves = bytes.subarray(footer.leavesOffset, footer.leavesOffset + footer.leafCount * 32);
  assert.deepEqual(hashLeaves(bytes.subarray(0, footer.leavesOffset)), leaves);
  assert.equal(crc32(bytes), sealed.crc32);
  assert.equal(crc32(bytes.subarray(-PACK_FOOTER_BYTES), footer.bodyCrc32), sealed.crc32);
});

test('F-18: a frame opens only at its slot, of its kind, in its birth pack', () => {
  const { bytes } = makePack();
  const { entries } = readBack(bytes);
  const [first] = entries;
  assert.ok(first);
  const other = makePackId(17, 2, Buffer.from('zzzzzzzz'));
  assert.equal(openFrame(bytes, first.offset, other, 1, keyOf), undefined, 'another pack');
  assert.equal(openFrame(bytes, first.offset, packId, 2, keyOf), undefined, 'another kind');
  assert.equal(
    openFrame(bytes, first.offset, packId, 1, () => Buffer.alloc(32)),
    undefined,
    'another key',
  );
  for (let at = first.offset; at < first.offset + first.frameBytes; at += 1) {
    const tampered = Buffer.from(bytes);
    tampered[at] = (tampered[at] ?? 0) ^ 1;
    assert.equal(openFrame(tampered, first.offset, packId, 1, keyOf), undefined, `byte ${at}`);
  }
});

test('F-16: a moved frame opens anywhere, under the key of its birth pack, and moves again', () => {
  const { bytes } = makePack();
  const [first] = readBack(bytes).entries;
  assert.ok(first);
  const frame = bytes.subarray(first.offset, first.offset + first.frameBytes);
  const moved = moveFrame(frame, packId);
  const elsewhere = makePackId(99, 5, Buffer.from('elsewher'));
  const again = moveFrame(moved, elsewhere);
  assert.deepEqual(again, moved);
  assert.deepEqual(openFrame(moved, 0, elsewhere, 1, keyOf), contents[0]);
  assert.deepEqual(Buffer.from(readFrameHeader(moved, 0, elsewhere)?.birthPackId ?? []), packId);
});

test('F-2, F-3: a newer pack is unsupported, a broken one damaged', () => {
  const { bytes } = makePack();
  const codeOf = (change: (copy: Buffer) => void) => {
    const copy = Buffer.from(bytes);
    change(copy);
    try {
      decodePackHeader(copy, 'pack');
      return 'fine';
    } catch (error) {
      return error instanceof EngineError ? error.code : 'other';
    }
  };
  assert.equal(
    codeOf(() => undefined),
    'fine',
  );
  assert.equal(
    codeOf((copy) => copy.writeUInt8(2, 5)),
    'unsupported',
  );
  assert.equal(
    codeOf((copy) => copy.writeUInt16LE(1, 6)),
    'unsupported',
  );
  assert.equal(
    codeOf((copy) => copy.writeUInt8(0, 0)),
    'damaged',
  );
  assert.equal(
    codeOf((copy) => copy.writeUInt8(9, 40)),
    'damaged',
  );
});
