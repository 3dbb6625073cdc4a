import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { streamChild } from '../../child-process/streaming-child.ts';
import type { PointInTime } from '../../sdk/v1/continuous.ts';
import type { BasePosition, LogPlace } from '../binlog/base-position.ts';
import { isBefore } from '../binlog/binlog-receiver.ts';
import { findGtidStart, type LogPart } from '../binlog/find-gtid-start.ts';
import { readSegment, type SegmentHeader } from '../binlog/log-segment.ts';
import { programError } from '../errors.ts';
import type { ReplayAccount } from './replay-account.ts';

export interface LogToLay {
  readonly directory: string;
  /** Where the log stood when the base was consistent. */
  readonly start: BasePosition;
  readonly pointInTime: PointInTime;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** The binary log that leads from a base to a moment, in files of their names of the server. */
export interface LaidLog {
  readonly directory: string;
  readonly files: readonly string[];
  readonly start: LogPlace;
  readonly stop: LogPlace | undefined;
  readonly targetAt: number;
}

/**
 * Puts the stored runs of bytes back into files; what is not needed stays a hole.
 * @returns undefined when the base is already what is wanted
 */
export async function layLog({
  directory,
  start,
  pointInTime,
  signal,
  progress,
}: LogToLay): Promise<LaidLog | undefined> {
  const { log, targetAt } = pointInTime;
  if (log === undefined) throw new Error('a restore to a moment needs the log of the recovery point');
  const place = join(directory, 'binlog');
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { mode: 0o700 });
  const parts: LogPart[] = [];
  let stop: LogPlace | undefined;
  for await (const segment of log.segments()) {
    signal.throwIfAborted();
    if (stop !== undefined) break;
    if (segment.sizeBytes === 0) continue;
    const { header, bytes } = await readSegment(log.read(segment.sequence));
    const { file, offset, length } = header;
    if ('file' in start && isBefore(file, start.file)) continue;
    progress(`Fetching the binary log ${file}.`);
    const path = join(place, file);
    await layRun(path, header, bytes);
    const known = parts.at(-1)?.file === file ? parts.pop() : undefined;
    parts.push({ file, path, from: known?.from ?? offset, to: offset + length });
    stop = stopIn(header, targetAt);
  }
  const from = 'gtid' in start ? await findGtidStart(parts, start.gtid) : start;
  if (from === undefined || (stop?.file === from.file && stop.offset <= from.offset)) return undefined;
  const needed = parts.slice(parts.findIndex(({ file }) => file === from.file));
  const [first] = needed;
  if (first === undefined) return undefined;
  if (first.file !== from.file || first.from > from.offset) {
    throw new Error(
      `the stored log begins at ${first.file}:${first.from}, after the base, at ${from.file}:${from.offset}`,
    );
  }
  return { directory: place, files: needed.map(({ file }) => file), start: from, stop, targetAt };
}

async function layRun(path: string, header: SegmentHeader, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await using file = await open(path, 'a+', 0o600).then(async (made) => {
    await made.close();
    return open(path, 'r+');
  });
  const head = Buffer.from(header.head, 'base64');
  await file.write(head, 0, head.length, 0);
  let offset = header.offset;
  for await (const part of bytes) {
    await file.write(part, 0, part.length, offset);
    offset += part.length;
  }
  if (offset !== header.offset + header.length) throw new Error(`a stored segment of ${header.file} breaks off`);
}

/** The first mark after the target: what was committed by the target lies before it. */
function stopIn({ file, marks }: SegmentHeader, targetAt: number): LogPlace | undefined {
  const mark = marks.find(([at]) => at > targetAt);
  return mark === undefined ? undefined : { file, offset: mark[1] };
}

export interface ReplayOptions {
  /** The paths of `mariadb-binlog` and `mariadb`, or MySQL's. */
  readonly binlogProgram: string;
  readonly clientProgram: string;
  readonly account: ReplayAccount;
  readonly signal: AbortSignal;
}

/**
 * Brings a server, which nobody else uses, from its base to the wanted moment. Everything that was committed at or before
 * the target's second is replayed; the marks of the capture keep out what was committed later by statements that began
 * earlier.
 * @throws ConnectorError with the words of the server when it refuses an event
 */
export async function replayLog(
  { directory, files, start, stop, targetAt }: LaidLog,
  { binlogProgram, clientProgram, account, signal }: ReplayOptions,
): Promise<void> {
  // The position counts in the last file only, which is the one with the stop.
  const until = stop !== undefined && stop.file === files.at(-1) ? [`--stop-position=${stop.offset}`] : [];
  await using reader = streamChild(
    binlogProgram,
    [
      '--no-defaults',
      `--start-position=${start.offset}`,
      `--stop-datetime=${firstSecondAfter(targetAt)}`,
      ...until,
      ...files.map((file) => join(directory, file)),
    ],
    { signal, env: { TZ: 'UTC' } },
  );
  await using client = streamChild(clientProgram, [...account.connection, '--binary-mode', '--batch'], { signal });
  client.stdout.resume();
  const piped = pipeline(followedBy(reader.stdout, account.farewell), client.stdin, { signal }).catch(
    (error: unknown) => error,
  );
  const [read, played] = await Promise.all([reader.exit, client.exit]);
  signal.throwIfAborted();
  if (played !== 0) throw programError('the server', 'The binary log could not be replayed', client.stderr());
  if (read !== 0)
    throw programError('the reader of the binary log', 'The binary log could not be read', reader.stderr());
  const failure = await piped;
  if (failure !== undefined) throw failure;
}

async function* followedBy(source: AsyncIterable<Uint8Array>, text: string): AsyncGenerator<Uint8Array> {
  yield* source;
  yield Buffer.from(text);
}

/** In the form that the reader takes, in UTC; it stops before the first event of this second. */
function firstSecondAfter(targetAt: number): string {
  const second = Math.floor(targetAt / 1000) + 1;
  return new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
