import { type ChunkParameters, DEFAULT_CHUNKING } from './chunk/chunk-parameters.ts';
import { decodeJsonObject, encodeJsonObject } from './codec/json-object.ts';
import { ChunkIdHasher } from './crypt/chunk-id.ts';
import { derivedKeys } from './crypt/derived-keys.ts';
import { EngineError } from './engine-error.ts';
import { ChunkIndex } from './index/chunk-index.ts';
import type { KeyProvider } from './keys/key-provider.ts';
import { KeyRing } from './keys/key-ring.ts';
import { type PointObject, pointKey } from './point/point-object.ts';
import { putObject } from './put-object.ts';
import { readPoint as readPointObject } from './retention/read-point.ts';
import type { VaultParts } from './retention/vault-parts.ts';
import { isStoreError } from './store/store-error.ts';

const HEADER_NAME = 'vault';
const VAULT_ID = /^[0-9a-f]{32}$/;

export interface VaultOptions extends Omit<VaultParts, 'vaultId' | 'keys'> {
  readonly keyProvider: KeyProvider;
}

/** An opened vault: what backup and restore share, besides what maintenance needs. */
export interface Vault extends VaultParts {
  readonly index: ChunkIndex;
  readonly chunking: ChunkParameters;
  readonly idKeys: { readonly chunkIdKey: Uint8Array; readonly gearTable: Uint8Array };
  readonly idHasher: ChunkIdHasher;
}

async function assemble(options: VaultOptions, vaultId: string, keys: KeyRing): Promise<Vault> {
  const idDomainKey = await keys.idDomainKey();
  const chunkIdKey = derivedKeys.chunkId(idDomainKey);
  const index = new ChunkIndex({
    store: options.store,
    segments: () => options.authority.segments(vaultId),
    indexKeyOf: async (serial, segmentId) => derivedKeys.index(await keys.dataKey(serial), segmentId),
  });
  const { store, authority, clock, random, holder, leaseMs } = options;
  return {
    store,
    authority,
    clock,
    random,
    holder,
    leaseMs,
    vaultId,
    keys,
    index,
    chunking: DEFAULT_CHUNKING,
    idKeys: { chunkIdKey, gearTable: derivedKeys.gearTable(idDomainKey) },
    idHasher: new ChunkIdHasher(chunkIdKey),
  };
}

/** @throws StoreError `already-exists` when the store holds a vault */
export async function createVault(
  options: VaultOptions,
  fixed: { readonly vaultId?: string; readonly idDomainKey?: Uint8Array },
): Promise<Vault> {
  const vaultId = fixed.vaultId ?? Buffer.from(options.random(16)).toString('hex');
  if (!VAULT_ID.test(vaultId)) {
    throw new EngineError('invalid-argument', `a vault ID has 32 hexadecimal digits, not ${JSON.stringify(vaultId)}`);
  }
  const header = encodeJsonObject('vault', { vaultId, createdAt: options.clock() });
  await putObject(options.store, HEADER_NAME, [header]);
  const keys = await KeyRing.create({ ...options, vaultId }, fixed.idDomainKey ?? options.random(32));
  return assemble(options, vaultId, keys);
}

/** @throws EngineError `not-found` when the store holds no vault; KeyError when its key does not unwrap */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const bytes = await options.store.get(HEADER_NAME).catch((error: unknown) => {
    if (!isStoreError(error, 'not-found')) throw error;
    throw new EngineError('not-found', `there is no vault in ${options.store.properties.label}`, { cause: error });
  });
  const vaultId = String(decodeJsonObject('vault', bytes, HEADER_NAME)['vaultId']);
  return assemble(options, vaultId, await KeyRing.open({ ...options, vaultId }));
}

/** Reads the object of a committed recovery point. @throws EngineError `not-found` or `damaged` */
export async function readPoint(vault: Vault, recoveryPointId: string): Promise<PointObject> {
  const committed = await vault.authority.recoveryPoint(vault.vaultId, recoveryPointId);
  if (committed === undefined) {
    throw new EngineError('not-found', `there is no recovery point ${recoveryPointId} in this vault`);
  }
  return readPointObject(vault, recoveryPointId, committed.fence).catch((error: unknown) => {
    if (!isStoreError(error, 'not-found')) throw error;
    throw new EngineError('damaged', `the store lost ${pointKey(recoveryPointId, committed.fence)}`, { cause: error });
  });
}
