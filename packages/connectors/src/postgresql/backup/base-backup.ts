import { ReplicationCommand, type ReplicationMessage } from '../client/replication-command.ts';
import type { ReplicationConnection, Server } from '../client/server.ts';
import { serverError } from '../errors.ts';

export interface BaseBackupOptions {
  readonly label: string;
  readonly majorVersion: number;
  readonly bytesPerSecond: number | undefined;
  /** The manifest of an earlier backup: send only the blocks that changed since (PostgreSQL 17 and later). */
  readonly since?: AsyncIterable<Uint8Array>;
}

/** The data directory, or one tablespace, as a tar stream; or the manifest, as it is. */
export type BackupArchive =
  | { readonly kind: 'tar'; readonly tablespaceOid: string | undefined; content(): AsyncGenerator<Buffer> }
  | { readonly kind: 'manifest'; content(): AsyncGenerator<Buffer> };

/** A base backup under way. */
export interface BaseBackup {
  readonly startLsn: string;
  readonly timeline: number;
  /** What the server believes that it will send. */
  readonly estimatedBytes: number | undefined;
  /** One after the other; each is read to its end, or given up, before the next. Ends when the server is done. */
  archives(): AsyncGenerator<BackupArchive>;
  /** Known once the archives have ended. */
  endLsn(): string;
  /** What the server complained about, for example pages whose checksums fail. */
  readonly warnings: readonly string[];
}

const MANIFEST_PIECE_BYTES = 60_000;
const KIB = 1024;

/**
 * Begins a base backup on a replication connection; the WAL that it needs comes with it, held by a temporary slot that
 * goes with the connection.
 * @throws ConnectorError with the cure
 */
export async function beginBaseBackup(
  server: Server,
  connection: ReplicationConnection,
  options: BaseBackupOptions,
): Promise<BaseBackup> {
  const { client } = connection;
  const warnings: string[] = [];
  client.on('notice', ({ message }) => void (message !== undefined && warnings.push(message)));
  try {
    await client.query(
      `CREATE_REPLICATION_SLOT "holdfast_base_${connection.processId}" TEMPORARY PHYSICAL RESERVE_WAL`,
    );
    if (options.since !== undefined) await uploadManifest(connection, options.since);
    const command = new ReplicationCommand(commandText(options));
    client.query(command);
    const messages = command.messages();
    const [start] = await nextResult(messages);
    const tablespaces = await nextResult(messages);
    if (start?.[0] == null || start[1] == null) throw new Error('the server did not say where the backup begins');
    const sizes = tablespaces.map((row) => Number(row[2] ?? Number.NaN) * KIB);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const end = { lsn: '' };
    return {
      startLsn: start[0],
      timeline: Number(start[1]),
      estimatedBytes: Number.isNaN(total) ? undefined : total,
      archives: () =>
        withoutChecksumFailure(
          options.majorVersion >= 15 ? archivesOf(messages, end) : archivesOfOld(messages, tablespaces, end),
          warnings,
        ),
      endLsn: () => end.lsn,
      warnings,
    };
  } catch (error) {
    throw serverError(`PostgreSQL at ${server.name} cannot begin a base backup`, error);
  }
}

function commandText({ label, majorVersion, bytesPerSecond, since }: BaseBackupOptions): string {
  const rate = bytesPerSecond === undefined ? undefined : Math.floor(bytesPerSecond / KIB);
  if (majorVersion < 15) {
    const limit = rate === undefined ? '' : ` MAX_RATE ${rate}`;
    return `BASE_BACKUP LABEL '${label}' PROGRESS FAST WAL NOWAIT${limit} MANIFEST 'yes' MANIFEST_CHECKSUMS 'CRC32C'`;
  }
  const words = [
    `LABEL '${label}'`,
    'PROGRESS',
    "CHECKPOINT 'fast'",
    'WAL',
    'WAIT 0',
    "MANIFEST 'yes'",
    "MANIFEST_CHECKSUMS 'CRC32C'",
    ...(rate === undefined ? [] : [`MAX_RATE ${rate}`]),
    ...(since === undefined ? [] : ['INCREMENTAL']),
  ];
  return `BASE_BACKUP (${words.join(', ')})`;
}

async function uploadManifest({ client }: ReplicationConnection, manifest: AsyncIterable<Uint8Array>): Promise<void> {
  const command = new ReplicationCommand('UPLOAD_MANIFEST');
  client.query(command);
  const messages = command.messages();
  const first = await messages.next();
  if (first.done === true || first.value.kind !== 'copy') throw new Error('the server does not take the manifest');
  for await (const part of manifest) {
    for (let at = 0; at < part.length; at += MANIFEST_PIECE_BYTES) {
      command.send(part.subarray(at, at + MANIFEST_PIECE_BYTES));
    }
  }
  command.sendDone();
  for await (const message of messages)
    if (message.kind === 'row') throw new Error('an unexpected answer to a manifest');
}

type Row = readonly (string | null)[];

/** The rows up to the end of one result. */
async function nextResult(messages: AsyncGenerator<ReplicationMessage>): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const { done, value } = await messages.next();
    if (done === true) throw new Error('the server ended the backup before it began');
    if (value.kind === 'row') rows.push(value.values);
    else if (value.kind === 'complete') return rows;
  }
}

/** From version 15 on all archives come in one copy, announced by letters. */
async function* archivesOf(
  messages: AsyncGenerator<ReplicationMessage>,
  end: { lsn: string },
): AsyncGenerator<BackupArchive> {
  const waiting: { announcement?: Announcement | undefined } = {};
  let letter = '';
  let announced = '';
  const next = async (): Promise<Announcement | Buffer | undefined> => {
    for (;;) {
      const { done, value } = await messages.next();
      if (done === true || value.kind === 'copy-done') return undefined;
      if (value.kind !== 'data') continue;
      if (value.isStart) letter = String.fromCharCode(value.bytes[0] ?? 0);
      const bytes = value.isStart ? value.bytes.subarray(1) : value.bytes;
      if (letter === 'd') {
        if (bytes.length > 0) return bytes;
        continue;
      }
      announced = (value.isStart ? '' : announced) + bytes.toString('latin1');
      if (value.isEnd && letter === 'n') return { kind: 'tar', tablespaceOid: oidIn(announced) };
      if (value.isEnd && letter === 'm') return { kind: 'manifest' };
    }
  };
  async function* content(): AsyncGenerator<Buffer> {
    for (let part = await next(); part !== undefined; part = await next()) {
      if (!Buffer.isBuffer(part)) {
        waiting.announcement = part;
        return;
      }
      yield part;
    }
  }
  for await (const early of content()) throw new Error(`${early.length} bytes came before an archive began`);
  for (;;) {
    const current = waiting.announcement;
    if (current === undefined) break;
    waiting.announcement = undefined;
    const parts = content();
    yield { ...current, content: () => parts };
    for await (const _ of parts);
  }
  for await (const message of messages) if (message.kind === 'row') end.lsn = message.values[0] ?? '';
}

type Announcement = { kind: 'tar'; tablespaceOid: string | undefined } | { kind: 'manifest' };

/** `base.tar`, or `<oid>.tar` of a tablespace, with its location behind a NUL. */
function oidIn(announcement: string): string | undefined {
  return /^(\d+)\.tar/.exec(announcement)?.[1];
}

/** Before version 15 each tablespace comes as a copy of its own, in the order of the list, and the manifest as the last. */
async function* archivesOfOld(
  messages: AsyncGenerator<ReplicationMessage>,
  tablespaces: readonly Row[],
  end: { lsn: string },
): AsyncGenerator<BackupArchive> {
  let copies = 0;
  for await (const message of messages) {
    if (message.kind === 'row') end.lsn = message.values[0] ?? '';
    if (message.kind !== 'copy') continue;
    const tablespace = tablespaces[copies];
    copies += 1;
    const parts = copyContent(messages);
    if (tablespace === undefined) yield { kind: 'manifest', content: () => parts };
    else yield { kind: 'tar', tablespaceOid: tablespace[0] ?? undefined, content: () => parts };
    for await (const _ of parts);
  }
}

async function* copyContent(messages: AsyncGenerator<ReplicationMessage>): AsyncGenerator<Buffer> {
  for (;;) {
    const { done, value } = await messages.next();
    if (done === true || value.kind === 'copy-done') return;
    if (value.kind === 'data') yield value.bytes;
  }
}

/** Damaged pages make the server fail at its very end, when everything was sent: that is reported, and not a failure. */
async function* withoutChecksumFailure(
  archives: AsyncGenerator<BackupArchive>,
  warnings: readonly string[],
): AsyncGenerator<BackupArchive> {
  try {
    yield* archives;
  } catch (error) {
    if (!isChecksumFailure(error) || warnings.length === 0) throw error;
  }
}

function isChecksumFailure(error: unknown): boolean {
  return error instanceof Error && /checksum verification failure/.test(error.message);
}
