import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  createRepository,
  KeyFileProvider,
  openFsStore,
  type RecoveryPointReader,
  type Repository,
  SqliteAuthority,
} from '@holdfast/engine';
import { temporaryDirectory } from '@holdfast/testkit';
import type { Connector, RecoveryPointContent } from '../../sdk/v1/connector.ts';

/** A vault of the real engine in a directory of its own. */
export async function engineRepository(t: TestContext): Promise<Repository> {
  const directory = temporaryDirectory(t);
  const authority = new SqliteAuthority({ path: join(directory, 'authority.sqlite') });
  const repository = await createRepository({
    store: await openFsStore({ root: join(directory, 'store'), create: true, now: Date.now }),
    keyProvider: await KeyFileProvider.open(join(directory, 'keys.json')),
    authority,
  });
  t.after(() => repository.close());
  return repository;
}

export interface EngineBackup {
  readonly repository: Repository;
  readonly resourceArn: string;
  readonly recoveryPointId: string;
  readonly parentId?: string;
}

/** Backs a resource up into the vault, as a job does. */
export async function backUpIntoEngine(connector: Connector, backup: EngineBackup) {
  const { signal } = new AbortController();
  const { repository, resourceArn, recoveryPointId, parentId } = backup;
  const session = await connector.openBackup({ resourceArn, options: {}, signal });
  let stored = false;
  try {
    const sealed = await repository.backupItems({
      recoveryPointId,
      retention: {},
      facts: {},
      entries: session.entries(signal),
      signal,
      ...(parentId === undefined ? {} : { parentId }),
    });
    stored = true;
    return sealed;
  } finally {
    await session.release({ stored });
  }
}

/** A recovery point of the engine as the connector reads it. */
export function engineContent(reader: RecoveryPointReader): RecoveryPointContent {
  return {
    items: (under) => reader.items(under),
    item: (path) => reader.item(path),
    read: (path, range) => reader.read(path, range),
    writeFiles: (files, options) => reader.writeFiles(files, options),
  };
}
