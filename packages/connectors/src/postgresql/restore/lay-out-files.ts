import { lchown, mkdir, open, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ItemRecord } from '@holdfast/engine';
import type { UserIdentity } from '../../child-process/identity-of.ts';
import { dataDirectoryOf } from '../../restored-instances/instance-directory.ts';
import type { FileToWrite, RestoreRequest } from '../../sdk/v1/connector.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import { type BackupFacts, type BackupItem, backupItemOf, factsOf } from '../backup/backup-items.ts';
import { tablespaceDirectoryOf } from './instance-directory.ts';

const DIRECTORY_MODE = 0o700;

export interface LayOutTarget {
  readonly directory: string;
  readonly identity: UserIdentity | undefined;
}

export interface LaidOut {
  readonly bytes: number;
  readonly items: number;
  /** Whether some content could not be delivered. */
  readonly isDamaged: boolean;
}

/** @throws ConnectorError `permanent` for a recovery point that does not come from here */
export async function readBackupFacts({ content }: Pick<RestoreRequest, 'content'>): Promise<BackupFacts> {
  for await (const record of content.items()) {
    const facts = factsOf(record);
    if (facts !== undefined) return facts;
  }
  throw new ConnectorError('permanent', 'The recovery point holds no base backup of PostgreSQL.');
}

/** Writes all files of a recovery point where a server expects them, with their owner. */
export async function layOutFiles(request: RestoreRequest, target: LayOutTarget): Promise<LaidOut> {
  const totals = { bytes: 0, items: 0, isDamaged: false };
  const done = (bytes: number): void => {
    totals.bytes += bytes;
    totals.items += 1;
    request.progress({ bytes: totals.bytes, items: totals.items });
  };
  await request.content.writeFiles(
    filesOf(request, new Places(target), () => done(0)),
    {
      signal: request.signal,
      overExisting: false,
      done(_file, { bytes, issue }) {
        if (issue !== undefined) {
          request.issue(issue);
          totals.isDamaged ||= issue.dataMissing;
        }
        done(bytes);
      },
    },
  );
  request.signal.throwIfAborted();
  return totals;
}

async function* filesOf(
  { content, signal }: RestoreRequest,
  places: Places,
  onOther: () => void,
): AsyncGenerator<FileToWrite> {
  for await (const record of content.items()) {
    signal.throwIfAborted();
    const item = backupItemOf(record);
    if (item === undefined) continue;
    const file = await places.make(item, record);
    if (file === undefined) onOther();
    else yield file;
  }
}

/** Where the items of a backup go, each directory made once. */
class Places {
  readonly #target: LayOutTarget;
  readonly #made = new Set<string>();

  constructor(target: LayOutTarget) {
    this.#target = target;
  }

  /** Makes what an item stands for. @returns the empty file whose content is wanted, for items that have one */
  async make(item: BackupItem, record: ItemRecord): Promise<FileToWrite | undefined> {
    const { directory } = this.#target;
    if (item.kind === 'tablespace') {
      await this.#tablespace(item.name);
      return undefined;
    }
    // What no server reads lies beside the data directory.
    const isBeside = item.kind === 'facts' || item.kind === 'manifest';
    const path = isBeside ? join(directory, basename(item.name)) : this.#pathOf(item.name);
    if (item.kind === 'directory') {
      await this.#directory(path);
      return undefined;
    }
    await this.#directory(dirname(path));
    const handle = await open(path, 'wx', item.mode);
    await handle.close();
    await this.#own(path);
    return { item: record.path, file: Buffer.from(path) };
  }

  #pathOf(name: string): string {
    assertWithin(name);
    const tablespace = /^pg_tblspc\/(\d+)\/(.+)$/.exec(name);
    if (tablespace === null) return join(dataDirectoryOf(this.#target.directory), name);
    return join(tablespaceDirectoryOf(this.#target.directory, tablespace[1] ?? ''), tablespace[2] ?? '');
  }

  async #tablespace(name: string): Promise<void> {
    assertWithin(name);
    const place = tablespaceDirectoryOf(this.#target.directory, name.slice(name.lastIndexOf('/') + 1));
    await this.#directory(place);
    const link = join(dataDirectoryOf(this.#target.directory), name);
    await this.#directory(dirname(link));
    await symlink(place, link);
    await this.#own(link);
  }

  async #directory(path: string): Promise<void> {
    if (this.#made.has(path) || path === this.#target.directory) return;
    await this.#directory(dirname(path));
    await mkdir(path, { mode: DIRECTORY_MODE, recursive: true });
    await this.#own(path);
    this.#made.add(path);
  }

  async #own(path: string): Promise<void> {
    const { identity } = this.#target;
    if (identity !== undefined) await lchown(path, identity.uid, identity.gid);
  }
}

/** A recovery point may have been made by somebody who wishes us ill. */
function assertWithin(name: string): void {
  const isWithin = name !== '' && !name.startsWith('/') && !name.includes('\0') && !name.split('/').includes('..');
  if (!isWithin)
    throw new ConnectorError('permanent', `The recovery point names the file '${name}', which leads elsewhere.`);
}
