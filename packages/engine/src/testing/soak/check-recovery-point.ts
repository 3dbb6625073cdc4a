import { EngineError } from '../../engine-error.ts';
import type { Repository } from '../../repository.ts';
import { bytesOf, type SoakFile } from './soak-content.ts';

/**
 * Reads a recovery point completely and compares every byte.
 * @returns false when the recovery point is not there
 * @throws Error when it is there and not whole
 */
export async function checkRecoveryPoint(
  repository: Repository,
  id: string,
  files: readonly SoakFile[],
): Promise<boolean> {
  let reader: Awaited<ReturnType<Repository['openRecoveryPoint']>>;
  try {
    reader = await repository.openRecoveryPoint(id);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return false;
    throw error;
  }
  await using _ = reader;
  const expected = new Map(files.map((file) => [file.name, file]));
  for await (const item of reader.items()) {
    if (item.type !== 'file') continue;
    const name = Buffer.from(item.path).toString();
    const file = expected.get(name);
    if (file === undefined) throw new Error(`${id} holds ${name}, which was never in it`);
    expected.delete(name);
    const parts: Uint8Array[] = [];
    for await (const part of reader.read(item.path)) parts.push(part);
    if (!Buffer.concat(parts).equals(bytesOf(file))) throw new Error(`${id}: ${name} came back different`);
  }
  if (expected.size > 0) throw new Error(`${id} lacks ${[...expected.keys()].slice(0, 5).join(', ')}`);
  return true;
}
