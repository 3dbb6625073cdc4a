import { crc32 } from 'node:zlib';
import type { PackId } from '../authority/authority.ts';
import type { PackToIndex } from '../collect/put-segment.ts';
import { EngineError } from '../engine-error.ts';
import { packIdBytes, packIdText, packKey } from '../pack/pack-id.ts';
import {
  decodePackFooter,
  decodePackHeader,
  decodeTrailer,
  PACK_FOOTER_BYTES,
  PACK_HEADER_BYTES,
  type TrailerEntry,
} from '../pack/pack-layout.ts';
import type { PackKeys } from '../read/pack-keys.ts';
import type { Store } from '../store/store.ts';

/** A pack as its own trailer describes it. */
export interface DescribedPack extends PackToIndex {
  readonly entries: readonly TrailerEntry[];
}

/**
 * What an index segment would say of a pack, from its own header, trailer and footer: three small reads, no content.
 * @throws EngineError `damaged`, `unsupported`
 */
export async function readTrailer(
  store: Store,
  packKeys: PackKeys,
  packId: PackId,
  sizeBytes: number,
): Promise<DescribedPack> {
  const name = packKey(packId);
  if (sizeBytes < PACK_HEADER_BYTES + PACK_FOOTER_BYTES) throw new EngineError('damaged', `${name} is too short`);
  const read = async (offset: number, length: number) =>
    Buffer.from(await store.get(name, { range: { offset, length } }));
  const header = decodePackHeader(await read(0, PACK_HEADER_BYTES), name);
  if (packIdText(header.packId) !== packId) throw new EngineError('damaged', `${name} holds another pack`);
  const footerBytes = await read(sizeBytes - PACK_FOOTER_BYTES, PACK_FOOTER_BYTES);
  const footer = decodePackFooter(footerBytes, name);
  const trailer = await read(footer.trailerOffset, footer.trailerBytes);
  const entries = decodeTrailer(trailer, packIdBytes(packId), (birth) => packKeys.of(birth), name);
  return {
    facts: {
      packId,
      kind: header.kind,
      sizeBytes,
      ...(header.cohortUntilAt === 0 ? {} : { cohortUntilAt: header.cohortUntilAt }),
      merkleRoot: Buffer.from(footer.merkleRoot).toString('hex'),
      crc32: crc32(footerBytes, footer.bodyCrc32),
    },
    entries,
  };
}
