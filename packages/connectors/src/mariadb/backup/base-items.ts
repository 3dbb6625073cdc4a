import type { ItemEntry, ItemPath, ItemRecord } from '@holdfast/engine';
import { z } from 'zod';

/**
 * How a base lies in a recovery point:
 *
 *     (root)       directory; section `mariadb.base` says how the base was made
 *     00           directory: a full backup, or the dump
 *     00/00000001  the first file of it; section `mariadb.file` holds its name in the data directory
 *     01, 02 ...   directories: increments, to be applied in order
 *
 * Files are numbered in the order in which the backup program delivers them, since items come in path order and the
 * program's order is its own.
 */
const BASE_SECTION = 'mariadb.base';
const FILE_SECTION = 'mariadb.file';

const baseFacts = z.object({
  method: z.enum(['physical', 'logical']),
  product: z.enum(['MariaDB', 'MySQL']),
  version: z.string(),
  series: z.string(),
  /** Number of increments after the full backup. */
  increments: z.number(),
  /** Whose binary log leads on from here: that of a replica's primary is the log of the cluster. */
  logOf: z.enum(['itself', 'primary']).default('itself'),
});

/** How a base was made: what a restore must know before it begins. */
export type BaseFacts = z.infer<typeof baseFacts>;

export function rootItem(facts: BaseFacts): ItemEntry {
  return directory(new Uint8Array(), { [BASE_SECTION]: Buffer.from(JSON.stringify(facts)) });
}

/** @throws Error when the recovery point is not one of this connector */
export function readBaseFacts(root: ItemRecord | undefined): BaseFacts {
  const section = root?.metadata.extra?.[BASE_SECTION];
  if (section === undefined) throw new Error('the recovery point holds no backup of a MariaDB or MySQL server');
  return baseFacts.parse(JSON.parse(Buffer.from(section).toString('utf8')));
}

export function layerItem(layer: number): ItemEntry {
  return directory(layerPath(layer), {});
}

export function layerPath(layer: number): ItemPath {
  return Buffer.from(layer.toString().padStart(2, '0'));
}

/** The layer of an item below the root, which is the number of its first directory. */
export function layerOf(path: ItemPath): number {
  return Number(Buffer.from(path).toString('latin1').slice(0, 2));
}

/**
 * The item of one file of a layer.
 * @param backupId identifies the run of the backup program: the file is never read again while this stays the same
 */
export function fileItem(
  layer: number,
  number: number,
  file: { readonly name: string; readonly sizeBytes: number; readonly backupId: string },
): Omit<ItemRecord, 'content'> {
  return {
    path: Buffer.from(`${layer.toString().padStart(2, '0')}/${number.toString().padStart(8, '0')}`),
    type: 'file',
    sizeBytes: file.sizeBytes,
    metadata: { extra: { [FILE_SECTION]: Buffer.from(file.name) } },
    fingerprint: Buffer.from(`${file.backupId}/${number}`),
  };
}

/**
 * The name of a file in its data directory.
 * @throws Error for a name that would lead out of it
 */
export function fileNameOf(item: ItemRecord): string {
  const name = Buffer.from(item.metadata.extra?.[FILE_SECTION] ?? []).toString('utf8');
  const parts = name.split('/');
  const isSafe = name !== '' && !name.includes('\0') && parts.every((part) => !['', '.', '..'].includes(part));
  if (!isSafe)
    throw new Error(`the recovery point names the file ${JSON.stringify(name)}, which is no path in a data directory`);
  return name;
}

function directory(path: ItemPath, extra: Readonly<Record<string, Uint8Array>>): ItemEntry {
  return { item: { path, type: 'directory', sizeBytes: 0, metadata: { extra } } };
}
