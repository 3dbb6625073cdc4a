import { EngineError } from '../engine-error.ts';
import { decodePoint, type PointObject, pointKey } from '../point/point-object.ts';
import type { VaultParts } from './vault-parts.ts';

/**
 * Reads and verifies a recovery-point object of this vault.
 * @throws StoreError `not-found`; EngineError `damaged`, `unsupported`; KeyError
 */
export async function readPoint(
  parts: Pick<VaultParts, 'vaultId' | 'store' | 'keys'>,
  recoveryPointId: string,
  fence: number,
): Promise<PointObject> {
  const name = pointKey(recoveryPointId, fence);
  const bytes = Buffer.from(await parts.store.get(name));
  return openPointOf(parts.vaultId, bytes, name, (serial) => parts.keys.dataKey(serial));
}

/** Opens a recovery-point object that must belong to a vault. */
export async function openPointOf(
  vaultId: string,
  bytes: Buffer,
  name: string,
  dataKeyOf: (serial: number) => Promise<Uint8Array>,
): Promise<PointObject> {
  const point = await decodePoint(bytes, name, dataKeyOf).catch((error: unknown) => {
    // A header that is no JSON any more, or lacks its members, is damage like any other.
    const isDamage = error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError;
    throw isDamage ? new EngineError('damaged', `${name} is damaged`, { cause: error }) : error;
  });
  if (point.header.vaultId === vaultId) return point;
  throw new EngineError('damaged', `${name} was sealed for vault ${point.header.vaultId}, not ${vaultId}`);
}
