/** The engine's vault of a benchmark: a directory with its store, its key and its authority. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectorContext, RestoreRequest } from '@holdfast/connectors/sdk';
import { KeyFileProvider, openStore, SqliteAuthority } from '@holdfast/engine';

/** What `createRepository` and `openRepository` need for the vault in a directory. */
export async function vaultParts(directory: string, options: { readonly create: boolean }) {
  mkdirSync(directory, { recursive: true });
  const store = await openStore(
    { kind: 'file-system', root: join(directory, 'store'), create: options.create },
    { now: Date.now, newName: randomUUID },
  );
  const keyProvider = await KeyFileProvider.open(join(directory, 'key'));
  return { store, keyProvider, authority: new SqliteAuthority({ path: join(directory, 'authority.db') }) };
}

/** What a connector gets beside such a vault. */
export function connectorContext(directory: string, restoreDirectory: string): ConnectorContext {
  const stateDirectory = join(directory, 'state');
  mkdirSync(stateDirectory, { recursive: true });
  return {
    now: Date.now,
    newId: (prefix) => prefix + randomUUID().replaceAll('-', '').slice(0, 17),
    log: () => undefined,
    stateDirectory,
    restoreDirectory,
    holdfastDirectories: [directory],
  };
}

/** What all restores of a benchmark ask alike; an item that cannot be restored ends it. */
export function restoreCommons(
  signal: AbortSignal,
): Pick<RestoreRequest, 'tags' | 'jobId' | 'startedAt' | 'signal' | 'progress' | 'issue'> {
  return {
    tags: {},
    jobId: randomUUID(),
    startedAt: Date.now(),
    signal,
    progress: () => undefined,
    issue: (issue) => {
      throw new Error(`${issue.code}: ${issue.message}`);
    },
  };
}
