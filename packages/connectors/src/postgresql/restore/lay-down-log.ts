import { type FileHandle, lchown, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDirectoryOf } from '../../restored-instances/instance-directory.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import type { PointInTime } from '../../sdk/v1/continuous.ts';
import { type BackupFacts, MANIFEST_NAME } from '../backup/backup-items.ts';
import {
  formatLsn,
  historyFileName,
  parseLsn,
  parsePosition,
  segmentFileName,
  segmentStart,
  type WalPosition,
} from '../wal/wal-position.ts';
import type { LayOutTarget } from './lay-out-files.ts';

const MANIFEST_TAIL_CHARACTERS = 4096;

/**
 * Puts captured log into the `pg_wal` directory of a laid-out base, over the log that came with the base.
 * @returns the bytes of log
 * @throws ConnectorError `log-broken` when it does not fit to the base or has a gap
 */
export async function layDownLog(
  log: NonNullable<PointInTime['log']>,
  facts: BackupFacts,
  target: LayOutTarget,
  signal: AbortSignal,
): Promise<number> {
  const writer = new SegmentWriter(facts, target);
  let bytes = 0;
  let reached: string | undefined;
  let isFirst = true;
  try {
    for await (const segment of log.segments()) {
      signal.throwIfAborted();
      if (reached !== undefined && segment.from !== reached) {
        throw new ConnectorError('log-broken', `The log is missing between ${reached} and ${segment.from}.`);
      }
      reached = segment.to;
      if (segment.from === segment.to) continue;
      const [from, to] = [parsePosition(segment.from), parsePosition(segment.to)];
      if (isFirst) await assertReaches(from, target);
      isFirst = false;
      if (from.systemId !== facts.systemId) {
        throw new ConnectorError('log-broken', `The log from ${segment.from} is not of the cluster ${facts.systemId}.`);
      }
      if (from.timeline === to.timeline) bytes += await writer.write(from, log.read(segment.sequence));
      else await writer.switchTimeline(to, log.read(segment.sequence));
    }
  } finally {
    await writer.close();
  }
  return bytes;
}

/** The log has to begin before the end of the base, which the last lines of the manifest tell. */
async function assertReaches({ lsn }: WalPosition, { directory }: LayOutTarget): Promise<void> {
  const manifest = await readFile(join(directory, MANIFEST_NAME), 'latin1');
  const end = /"End-LSN": "([0-9A-F]+\/[0-9A-F]+)"/.exec(manifest.slice(-MANIFEST_TAIL_CHARACTERS))?.[1];
  if (end === undefined || lsn <= parseLsn(end)) return;
  throw new ConnectorError('log-broken', `The log begins at ${formatLsn(lsn)}, and the base backup ends at ${end}.`);
}

/** Writes a run of log into the files of a fixed size that a server reads. */
class SegmentWriter {
  readonly #directory: string;
  readonly #identity: LayOutTarget['identity'];
  readonly #segmentBytes: number;
  /** The base brings its own log up to here and needs none before. */
  readonly #baseStart: bigint;
  #open: { readonly name: string; readonly handle: FileHandle } | undefined;

  constructor({ segmentBytes, startLsn }: BackupFacts, { directory, identity }: LayOutTarget) {
    this.#directory = join(dataDirectoryOf(directory), 'pg_wal');
    this.#identity = identity;
    this.#segmentBytes = segmentBytes;
    this.#baseStart = segmentStart(parseLsn(startLsn), segmentBytes);
  }

  async write(from: WalPosition, content: AsyncIterable<Uint8Array>): Promise<number> {
    let { lsn } = from;
    let written = 0;
    for await (const part of content) {
      for (let at = 0; at < part.length; ) {
        const offset = Number(lsn % BigInt(this.#segmentBytes));
        const piece = part.subarray(at, at + this.#segmentBytes - offset);
        if (lsn + BigInt(piece.length) > this.#baseStart) {
          const handle = await this.#fileOf(from.timeline, lsn);
          await handle.write(piece, 0, piece.length, offset);
          written += piece.length;
        }
        at += piece.length;
        lsn += BigInt(piece.length);
      }
    }
    return written;
  }

  /** A timeline begins in the middle of a file, whose first part is that of the timeline before. */
  async switchTimeline(to: WalPosition, history: AsyncIterable<Uint8Array>): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const part of history) parts.push(part);
    await this.#whole(historyFileName(to.timeline), Buffer.concat(parts));
    const offset = Number(to.lsn % BigInt(this.#segmentBytes));
    const before = this.#open?.name;
    if (offset === 0 || before === undefined) return;
    await this.close();
    const first = (await readFile(join(this.#directory, before))).subarray(0, offset);
    const handle = await this.#fileOf(to.timeline, segmentStart(to.lsn, this.#segmentBytes));
    await handle.write(first, 0, first.length, 0);
  }

  async close(): Promise<void> {
    await this.#open?.handle.close();
    this.#open = undefined;
  }

  async #fileOf(timeline: number, lsn: bigint): Promise<FileHandle> {
    const name = segmentFileName(timeline, lsn, this.#segmentBytes);
    if (this.#open?.name === name) return this.#open.handle;
    await this.close();
    const handle = await this.#openSegment(name, lsn);
    this.#open = { name, handle };
    return handle;
  }

  async #openSegment(name: string, lsn: bigint): Promise<FileHandle> {
    const path = join(this.#directory, name);
    try {
      return await open(path, 'r+');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    if (lsn % BigInt(this.#segmentBytes) !== 0n) {
      throw new ConnectorError('log-broken', `The log begins at ${formatLsn(lsn)}, behind the end of the base backup.`);
    }
    const handle = await open(path, 'wx+', 0o600);
    await handle.truncate(this.#segmentBytes);
    if (this.#identity !== undefined) await lchown(path, this.#identity.uid, this.#identity.gid);
    return handle;
  }

  async #whole(name: string, bytes: Buffer): Promise<void> {
    const path = join(this.#directory, name);
    const handle = await open(path, 'w', 0o600);
    await handle.writeFile(bytes);
    await handle.close();
    if (this.#identity !== undefined) await lchown(path, this.#identity.uid, this.#identity.gid);
  }
}
