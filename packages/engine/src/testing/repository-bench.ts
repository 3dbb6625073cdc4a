/** A repository in memory on real payload threads, and trees of real files for it; for the tests of backup and restore. */
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { SqliteAuthority } from '../authority/sqlite-authority.ts';
import type { ItemEntry, ItemRecord } from '../content/item-record.ts';
import { createRepository } from '../engine-repository.ts';
import type { CreateRepositoryOptions, RecoveryPointReader, Repository, RepositoryOptions } from '../repository.ts';
import { RequestLedger } from '../store/decorators/request-ledger.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { MemoryKeyProvider } from './memory-key-provider.ts';

export interface RepositoryBench {
  readonly repository: Repository;
  readonly store: RequestLedger;
  readonly bytes: MemoryStore;
  readonly authority: SqliteAuthority;
  readonly options: RepositoryOptions;
  advance(ms: number): void;
  close(): Promise<void>;
}

/** @param more replaces parts, for example shared threads */
export async function openBench(more: Partial<CreateRepositoryOptions> = {}): Promise<RepositoryBench> {
  let now = Date.parse('2026-03-01T00:00:00Z');
  const clock = () => now;
  const bytes = new MemoryStore({ now: clock });
  const store = new RequestLedger(bytes);
  const authority = new SqliteAuthority({ path: ':memory:', clock });
  const options: CreateRepositoryOptions = { store, keyProvider: new MemoryKeyProvider(), authority, clock, ...more };
  const repository = await createRepository(options);
  return {
    repository,
    store,
    bytes,
    authority,
    options,
    advance: (ms) => {
      now += ms;
    },
    close: async () => {
      await repository.close();
      authority.close();
    },
  };
}

/** A file tree as plain data: text or bytes, a link's target, or a directory. */
export type TreeSpec = Readonly<Record<string, string | Uint8Array | { readonly link: string } | 'directory'>>;

export function makeTree(root: string, tree: TreeSpec): void {
  mkdirSync(root, { recursive: true });
  for (const [path, entry] of Object.entries(tree)) {
    const full = join(root, path);
    mkdirSync(join(full, '..'), { recursive: true });
    if (entry === 'directory') mkdirSync(full, { recursive: true });
    else if (typeof entry === 'object' && 'link' in entry) symlinkSync(entry.link, full);
    else writeFileSync(full, entry);
  }
}

/** Everything below a directory in path order, as a connector would hand it over. */
export async function* entriesOf(
  root: string,
  options: { readonly fingerprints?: boolean } = {},
): AsyncGenerator<ItemEntry> {
  for (const record of recordsOf(root, '', options.fingerprints ?? true)) yield { item: record };
}

function* recordsOf(root: string, path: string, fingerprints: boolean): Generator<ItemRecord> {
  const full = join(root, path);
  const stat = lstatSync(full, { bigint: true });
  const posix = {
    mode: Number(stat.mode & 0o7777n),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    modifiedAtNs: stat.mtimeNs,
    changedAtNs: stat.ctimeNs,
    inode: stat.ino,
  };
  const base = { path: Buffer.from(path), metadata: { posix } };
  if (stat.isDirectory()) {
    yield { ...base, type: 'directory', sizeBytes: 0 };
    const names = readdirSync(full).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const name of names) yield* recordsOf(root, path === '' ? name : `${path}/${name}`, fingerprints);
    return;
  }
  if (stat.isSymbolicLink()) {
    yield { ...base, type: 'symlink', sizeBytes: 0, linkTarget: Buffer.from(readlinkSync(full)) };
    return;
  }
  const fingerprint = Buffer.from(`${stat.size}.${stat.mtimeNs}.${stat.ctimeNs}.${stat.ino}`);
  yield {
    ...base,
    type: 'file',
    sizeBytes: Number(stat.size),
    ...(fingerprints ? { fingerprint } : {}),
    content: { kind: 'local-file', path: Buffer.from(full) },
  };
}

/** Restores everything below `under` into a directory; @returns the issues by path */
export async function restoreTree(
  reader: RecoveryPointReader,
  target: string,
  options: { readonly overExisting?: boolean; readonly under?: string } = {},
): Promise<ReadonlyMap<string, string>> {
  const issues = new Map<string, string>();
  async function* files() {
    for await (const item of reader.items(options.under === undefined ? undefined : Buffer.from(options.under))) {
      const path = Buffer.from(item.path).toString();
      const full = join(target, path);
      if (item.type === 'directory') mkdirSync(full, { recursive: true });
      else if (item.type === 'symlink') symlinkSync(Buffer.from(item.linkTarget ?? []), full);
      else if (item.hardLinkTo !== undefined) linkSync(join(target, Buffer.from(item.hardLinkTo).toString()), full);
      else yield { item: item.path, file: Buffer.from(full) };
    }
  }
  await reader.writeFiles(files(), {
    signal: new AbortController().signal,
    overExisting: options.overExisting ?? false,
    done: ({ item }, { issue }) => {
      if (issue !== undefined) issues.set(Buffer.from(item).toString(), issue.code);
    },
  });
  return issues;
}

/** A directory as plain data, to compare. */
export function snapshotOf(root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, type } of recordsOf(root, '', false)) {
    const name = Buffer.from(path).toString();
    const full = join(root, name);
    if (type === 'file') found.set(name, readFileSync(full).toString('base64'));
    else found.set(name, type === 'symlink' ? `-> ${readlinkSync(full)}` : type);
  }
  return found;
}
