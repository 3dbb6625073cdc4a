import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListedObject } from '../store.ts';
import { isShard, LOCK_SUFFIX } from './fs-layout.ts';
import { ignoreMissing } from './temporary-files.ts';

interface Entry {
  /** The last segment of a key, or of a prefix with a slash at its end: sorting these sorts whole keys. */
  readonly name: string;
  readonly files: readonly string[];
}

/**
 * Every object of some roots whose key begins with a prefix, in byte order of keys. An object that two roots hold (a
 * move between tiers was interrupted) is listed once. Memory is bounded by the largest directory.
 */
export async function* walkObjects(roots: readonly string[], prefix: string): AsyncIterable<ListedObject> {
  yield* walkBelow(roots, '', prefix);
}

async function* walkBelow(roots: readonly string[], below: string, prefix: string): AsyncIterable<ListedObject> {
  for (const entry of await entriesOf(roots)) {
    const key = `${below}${entry.name}`;
    if (entry.name.endsWith('/')) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walkBelow(entry.files, key, prefix);
    } else if (key.startsWith(prefix)) {
      const facts = await stat(entry.files[0] ?? '').catch(ignoreMissing);
      if (facts !== undefined) yield { key, sizeBytes: facts.size, storedAt: Math.floor(facts.mtimeMs) };
    }
  }
}

async function entriesOf(directories: readonly string[]): Promise<Entry[]> {
  const found = new Map<string, string[]>();
  const add = (name: string, path: string): void => {
    const paths = found.get(name);
    if (paths === undefined) found.set(name, [path]);
    else paths.push(path);
  };
  for (const directory of directories) {
    for (const entry of (await readdir(directory, { withFileTypes: true }).catch(ignoreMissing)) ?? []) {
      const path = join(directory, entry.name);
      if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
      if (!isShard(entry.name)) add(`${entry.name}/`, path);
      else for (const file of await objectsOf(path)) add(file, join(path, file));
    }
  }
  return [...found].map(([name, files]) => ({ name, files })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function objectsOf(shard: string): Promise<string[]> {
  return ((await readdir(shard).catch(ignoreMissing)) ?? []).filter((name) => !name.endsWith(LOCK_SUFFIX));
}
