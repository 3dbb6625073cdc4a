/** Disk images of the soak: sparse, a few blocks of each state changed, more than one leaf of the map long. */
import type { BackupImageRequest, ImageExtent } from '../../repository.ts';
import { bytesOf, type Dice } from './soak-content.ts';

export const IMAGE_BLOCK_BYTES = 65_536;
const BLOCKS_AT_MOST = 3000;
const FILLED_AT_MOST = 60;

/** An image: the seeds of its blocks that are no holes, by number of the block. */
export interface SoakImage {
  readonly blockCount: number;
  readonly blocks: Readonly<Record<number, number>>;
}

/** A first image, or the next state of one: blocks overwritten, filled and discarded, now and then made longer. */
export function nextImage(throwDice: Dice, before: SoakImage | undefined): SoakImage {
  const grown = before === undefined ? 200 + throwDice(BLOCKS_AT_MOST) : before.blockCount + throwDice(4) * 100;
  const blockCount = before !== undefined && throwDice(4) !== 0 ? before.blockCount : grown;
  const blocks: Record<number, number> = { ...before?.blocks };
  const changes = before === undefined ? FILLED_AT_MOST : 1 + throwDice(12);
  for (let change = 0; change < changes; change += 1) {
    blocks[throwDice(blockCount)] = throwDice(0x7fffffff);
  }
  const filled = Object.keys(blocks).map(Number);
  while (filled.length > FILLED_AT_MOST || (filled.length > 0 && throwDice(3) === 0)) {
    const [discarded = 0] = filled.splice(throwDice(filled.length), 1);
    delete blocks[discarded];
  }
  return { blockCount, blocks };
}

/** The bytes of a block; undefined for a hole. */
export function blockOf({ blocks }: SoakImage, block: number): Uint8Array | undefined {
  const seed = blocks[block];
  return seed === undefined ? undefined : bytesOf({ name: '', seed, sizeBytes: IMAGE_BLOCK_BYTES });
}

/** How a source would hand the image over, with hints about what changed since its parent. */
export function imageSource(
  image: SoakImage,
  parent: SoakImage | undefined,
): Pick<BackupImageRequest, 'sizeBytes' | 'blockBytes' | 'source' | 'extents'> {
  return {
    sizeBytes: image.blockCount * IMAGE_BLOCK_BYTES,
    blockBytes: IMAGE_BLOCK_BYTES,
    source: { kind: 'reader', read: async (offset, length) => bytesAt(image, offset, length) },
    extents: extentsOf(image, parent),
  };
}

function bytesAt(image: SoakImage, offset: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  const first = Math.floor(offset / IMAGE_BLOCK_BYTES);
  for (let block = first; block * IMAGE_BLOCK_BYTES < offset + length; block += 1) {
    const at = block * IMAGE_BLOCK_BYTES - offset;
    const held = blockOf(image, block) ?? new Uint8Array(IMAGE_BLOCK_BYTES);
    bytes.set(held.subarray(Math.max(0, -at), Math.min(IMAGE_BLOCK_BYTES, length - at)), Math.max(0, at));
  }
  return bytes;
}

async function* extentsOf(image: SoakImage, parent: SoakImage | undefined): AsyncGenerator<ImageExtent> {
  for (let block = 0; block < image.blockCount; block += 1) {
    const isSame = parent !== undefined && block < parent.blockCount && image.blocks[block] === parent.blocks[block];
    const state = isSame ? 'unchanged' : image.blocks[block] === undefined ? 'zero' : 'data';
    yield { offset: block * IMAGE_BLOCK_BYTES, length: IMAGE_BLOCK_BYTES, state };
  }
}
