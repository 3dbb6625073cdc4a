import type { ItemEntry, ItemRecord } from '@holdfast/engine';
import { readTar, type TarMember } from '../../tar-stream/read-tar.ts';
import type { ArrivalKeys } from './arrival-keys.ts';
import { type BackupItem, FACTS_NAME, MANIFEST_NAME, metadataOf, metadataOfFacts, pathOfKey } from './backup-items.ts';
import type { BaseBackup } from './base-backup.ts';
import type { FileFacts } from './file-fingerprint.ts';
import {
  BLOCK_BYTES,
  ByteTaker,
  type ChangedBlocks,
  incrementalTarget,
  overlayBlocks,
  readChangedBlocks,
} from './incremental-file.ts';
import type { ParentBackup } from './parent-backup.ts';
import { SequentialContent } from './sequential-content.ts';

/** Smaller files are taken whole, so that the stream need not wait for their readers. */
const WHOLE_BYTES = 256 * 1024;
const FILE_MODE = 0o600;
/** Of no use after the backup: a lock that nobody holds, and what made the server a replica. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts', 'standby.signal', 'recovery.signal']);

export interface BackupEntriesOptions {
  readonly base: BaseBackup;
  readonly facts: Uint8Array;
  readonly keys: ArrivalKeys;
  readonly parent: ParentBackup | undefined;
  fingerprintOf(file: FileFacts): Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/** The files of a base backup as items, in the order in which the server sends them. */
export async function* backupEntries(options: BackupEntriesOptions): AsyncGenerator<ItemEntry> {
  const { base, facts, keys, signal } = options;
  const item: BackupItem = { kind: 'facts', name: FACTS_NAME, mode: FILE_MODE };
  yield { item: { ...wholeFile(keys, item, facts), metadata: metadataOfFacts(item, facts) } };
  for await (const archive of base.archives()) {
    signal.throwIfAborted();
    if (archive.kind === 'manifest') {
      const manifest: BackupItem = { kind: 'manifest', name: MANIFEST_NAME, mode: FILE_MODE };
      const content = new SequentialContent(() => archive.content());
      yield { item: streamedFile(keys, manifest, content, WHOLE_BYTES) };
      await content.passed(signal);
      continue;
    }
    const prefix = archive.tablespaceOid === undefined ? '' : `pg_tblspc/${archive.tablespaceOid}/`;
    for await (const member of readTar(archive.content())) {
      signal.throwIfAborted();
      yield* entryOf(options, member, prefix + member.name);
    }
  }
}

async function* entryOf(options: BackupEntriesOptions, member: TarMember, name: string): AsyncGenerator<ItemEntry> {
  const { keys } = options;
  if (member.type === 'directory') {
    const item: BackupItem = { kind: 'directory', name, mode: member.mode };
    yield { item: { path: pathOfKey(keys.next(name)), type: 'directory', sizeBytes: 0, metadata: metadataOf(item) } };
  } else if (member.type === 'symlink') {
    const item: BackupItem = { kind: 'tablespace', name, mode: member.mode };
    const linkTarget = Buffer.from(member.linkTarget);
    const path = pathOfKey(keys.next(name));
    yield { item: { path, type: 'symlink', sizeBytes: 0, metadata: metadataOf(item), linkTarget } };
  } else if (!LEFT_OUT.has(name)) {
    const target = incrementalTarget(name);
    if (target === undefined) yield* fileEntry(options, member, name);
    else yield* changedFileEntry(options, member, target);
  }
}

async function* fileEntry(options: BackupEntriesOptions, member: TarMember, name: string): AsyncGenerator<ItemEntry> {
  const item: BackupItem = { kind: 'file', name, mode: member.mode };
  const { sizeBytes, modifiedAtSeconds } = member;
  const fingerprint = options.fingerprintOf({ name, sizeBytes, modifiedAtSeconds });
  const known = fingerprint === undefined ? {} : { fingerprint };
  if (sizeBytes < WHOLE_BYTES) {
    const bytes = withoutIncrementalLines(name, await collect(member));
    yield { item: { ...wholeFile(options.keys, item, bytes), ...known } };
    return;
  }
  const content = new SequentialContent(() => member.content());
  const record = { ...streamedFile(options.keys, item, content, sizeBytes), ...known };
  yield { item: record };
  await content.passed(options.signal);
}

/** A recovery point is whole by itself, and a server refuses to start from a label that says otherwise. */
function withoutIncrementalLines(name: string, bytes: Buffer): Buffer {
  if (name !== 'backup_label') return bytes;
  const lines = bytes.toString('latin1').split('\n');
  return Buffer.from(lines.filter((line) => !line.startsWith('INCREMENTAL FROM')).join('\n'), 'latin1');
}

/** A file of which the server sent only the blocks that changed since the parent. */
async function* changedFileEntry(
  options: BackupEntriesOptions,
  member: TarMember,
  name: string,
): AsyncGenerator<ItemEntry> {
  const { parent } = options;
  const before = parent?.record(name);
  if (parent === undefined || before === undefined) throw new Error(`${name} changed, and is not in the parent`);
  const blocks = new ByteTaker(member.content());
  const changed = await readChangedBlocks(blocks);
  const sizeBytes = changed.lengthBlocks * BLOCK_BYTES;
  const item: BackupItem = { kind: 'file', name, mode: member.mode };
  const isSame = changed.blockNumbers.length === 0 && sizeBytes === before.sizeBytes;
  const content = new SequentialContent(() => overlayBlocks(parent.content.read(before.path), changed, blocks));
  const fingerprint = isSame ? before.fingerprint : freshFingerprint(options, member, name, changed);
  const record = {
    ...streamedFile(options.keys, item, content, sizeBytes),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
  yield { item: record };
  await content.passed(options.signal);
}

function freshFingerprint(
  options: BackupEntriesOptions,
  { modifiedAtSeconds }: TarMember,
  name: string,
  { lengthBlocks }: ChangedBlocks,
): Uint8Array | undefined {
  const fingerprint = options.fingerprintOf({ name, sizeBytes: lengthBlocks * BLOCK_BYTES, modifiedAtSeconds });
  const before = options.parent?.record(name)?.fingerprint;
  // Changed blocks with the old time would pass for the old content.
  return fingerprint !== undefined && before !== undefined && Buffer.compare(fingerprint, before) === 0
    ? undefined
    : fingerprint;
}

function wholeFile(keys: ArrivalKeys, item: BackupItem, bytes: Uint8Array): ItemRecord {
  return {
    path: pathOfKey(keys.next(item.name)),
    type: 'file',
    sizeBytes: bytes.length,
    metadata: metadataOf(item),
    content: { kind: 'inline', bytes },
  };
}

function streamedFile(keys: ArrivalKeys, item: BackupItem, content: SequentialContent, sizeBytes: number): ItemRecord {
  const path = pathOfKey(keys.next(item.name));
  return { path, type: 'file', sizeBytes, metadata: metadataOf(item), content: content.source };
}

/** What is read further on takes the memory of the parts, so that they are copied. */
async function collect(member: TarMember): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(member.sizeBytes);
  let filled = 0;
  for await (const part of member.content()) filled += part.copy(bytes, filled);
  return bytes;
}
