import type { ItemMetadata, ItemPath, ItemRecord } from '@holdfast/engine';
import { z } from 'zod';

/** The section of an item's metadata that only this connector understands. */
const SECTION = 'postgresql.file';
const FACTS_SECTION = 'postgresql.facts';
export const ROOT_PATH: ItemPath = new Uint8Array(0);

const backupItem = z.object({
  /** `facts` is ours; everything else came from the server. */
  kind: z.enum(['facts', 'manifest', 'directory', 'file', 'tablespace']),
  /** The path in the data directory; of a tablespace's files by way of `pg_tblspc/<oid>`. */
  name: z.string(),
  mode: z.number(),
});

/** What a recovery point's item is in a data directory. */
export type BackupItem = z.infer<typeof backupItem>;

const facts = z.object({
  format: z.literal(1),
  version: z.string(),
  majorVersion: z.number(),
  systemId: z.string(),
  segmentBytes: z.number(),
  startLsn: z.string(),
  timeline: z.number(),
  /** Which server it was, so that what another one wrote is never taken for unchanged. */
  server: z.string(),
  /** Settings of the server that a restored one needs, whatever its files say. */
  settings: z.record(z.string(), z.string()),
});

/** What a restore has to know before the first file; kept as an item of its own. */
export type BackupFacts = z.infer<typeof facts>;

export const FACTS_NAME = 'holdfast/facts.json';
export const MANIFEST_NAME = 'backup_manifest';

export function metadataOf(item: BackupItem): ItemMetadata {
  return { extra: { [SECTION]: Buffer.from(JSON.stringify(item)) } };
}

/** Facts travel with the metadata of their item, which can be read even when contents are damaged. */
export function metadataOfFacts(item: BackupItem, encoded: Uint8Array): ItemMetadata {
  return { extra: { ...metadataOf(item).extra, [FACTS_SECTION]: encoded } };
}

/** Undefined for every item but that of the facts. @throws ZodError for facts of another format */
export function factsOf(record: ItemRecord): BackupFacts | undefined {
  const section = record.metadata.extra?.[FACTS_SECTION];
  return section === undefined ? undefined : facts.parse(JSON.parse(Buffer.from(section).toString()));
}

/** Undefined for the root and for what this connector did not write. */
export function backupItemOf(record: ItemRecord): BackupItem | undefined {
  const section = record.metadata.extra?.[SECTION];
  return section === undefined ? undefined : backupItem.parse(JSON.parse(Buffer.from(section).toString()));
}

export function encodeFacts(value: BackupFacts): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

export function pathOfKey(key: string): ItemPath {
  return Buffer.from(key);
}

export function keyOfPath(path: ItemPath): string {
  return Buffer.from(path).toString();
}
