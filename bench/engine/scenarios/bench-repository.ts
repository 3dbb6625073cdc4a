/** A repository on disk for one scenario: file-system store, key file and authority, with a ledger of the requests. */
import { rmSync } from 'node:fs';
import { createRepository, type Repository, RequestLedger } from '@holdfast/engine';
import { vaultParts } from '../../open-vault.ts';

export interface BenchRepository extends AsyncDisposable {
  readonly repository: Repository;
  readonly ledger: RequestLedger;
}

/** What a repository in a directory is opened with. */
export async function repositoryParts(directory: string, create: boolean) {
  const parts = await vaultParts(directory, { create });
  return { ...parts, store: new RequestLedger(parts.store) };
}

/** Made anew each time, and removed when it is disposed of. */
export async function benchRepository(directory: string): Promise<BenchRepository> {
  rmSync(directory, { recursive: true, force: true });
  const parts = await repositoryParts(directory, true);
  const repository = await createRepository(parts);
  return {
    repository,
    ledger: parts.store,
    [Symbol.asyncDispose]: async () => {
      await repository.close();
      parts.authority.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The largest resident size of this process so far, threads included, in MiB. */
export function peakMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}
