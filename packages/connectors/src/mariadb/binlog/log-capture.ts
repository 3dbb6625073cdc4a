import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcessesOf } from '../../child-process/end-processes-of.ts';
import { primaryOf } from '../../restored-instances/database-instances.ts';
import type { ConnectorContext } from '../../sdk/v1/connector.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import type { CapturedLogSegment, LogCapture, LogCaptureRequest } from '../../sdk/v1/continuous.ts';
import { writeOptionFile } from '../client/option-file.ts';
import type { QueryConnection, Server } from '../client/server.ts';
import { readFacts } from '../facts.ts';
import { requireProgram } from '../find-programs.ts';
import type { Instances } from '../instances.ts';
import { type BinlogHead, FIRST_OFFSET, readBinlogHead } from './binlog-head.ts';
import { BinlogReceiver, isBefore } from './binlog-receiver.ts';
import { formatPosition, type LogPosition, parsePosition } from './log-position.ts';
import { type SegmentHeader, segmentBytes, segmentSize } from './log-segment.ts';
import { type LogEnd, logFiles, readLogEnd } from './server-log.ts';

/** How often the end of the log is marked: restores are as exact as this. */
const MARK_MS = 1000;
/** A segment comes after this many ms, or sooner when the service wants less lag. */
const SEGMENT_MS = 10_000;
const ARRIVAL_STEP_MS = 20;
/** The receiver gets the log over the wire; one that gets nothing for this long is stuck. */
const ARRIVAL_PATIENCE_MS = 60_000;

interface Mark {
  readonly at: number;
  readonly offset: number;
}

/** @throws ConnectorError `log-broken`, `denied` or `unavailable` with the cure */
export async function openLogCapture(
  { instances, context }: { readonly instances: Instances; readonly context: ConnectorContext },
  request: LogCaptureRequest,
): Promise<LogCapture> {
  const instance = await instances.byArn(request.resourceArn);
  const { server, facts } = await primaryOf(instance, readFacts);
  const program = await requireProgram('binlog', facts.product, server.settings.binariesDirectory);
  const connection = await server.connect();
  try {
    const end = await readLogEnd(connection, server);
    const after = request.after === undefined ? undefined : parsePosition(request.after);
    if (after !== undefined) await assertKept(connection, after);
    // One capture of a resource runs at a time: what lies here was left by a worker that vanished.
    const directory = captureDirectory(context, instance.identifier);
    await endProcessesOf(directory);
    await rm(directory, { recursive: true, force: true });
    await mkdir(join(directory, 'received'), { recursive: true, mode: 0o700 });
    const receiver = await BinlogReceiver.start({
      program,
      connection: await writeOptionFile(server, directory),
      directory: join(directory, 'received'),
      serverId: replicaNumber(`${request.resourceArn} ${context.stateDirectory}`),
      firstFile: after?.file ?? end.file,
      signal: request.signal,
    });
    const capture = new BinlogCapture({ server, connection, receiver, directory, maximumLagMs: request.maximumLagMs });
    try {
      await capture.begin(after, end, request.afterAt ?? end.at);
      return capture;
    } catch (error) {
      await capture.close();
      throw error;
    }
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/** Removes what captures left on this machine; at the server a capture leaves nothing. */
export async function endLogCapture(context: ConnectorContext, identifier: string): Promise<void> {
  const directory = captureDirectory(context, identifier);
  await endProcessesOf(directory);
  await rm(directory, { recursive: true, force: true });
}

function captureDirectory(context: ConnectorContext, identifier: string): string {
  return join(context.stateDirectory, 'captures', identifier);
}

async function assertKept(connection: QueryConnection, after: LogPosition): Promise<void> {
  const kept = (await logFiles(connection)).find(({ file }) => file === after.file);
  if (kept !== undefined && kept.sizeBytes >= after.offset) return;
  throw new ConnectorError('log-broken', `The server has no binary log ${after.file} up to ${after.offset} any more.`, {
    hint: 'Keep binary logs longer than the longest time that Holdfast is away (binlog_expire_logs_seconds).',
  });
}

/** A number that no replica of a person's making is likely to have: the upper half of 32 bits. */
function replicaNumber(text: string): number {
  return (createHash('sha256').update(text).digest().readUInt32BE(0) % 0x7fff_0000) + 0x8000_0000;
}

interface BinlogCaptureOptions {
  readonly server: Server;
  readonly connection: QueryConnection;
  readonly receiver: BinlogReceiver;
  readonly directory: string;
  readonly maximumLagMs: number;
}

class BinlogCapture implements LogCapture {
  readonly #options: BinlogCaptureOptions;
  readonly #heads = new Map<string, BinlogHead>();
  #position: LogPosition | undefined;
  #startAt = 0;

  constructor(options: BinlogCaptureOptions) {
    this.#options = options;
  }

  /** Finds the place from where to go on. @throws ConnectorError `log-broken` when the log is another one now */
  async begin(after: LogPosition | undefined, end: LogEnd, startAt: number): Promise<void> {
    const file = after?.file ?? end.file;
    const head = await this.#head(file);
    if (after !== undefined && after.stamp !== head.stamp) {
      throw new ConnectorError('log-broken', `The binary log ${file} at the server is not the one that was captured.`, {
        hint: 'The log was reset or the server was rebuilt; continuous backup begins anew.',
      });
    }
    // A new stream begins with the whole file, so that its first segment can be read.
    this.#position = after ?? { file, offset: FIRST_OFFSET, stamp: head.stamp };
    this.#startAt = startAt;
  }

  async *segments(signal: AbortSignal): AsyncGenerator<CapturedLogSegment> {
    const { connection, server, receiver } = this.#options;
    const patienceMs = Math.min(SEGMENT_MS, this.#options.maximumLagMs / 2);
    let marks: Mark[] = [];
    let from = this.#from();
    for (;;) {
      signal.throwIfAborted();
      receiver.assertRunning();
      const end = await readLogEnd(connection, server);
      if (end.file !== from.file) {
        yield* await this.#finishFiles(from, end, marks);
        from = this.#from();
        marks = [];
      }
      marks.push({ at: end.at, offset: end.offset });
      if (end.at - this.#startAt >= patienceMs) {
        await this.#arrived(end.file, end.offset, signal);
        yield await this.#segment(end.offset, end.at, marks);
        from = this.#from();
        marks = [];
      }
      await sleep(MARK_MS, undefined, { signal });
    }
  }

  #from(): LogPosition {
    if (this.#position === undefined) throw new Error('the capture has not begun');
    return this.#position;
  }

  /** The rest of each file that the server has left behind; what was committed when is known for its marks only. */
  async #finishFiles(from: LogPosition, end: LogEnd, marks: readonly Mark[]): Promise<CapturedLogSegment[]> {
    const kept = await logFiles(this.#options.connection);
    const first = kept.findIndex(({ file }) => file === from.file);
    const last = kept.findIndex(({ file }) => file === end.file);
    if (first < 0 || last < 0) {
      throw new ConnectorError(
        'log-broken',
        `The server has removed the binary log ${from.file} before it was captured.`,
        {
          hint: 'Keep binary logs longer (binlog_expire_logs_seconds, max_binlog_total_size).',
        },
      );
    }
    const segments: CapturedLogSegment[] = [];
    for (const [index, { file, sizeBytes }] of kept.slice(first, last).entries()) {
      await this.#arrived(file, sizeBytes, undefined);
      const next = kept[first + index + 1]?.file ?? end.file;
      segments.push(await this.#segment(sizeBytes, this.#startAt, index === 0 ? marks : [], next));
    }
    return segments;
  }

  /** The bytes from where the last segment ended; with `next`, it is the last of its file. */
  async #segment(until: number, endAt: number, marks: readonly Mark[], next?: string): Promise<CapturedLogSegment> {
    const from = this.#from();
    const to =
      next === undefined
        ? { ...from, offset: until }
        : { file: next, offset: FIRST_OFFSET, stamp: (await this.#head(next)).stamp };
    const times = { from: formatPosition(from), to: formatPosition(to), startAt: this.#startAt, endAt };
    this.#position = to;
    this.#startAt = endAt;
    // Nothing happened, and the time has moved on.
    if (times.from === times.to)
      return { ...times, sizeBytes: 0, content: { kind: 'inline', bytes: new Uint8Array() } };
    const { bytes: head } = await this.#head(from.file);
    const header: SegmentHeader = {
      file: from.file,
      offset: from.offset,
      length: until - from.offset,
      head: head.toString('base64'),
      marks: marks.map(({ at, offset }) => [at, offset]),
    };
    const path = this.#options.receiver.pathOf(from.file);
    return {
      ...times,
      sizeBytes: segmentSize(header),
      content: { kind: 'stream', open: () => segmentBytes(header, path) },
    };
  }

  async #head(file: string): Promise<BinlogHead> {
    const known = this.#heads.get(file);
    if (known !== undefined) return known;
    await this.#arrived(file, FIRST_OFFSET + 1, undefined);
    for (let waitedMs = 0; waitedMs < ARRIVAL_PATIENCE_MS; waitedMs += ARRIVAL_STEP_MS) {
      const head = await readBinlogHead(this.#options.receiver.pathOf(file));
      if (head !== undefined) {
        this.#heads.set(file, head);
        return head;
      }
      await sleep(ARRIVAL_STEP_MS);
    }
    throw stuck(file);
  }

  /** Waits until the receiver has a file up to an offset. */
  async #arrived(file: string, offset: number, signal: AbortSignal | undefined): Promise<void> {
    for (let waitedMs = 0; waitedMs < ARRIVAL_PATIENCE_MS; waitedMs += ARRIVAL_STEP_MS) {
      if ((await this.#options.receiver.sizeOf(file)) >= offset) return;
      await sleep(ARRIVAL_STEP_MS, undefined, signal === undefined ? {} : { signal });
    }
    throw stuck(file);
  }

  async acknowledge(to: string): Promise<void> {
    const { file } = parsePosition(to);
    await this.#options.receiver.forgetBefore(file);
    for (const known of this.#heads.keys()) if (isBefore(known, file)) this.#heads.delete(known);
  }

  async close(): Promise<void> {
    await this.#options.receiver[Symbol.asyncDispose]();
    await this.#options.connection[Symbol.asyncDispose]();
    await rm(this.#options.directory, { recursive: true, force: true });
  }
}

function stuck(file: string): ConnectorError {
  return new ConnectorError('unavailable', `The binary log ${file} does not arrive from the server.`, {
    hint: 'It is tried again; look at the network, and at SHOW PROCESSLIST for the Binlog Dump thread of Holdfast.',
  });
}
