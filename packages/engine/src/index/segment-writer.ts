import { ByteWriter } from '../codec/byte-writer.ts';
import { numberedNonce, seal } from '../crypt/aead.ts';
import { CHUNK_ID_BYTES } from '../crypt/chunk-id.ts';
import { BloomFilter } from './bloom-filter.ts';
import {
  blockAssociatedData,
  blockNonceNumber,
  DIRECTORY_ENTRY_BYTES,
  ENTRY_BYTES,
  encodePackRows,
  encodeSegmentHeader,
  type IndexedPack,
  PAGE_ENTRIES,
  SECTIONS,
  SEGMENT_HEADER_BYTES,
  type Section,
} from './segment-layout.ts';

/** A chunk's place; `pack` counts in the list of packs given along. */
export interface SegmentEntry {
  /** At least the first 24 bytes. */
  readonly chunkId: Uint8Array;
  readonly pack: number;
  readonly offset: number;
  readonly frameBytes: number;
}

export interface SegmentKeys {
  readonly segmentId: Uint8Array;
  readonly dataKeySerial: number;
  readonly indexKey: Uint8Array;
}

/**
 * Encodes an index segment.
 * @param entries strictly ascending by ID
 * @param count how many entries there are
 * @returns the object in parts, in order
 */
export function encodeSegment(
  keys: SegmentKeys,
  packs: readonly IndexedPack[],
  entries: Iterable<SegmentEntry>,
  count: number,
): readonly Buffer[] {
  const sealBlock = (section: Section, block: number, plain: Uint8Array) =>
    seal(
      keys.indexKey,
      numberedNonce(blockNonceNumber(section, block)),
      blockAssociatedData(section, keys.segmentId, block),
      plain,
    );
  const filter = BloomFilter.forEntries(count);
  const directory = new ByteWriter(Math.ceil(count / PAGE_ENTRIES) * DIRECTORY_ENTRY_BYTES + 1);
  const pages: Buffer[] = [];
  const page = new ByteWriter(PAGE_ENTRIES * ENTRY_BYTES);
  const endPage = () => {
    if (page.length > 0) pages.push(sealBlock(SECTIONS.pages, pages.length, page.view()));
    page.clear();
  };
  for (const entry of entries) {
    const id = Buffer.from(entry.chunkId.buffer, entry.chunkId.byteOffset, CHUNK_ID_BYTES);
    if (page.length === 0) directory.raw(id.subarray(0, DIRECTORY_ENTRY_BYTES));
    filter.add(id);
    page.raw(id).u32(entry.pack).u32(entry.offset).u32(entry.frameBytes);
    if (page.length >= PAGE_ENTRIES * ENTRY_BYTES) endPage();
  }
  endPage();
  const sections = [
    [sealBlock(SECTIONS.packs, 0, encodePackRows(packs))],
    [sealBlock(SECTIONS.filter, 0, filter.encode())],
    [sealBlock(SECTIONS.directory, 0, directory.view())],
    pages,
  ];
  let offset = SEGMENT_HEADER_BYTES;
  const [packRange, filterRange, directoryRange, pageRange] = sections.map((blocks) => {
    const length = blocks.reduce((sum, block) => sum + block.length, 0);
    const range = { offset, length };
    offset += length;
    return range;
  });
  const none = { offset: 0, length: 0 };
  const header = encodeSegmentHeader({
    segmentId: keys.segmentId,
    dataKeySerial: keys.dataKeySerial,
    entryCount: count,
    packCount: packs.length,
    pageCount: pages.length,
    packs: packRange ?? none,
    filter: filterRange ?? none,
    directory: directoryRange ?? none,
    pages: pageRange ?? none,
  });
  return [header, ...sections.flat()];
}
