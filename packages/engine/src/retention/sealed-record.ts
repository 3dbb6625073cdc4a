import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { derivedKeys } from '../crypt/derived-keys.ts';
import { EngineError } from '../engine-error.ts';
import { checksumOf } from '../store/checksum.ts';
import type { StoreRetention } from '../store/store.ts';
import { encodeSealedObject, openSealedObject, readSealedObject, type SealedObjectHeader } from './sealed-object.ts';
import type { VaultParts } from './vault-parts.ts';

/** A record's own name is authenticated with it, so that no record can stand in for another. */
interface RecordHeader extends SealedObjectHeader {
  readonly name: string;
}

/**
 * Seals a JSON value and puts it under a name (docs/format/records.md).
 * @throws StoreError `already-exists` when the name is taken
 */
export async function putRecord(
  parts: VaultParts,
  name: string,
  value: unknown,
  options: { readonly lock?: StoreRetention; readonly mayUseReserve?: boolean } = {},
): Promise<void> {
  const { serial, key } = await parts.keys.writeKey();
  const header: RecordHeader = { vaultId: parts.vaultId, dataKeySerial: serial, name };
  const plain = zstdCompressSync(Buffer.from(JSON.stringify(value), 'utf8'));
  const salt = parts.random(16);
  const bytes = encodeSealedObject('record', header, plain, { dataKey: key, salt, derive: derivedKeys.record });
  await parts.store.put(name, [bytes], {
    checksum: checksumOf([bytes]),
    ...(options.lock === undefined ? {} : { retention: options.lock }),
    ...(options.mayUseReserve === undefined ? {} : { mayUseReserve: options.mayUseReserve }),
  });
}

/** @throws StoreError `not-found`; EngineError `damaged`, `unsupported` */
export async function readRecord(
  parts: Pick<VaultParts, 'vaultId' | 'store' | 'keys'>,
  name: string,
): Promise<unknown> {
  const closed = readSealedObject<RecordHeader>('record', await parts.store.get(name), name);
  const dataKey = await parts.keys.dataKey(closed.header.dataKeySerial);
  const plain = openSealedObject(closed, dataKey, derivedKeys.record, name);
  if (closed.header.name !== name || closed.header.vaultId !== parts.vaultId) {
    throw new EngineError(
      'damaged',
      `${name} holds the record ${closed.header.name} of vault ${closed.header.vaultId}`,
    );
  }
  return JSON.parse(zstdDecompressSync(plain).toString('utf8'));
}
