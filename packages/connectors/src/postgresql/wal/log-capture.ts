import { primaryOf } from '../../restored-instances/database-instances.ts';
import type { ConnectorContext } from '../../sdk/v1/connector.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import type { CapturedLogSegment, LogCapture, LogCaptureRequest } from '../../sdk/v1/continuous.ts';
import { endServerProcess } from '../backup/end-server-process.ts';
import { ReplicationCommand } from '../client/replication-command.ts';
import type { ReplicationConnection, Server } from '../client/server.ts';
import { serverError } from '../errors.ts';
import { readFacts } from '../facts.ts';
import type { Instance, ReachedServer } from '../instances.ts';
import { LogSegments } from './log-segments.ts';
import { dropSlot, holdSlot, slotFacts, slotNameOf } from './slot.ts';
import { formatPosition, parseLsn, parsePosition, segmentStart, type WalPosition } from './wal-position.ts';

export interface LogCaptureOptions {
  readonly instance: Instance;
  readonly context: ConnectorContext;
}

/** Opens a capture of the write-ahead log of an instance, held at the server by a slot of its own. */
export async function openLogCapture(
  { instance, context }: LogCaptureOptions,
  request: LogCaptureRequest,
): Promise<LogCapture> {
  request.signal.throwIfAborted();
  const reached = await primaryOf(instance, readFacts);
  const slot = slotNameOf(instance.arn);
  const after = request.after === undefined ? undefined : parsePosition(request.after);
  if (after !== undefined && after.systemId !== reached.facts.systemId) {
    throw new ConnectorError('log-broken', `${reached.server.name} is not the cluster whose log was captured so far.`, {
      hint: 'It was rebuilt or replaced: a new base backup begins a new window.',
    });
  }
  const start = await prepareSlot(reached, slot, after);
  context.log('info', 'log capture begins', { server: reached.server.name, slot, from: formatPosition(start) });
  return capture({ reached, slot, start, context, request });
}

/** Ends continuous backup: takes the slot away at every server of the instance. */
export async function endLogCapture(instance: Instance, signal: AbortSignal): Promise<void> {
  const slot = slotNameOf(instance.arn);
  for (const server of instance.servers) {
    signal.throwIfAborted();
    await server.use((connection) => dropSlot(server, connection, slot));
  }
}

/** Where the capture begins: behind what is stored, or at the first log that the slot keeps from now on. */
async function prepareSlot(
  { server, facts }: ReachedServer,
  slot: string,
  after: WalPosition | undefined,
): Promise<WalPosition> {
  const { systemId, segmentBytes } = facts;
  return server.use(async (connection) => {
    const isNew = await holdSlot(server, connection, slot);
    const seen = await slotFacts(connection, slot);
    if (seen === undefined || seen.isLost || seen.restartLsn === undefined) {
      await dropSlot(server, connection, slot);
      if (after !== undefined) throw lost(server, slot);
      return prepareSlot({ server, facts }, slot, undefined);
    }
    if (after !== undefined) {
      const kept = segmentStart(parseLsn(seen.restartLsn), segmentBytes);
      // A slot that was just made keeps what the server happens to have; whether that is enough shows when it streams.
      if (!isNew && kept > after.lsn) throw lost(server, slot);
      return after;
    }
    const [timeline] = await connection.rows<{ id: number }>('select timeline_id as id from pg_control_checkpoint()');
    return { systemId, timeline: timeline?.id ?? 1, lsn: segmentStart(parseLsn(seen.restartLsn), segmentBytes) };
  });
}

function lost(server: Server, slot: string): ConnectorError {
  return new ConnectorError(
    'log-broken',
    `${server.name} no longer has the log that follows what is stored (slot ${slot}).`,
    {
      hint: 'A new base backup begins a new window. Raise max_slot_wal_keep_size, or keep Holdfast running.',
    },
  );
}

interface Capture {
  readonly reached: ReachedServer;
  readonly slot: string;
  readonly start: WalPosition;
  readonly context: ConnectorContext;
  readonly request: LogCaptureRequest;
}

function capture(options: Capture): LogCapture {
  const { reached, start, slot, request } = options;
  const { server } = reached;
  const progress = { stored: start.lsn };
  let open: ReplicationConnection | undefined;
  let isClosed = false;
  return {
    async *segments(signal): AsyncGenerator<CapturedLogSegment> {
      if (isClosed) throw new Error('segments() was called after close()');
      let position = start;
      let coveredAt = request.after === undefined ? undefined : request.afterAt;
      for (;;) {
        open = await server.connectReplication();
        const { connection } = { connection: open };
        const cut = (): void => void connection.client.connection.stream.destroy();
        signal.addEventListener('abort', cut, { once: true });
        try {
          signal.throwIfAborted();
          const stream = new LogSegments({ ...options, connection, position, coveredAt, progress });
          yield* stream.segments(signal);
          // The timeline has ended: the history of the next one is a segment of its own.
          const next = stream.nextTimeline();
          yield* timelineSwitch(stream, connection, next);
          position = next;
          coveredAt = stream.reached().at;
        } catch (error) {
          signal.throwIfAborted();
          throw captureError(server, slot, error);
        } finally {
          signal.removeEventListener('abort', cut);
          await connection[Symbol.asyncDispose]();
        }
      }
    },
    async acknowledge(to) {
      const { lsn } = parsePosition(to);
      if (lsn > progress.stored) progress.stored = lsn;
    },
    async close() {
      if (isClosed) throw new Error('close() was called twice');
      isClosed = true;
      if (open === undefined) return;
      await open[Symbol.asyncDispose]();
      await endServerProcess(server, open.processId);
    },
  };
}

async function* timelineSwitch(
  stream: LogSegments,
  { client }: ReplicationConnection,
  next: WalPosition,
): AsyncGenerator<CapturedLogSegment> {
  const command = new ReplicationCommand(`TIMELINE_HISTORY ${next.timeline}`);
  client.query(command);
  for await (const message of command.messages()) {
    if (message.kind !== 'row') continue;
    const bytes = Buffer.from(message.values[1] ?? '');
    const { from, at } = stream.reached();
    const content = { kind: 'inline', bytes } as const;
    yield { from, to: formatPosition(next), startAt: at, endAt: at, sizeBytes: bytes.length, content };
  }
}

/** What a server says when log is gone, or was never part of its history. */
const BROKEN = /has already been removed|not in this server's history|can no longer get changes|was invalidated/;

function captureError(server: Server, slot: string, error: unknown): unknown {
  if (error instanceof ConnectorError) return error;
  if (error instanceof Error && BROKEN.test(error.message)) {
    return new ConnectorError('log-broken', `${server.name}: ${error.message} (slot ${slot}).`, {
      hint: 'A new base backup begins a new window. Raise max_slot_wal_keep_size, or keep Holdfast running.',
      cause: error,
    });
  }
  return serverError(`The log of PostgreSQL at ${server.name} stopped coming`, error);
}
