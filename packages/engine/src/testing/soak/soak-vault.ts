/** The two vaults under soak: real directories, real databases, real keys, short leases, a cold tier, one ID domain. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteAuthority } from '../../authority/sqlite-authority.ts';
import { createRepository, openRepository } from '../../engine-repository.ts';
import { KeyFileProvider } from '../../keys/key-file-provider.ts';
import type { Repository } from '../../repository.ts';
import type { VaultParts } from '../../retention/vault-parts.ts';
import { openStore } from '../../store/open-store.ts';
import { PayloadWorkers } from '../../worker/payload-workers.ts';
import type { SoakSide } from './soak-point.ts';

/** Dead writers are forgotten after this time, in ms. */
export const LEASE_MS = 3000;

export interface SoakVault {
  readonly side: SoakSide;
  readonly repository: Repository;
  readonly parts: VaultParts;
  readonly keyProvider: KeyFileProvider;
  /** Closes everything that was opened for this vault and the other one. */
  close(): Promise<void>;
}

export type SoakVaults = readonly [SoakVault, SoakVault];

/** Opens both vaults, and makes them when they are not there. */
export async function openSoakVaults(directory: string): Promise<SoakVaults> {
  const workers = new PayloadWorkers(2, 2);
  return [await openSoakVault(directory, 0, workers), await openSoakVault(directory, 1, workers)];
}

async function openSoakVault(directory: string, side: SoakSide, workers: PayloadWorkers): Promise<SoakVault> {
  const root = join(directory, `vault-${side}`);
  const keyFile = join(directory, `key-${side}`);
  const isNew = !existsSync(keyFile);
  const keyProvider = await KeyFileProvider.open(keyFile);
  const store = await openStore(
    { kind: 'file-system', root, coldRoot: `${root}-cold`, create: true, reserveBytes: 0 },
    { now: Date.now, newName: randomUUID },
  );
  const authority = new SqliteAuthority({ path: join(directory, `authority-${side}.db`) });
  const limits = { leaseMs: LEASE_MS, memoryBytes: 128 << 20 };
  const options = { store, keyProvider, authority, limits, workers };
  const idDomainKey = createHash('sha256').update('soak').digest();
  const repository = isNew ? await createRepository({ ...options, idDomainKey }) : await openRepository(options);
  const close = async (): Promise<void> => {
    await repository.close();
    await workers.close();
    authority.close();
  };
  return { side, repository, parts: repository.parts, keyProvider, close };
}
