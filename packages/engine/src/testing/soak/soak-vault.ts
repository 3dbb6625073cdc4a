/** The vault under soak: a real directory, a real database, real keys, short leases. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteAuthority } from '../../authority/sqlite-authority.ts';
import { createRepository, openRepository } from '../../engine-repository.ts';
import { KeyFileProvider } from '../../keys/key-file-provider.ts';
import { KeyRing } from '../../keys/key-ring.ts';
import type { Repository } from '../../repository.ts';
import type { VaultParts } from '../../retention/vault-parts.ts';
import { openStore } from '../../store/open-store.ts';

/** Dead writers are forgotten after this time, in ms. */
export const LEASE_MS = 3000;

export interface SoakVault {
  readonly repository: Repository;
  readonly parts: VaultParts;
}

export async function openSoakVault(directory: string): Promise<SoakVault> {
  const root = join(directory, 'store');
  const isNew = !existsSync(join(directory, 'key'));
  const keyProvider = await KeyFileProvider.open(join(directory, 'key'));
  const store = await openStore(
    { kind: 'file-system', root, create: true, reserveBytes: 0 },
    { now: Date.now, newName: randomUUID },
  );
  const authority = new SqliteAuthority({ path: join(directory, 'authority.db') });
  const limits = { threads: 2, leaseMs: LEASE_MS, memoryBytes: 128 << 20 };
  const options = { store, keyProvider, authority, limits };
  const repository = isNew ? await createRepository(options) : await openRepository(options);
  const random = (count: number): Uint8Array => randomBytes(count);
  const { vaultId } = repository;
  const keys = await KeyRing.open({ store, keyProvider, clock: Date.now, random, vaultId });
  const holder = `soak/${process.pid}`;
  return { repository, parts: { vaultId, store, authority, keys, clock: Date.now, random, holder, leaseMs: LEASE_MS } };
}
