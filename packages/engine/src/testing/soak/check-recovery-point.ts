import { EngineError } from '../../engine-error.ts';
import type { RecoveryPointReader, Repository } from '../../repository.ts';
import { bytesOf, type SoakFile } from './soak-content.ts';
import { blockOf, IMAGE_BLOCK_BYTES, type SoakImage } from './soak-image.ts';
import type { SoakPoint } from './soak-point.ts';

/**
 * Reads a recovery point completely and compares every byte.
 * @returns false when the recovery point is not there
 * @throws Error when it is there and not whole
 */
export async function checkRecoveryPoint(
  repository: Repository,
  { id, content }: Pick<SoakPoint, 'id' | 'content'>,
): Promise<boolean> {
  try {
    if (content.kind === 'image') await checkImage(repository, id, content.image);
    else {
      await using reader = await repository.openRecoveryPoint(id);
      await checkTree(reader, id, content.files);
    }
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return false;
    throw error;
  }
}

async function checkTree(reader: RecoveryPointReader, id: string, files: readonly SoakFile[]): Promise<void> {
  const expected = new Map(files.map((file) => [file.name, file]));
  for await (const item of reader.items()) {
    if (item.type !== 'file') continue;
    const name = Buffer.from(item.path).toString();
    const file = expected.get(name);
    if (file === undefined) throw new Error(`${id} holds ${name}, which was never in it`);
    expected.delete(name);
    const bytes = await joined(reader.read(item.path));
    if (!bytes.equals(bytesOf(file))) throw new Error(`${id}: ${name} came back different`);
  }
  if (expected.size > 0) throw new Error(`${id} lacks ${[...expected.keys()].slice(0, 5).join(', ')}`);
}

async function checkImage(repository: Repository, id: string, image: SoakImage): Promise<void> {
  await using reader = await repository.openImage(id);
  if (reader.sizeBytes !== image.blockCount * IMAGE_BLOCK_BYTES) {
    throw new Error(`${id} has ${reader.sizeBytes} bytes instead of ${image.blockCount} blocks`);
  }
  const missing = new Set(Object.keys(image.blocks).map(Number));
  for await (const { offset, length, isHole } of reader.extents()) {
    if (isHole) continue;
    const bytes = await joined(reader.read({ offset, length }));
    for (let at = 0; at < length; at += IMAGE_BLOCK_BYTES) {
      const block = (offset + at) / IMAGE_BLOCK_BYTES;
      const expected = blockOf(image, block);
      if (expected === undefined || !bytes.subarray(at, at + IMAGE_BLOCK_BYTES).equals(expected)) {
        throw new Error(`${id}: block ${block} came back different`);
      }
      missing.delete(block);
    }
  }
  if (missing.size > 0) throw new Error(`${id} lacks the blocks ${[...missing].slice(0, 5).join(', ')}`);
}

async function joined(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}
