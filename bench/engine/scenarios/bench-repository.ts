/** A repository on disk for one scenario: file-system store, key file and authority, with a ledger of the requests. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  createRepository,
  KeyFileProvider,
  openStore,
  type Repository,
  RequestLedger,
  SqliteAuthority,
} from '@holdfast/engine';

export interface BenchRepository extends AsyncDisposable {
  readonly repository: Repository;
  readonly ledger: RequestLedger;
}

/** What a repository in a directory is opened with. */
export async function repositoryParts(directory: string, create: boolean) {
  mkdirSync(directory, { recursive: true });
  const store = await openStore(
    { kind: 'file-system', root: join(directory, 'store'), create },
    { now: Date.now, newName: randomUUID },
  );
  const authority = new SqliteAuthority({ path: join(directory, 'authority.db') });
  const keyProvider = await KeyFileProvider.open(join(directory, 'key'));
  return { store: new RequestLedger(store), authority, keyProvider };
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
