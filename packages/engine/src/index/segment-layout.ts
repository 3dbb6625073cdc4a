import { crc32 } from 'node:zlib';
import type { PackFacts } from '../authority/authority.ts';
import { ByteWriter } from '../codec/byte-writer.ts';
import { checkEnvelope, writeEnvelope } from '../codec/envelope.ts';
import { TAG_BYTES } from '../crypt/aead.ts';
import { CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { EngineError } from '../engine-error.ts';
import { PACK_ID_BYTES, packIdBytes, packIdText } from '../pack/pack-id.ts';

/** Bytes of index segments (docs/format/index.md). */
export const SEGMENT_HEADER_BYTES = 128;
export const SEGMENT_ID_BYTES = 16;
export const ENTRY_BYTES = CHUNK_ID_BYTES + 12;
export const PAGE_ENTRIES = 113;
export const DIRECTORY_ENTRY_BYTES = 8;
export const PACK_ROW_BYTES = 72;

export const SECTIONS = { packs: 1, filter: 2, directory: 3, pages: 4 } as const;
export type Section = (typeof SECTIONS)[keyof typeof SECTIONS];

export interface SectionRange {
  readonly offset: number;
  readonly length: number;
}

export interface SegmentHeader {
  readonly segmentId: Uint8Array;
  readonly dataKeySerial: number;
  readonly entryCount: number;
  readonly packCount: number;
  readonly pageCount: number;
  readonly packs: SectionRange;
  readonly filter: SectionRange;
  readonly directory: SectionRange;
  readonly pages: SectionRange;
}

/** Name of a segment in the store. */
export function segmentKey(segmentId: string): string {
  return `index/${segmentId}`;
}

export function blockNonceNumber(section: Section, block: number): number {
  return ((section << 28) | block) >>> 0;
}

export function blockAssociatedData(section: Section, segmentId: Uint8Array, block: number): Buffer {
  return new ByteWriter(32).u8(1).u8(section).raw(segmentId).u32(block).take();
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const writer = new ByteWriter(SEGMENT_HEADER_BYTES);
  writeEnvelope(writer, 'segment');
  writer.raw(header.segmentId).u32(header.dataKeySerial).u32(header.entryCount);
  writer.u32(header.packCount).u32(header.pageCount);
  for (const range of [header.packs, header.filter, header.directory, header.pages]) {
    writer.u64(range.offset).u64(range.length);
  }
  writer.raw(new Uint8Array(20));
  return writer.u32(crc32(writer.view())).take();
}

export function decodeSegmentHeader(bytes: Buffer, name: string): SegmentHeader {
  checkEnvelope(bytes, 'segment', name);
  if (bytes.length < SEGMENT_HEADER_BYTES || crc32(bytes.subarray(0, 124)) !== bytes.readUInt32LE(124)) {
    throw new EngineError('damaged', `${name} has a damaged header`);
  }
  const header = headerOf(bytes);
  if (isConsistent(header)) return header;
  throw new EngineError('damaged', `${name} has a header whose sections do not follow each other`);
}

/** The header is not sealed: before its numbers decide what is read, they must agree with each other (F-63). */
function isConsistent({ packs, filter, directory, pages, ...counts }: SegmentHeader): boolean {
  const { entryCount, packCount, pageCount } = counts;
  const isInOrder =
    packs.offset === SEGMENT_HEADER_BYTES &&
    filter.offset === packs.offset + packs.length &&
    directory.offset === filter.offset + filter.length &&
    pages.offset === directory.offset + directory.length;
  return (
    isInOrder &&
    pageCount === Math.ceil(entryCount / PAGE_ENTRIES) &&
    packs.length === packCount * PACK_ROW_BYTES + TAG_BYTES &&
    directory.length === pageCount * DIRECTORY_ENTRY_BYTES + TAG_BYTES &&
    pages.length === entryCount * ENTRY_BYTES + pageCount * TAG_BYTES
  );
}

function headerOf(bytes: Buffer): SegmentHeader {
  const number64 = (at: number) => bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
  const range = (index: number) => ({ offset: number64(40 + index * 16), length: number64(48 + index * 16) });
  return {
    segmentId: bytes.subarray(8, 8 + SEGMENT_ID_BYTES),
    dataKeySerial: bytes.readUInt32LE(24),
    entryCount: bytes.readUInt32LE(28),
    packCount: bytes.readUInt32LE(32),
    pageCount: bytes.readUInt32LE(36),
    packs: range(0),
    filter: range(1),
    directory: range(2),
    pages: range(3),
  };
}

/** A pack as an index segment describes it. */
export interface IndexedPack extends PackFacts {
  readonly frameCount: number;
}

export function encodePackRows(packs: readonly IndexedPack[]): Buffer {
  const writer = new ByteWriter(packs.length * PACK_ROW_BYTES + 1);
  for (const pack of packs) {
    writer
      .raw(packIdBytes(pack.packId))
      .u8(pack.kind === 'data' ? 1 : 2)
      .raw(new Uint8Array(3));
    writer.u32(pack.sizeBytes).u64(pack.cohortUntilAt ?? 0);
    writer.raw(Buffer.from(pack.merkleRoot, 'hex')).u32(pack.crc32).u32(pack.frameCount);
  }
  return writer.take();
}

export function decodePackRows(bytes: Buffer): readonly IndexedPack[] {
  const packs: IndexedPack[] = [];
  for (let at = 0; at + PACK_ROW_BYTES <= bytes.length; at += PACK_ROW_BYTES) {
    const cohortUntilAt = bytes.readUInt32LE(at + 24) + bytes.readUInt32LE(at + 28) * 0x1_0000_0000;
    packs.push({
      packId: packIdText(bytes.subarray(at, at + PACK_ID_BYTES)),
      kind: bytes[at + 16] === 1 ? 'data' : 'tree',
      sizeBytes: bytes.readUInt32LE(at + 20),
      ...(cohortUntilAt === 0 ? {} : { cohortUntilAt }),
      merkleRoot: bytes.toString('hex', at + 32, at + 64),
      crc32: bytes.readUInt32LE(at + 64),
      frameCount: bytes.readUInt32LE(at + 68),
    });
  }
  return packs;
}
