import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectorContext } from '../../sdk/v1/connector.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import type { CapturedLogSegment, LogCaptureRequest } from '../../sdk/v1/continuous.ts';
import { ReplicationCommand, wholeMessages } from '../client/replication-command.ts';
import type { QueryConnection, ReplicationConnection } from '../client/server.ts';
import type { ReachedServer } from '../instances.ts';
import { serverTime } from '../server-time.ts';
import { CommitScanner } from './commit-scanner.ts';
import { DISORDER_MS, reaches, type Sample, sample } from './coverage.ts';
import { dropSlot, slotFacts } from './slot.ts';
import { readStreamMessage, statusMessage } from './stream-messages.ts';
import { formatLsn, formatPosition, parseLsn, segmentStart, type WalPosition } from './wal-position.ts';

/** Pieces are at most this large, and stay in memory until they are taken. */
const PIECE_BYTES = 16 * 1024 * 1024;
const LONGEST_LAG_MS = 60_000;
/** How often the server hears from us: it gives up after wal_sender_timeout, a minute as a rule. */
const STATUS_MS = 5000;
/** While log comes, the clock is looked at this often, so that large pieces know their times. */
const SAMPLE_MS = 1000;

export interface LogSegmentsOptions {
  readonly reached: ReachedServer;
  readonly slot: string;
  readonly context: ConnectorContext;
  readonly request: LogCaptureRequest;
  readonly connection: ReplicationConnection;
  readonly position: WalPosition;
  /** Everything committed up to here lies before `position`; absent when the stream begins. */
  readonly coveredAt: number | undefined;
  /** What is safely stored, moved on by acknowledgements. */
  readonly progress: { readonly stored: bigint };
}

/** The log of one timeline, streamed from a server and cut into segments. */
export class LogSegments {
  readonly #options: LogSegmentsOptions;
  readonly #scanner: CommitScanner;
  readonly #streamFrom: bigint;
  #parts: Buffer[] = [];
  #pieceBytes = 0;
  /** The end of what was handed out. */
  #cutLsn: bigint;
  /** The end of what has come. */
  #reachedLsn: bigint;
  #coveredAt = 0;
  #samples: Sample[] = [];
  #next: WalPosition | undefined;

  constructor(options: LogSegmentsOptions) {
    this.#options = options;
    const { segmentBytes } = options.reached.facts;
    this.#streamFrom = segmentStart(options.position.lsn, segmentBytes);
    this.#scanner = new CommitScanner(this.#streamFrom, segmentBytes);
    this.#cutLsn = options.position.lsn;
    this.#reachedLsn = options.position.lsn;
  }

  /** The end of the last segment handed out, and the time up to which everything is in. */
  reached(): { readonly from: string; readonly at: number } {
    return { from: this.#at(this.#cutLsn), at: this.#coveredAt };
  }

  /** Where the log goes on, once the segments have ended. */
  nextTimeline(): WalPosition {
    if (this.#next === undefined) throw new ConnectorError('unavailable', 'The server ended the stream of its log.');
    return this.#next;
  }

  /** Ends with the timeline. */
  async *segments(signal: AbortSignal): AsyncGenerator<CapturedLogSegment> {
    const { reached, slot, connection, position } = this.#options;
    await using queries = await reached.server.connect();
    this.#coveredAt = this.#options.coveredAt ?? (await sample(queries))?.at ?? (await serverTime(reached.server));
    const command = new ReplicationCommand(
      `START_REPLICATION SLOT "${slot}" PHYSICAL ${formatLsn(this.#streamFrom)} TIMELINE ${position.timeline}`,
    );
    connection.client.query(command);
    const status = setInterval(() => this.#sendStatus(command), STATUS_MS);
    try {
      yield* this.#cutPieces(command, queries, signal);
    } finally {
      clearInterval(status);
    }
  }

  async *#cutPieces(
    command: ReplicationCommand,
    queries: QueryConnection,
    signal: AbortSignal,
  ): AsyncGenerator<CapturedLogSegment> {
    const lagMs = Math.min(LONGEST_LAG_MS, this.#options.request.maximumLagMs) / 2;
    const messages = wholeMessages(command.messages());
    let coming = handled(messages.next());
    const nextTick = () => handled(wait(Math.min(SAMPLE_MS, lagMs), 'tick' as const, { signal }));
    let tick = nextTick();
    let cutAt = performance.now();
    for (;;) {
      const event = await Promise.race([coming, tick]);
      signal.throwIfAborted();
      if (event === 'tick') {
        await this.#look(queries);
        if (performance.now() - cutAt >= lagMs) {
          yield* this.#flush();
          cutAt = performance.now();
        }
        this.#sendStatus(command);
        tick = nextTick();
        continue;
      }
      if (event.done === true) return;
      coming = handled(messages.next());
      const message = event.value;
      if (message.kind === 'row') this.#noteNext(message.values);
      else if (message.kind === 'copy-done') {
        command.sendDone();
        yield* this.#flush();
      } else if (message.kind === 'data') {
        this.#takeMessage(command, message.bytes);
        if (this.#pieceBytes >= PIECE_BYTES) yield* this.#flush();
      }
    }
  }

  #takeMessage(command: ReplicationCommand, bytes: Buffer): void {
    const message = readStreamMessage(bytes);
    if (message.kind === 'keepalive' && message.wantsReply) this.#sendStatus(command);
    if (message.kind !== 'log') return;
    this.#scanner.push(message.bytes);
    const end = message.lsn + BigInt(message.bytes.length);
    if (end <= this.#reachedLsn) return;
    const fresh = message.bytes.subarray(Math.max(0, Number(this.#reachedLsn - message.lsn)));
    this.#parts.push(fresh);
    this.#pieceBytes += fresh.length;
    this.#reachedLsn = end;
  }

  /** Looks at the clock of the server, and at how much log it keeps for us. */
  async #look(queries: QueryConnection): Promise<void> {
    const { slot, reached } = this.#options;
    const seen = await sample(queries);
    if (seen !== undefined) this.#samples.push(seen);
    const facts = await slotFacts(queries, slot);
    const limit = reached.server.settings.slotLagLimitBytes;
    if (facts !== undefined && facts.keptBytes <= limit) return;
    if (facts !== undefined) await dropSlot(reached.server, queries, slot);
    throw new ConnectorError(
      'log-broken',
      facts === undefined
        ? `The slot ${slot} at ${reached.server.name} was dropped.`
        : `${reached.server.name} kept ${facts.keptBytes} bytes of log for ${slot}, more than slotLagLimitBytes (${limit}), so that the slot was given up.`,
      { hint: 'A new base backup begins a new window. See why segments are not stored in time, or raise the limit.' },
    );
  }

  /** Hands out what has come, or an empty segment when only time has passed. */
  *#flush(): Generator<CapturedLogSegment> {
    const startAt = this.#coveredAt;
    const endAt = this.#coverage();
    if (this.#pieceBytes === 0 && endAt === startAt) return;
    const bytes =
      this.#parts.length === 1 && this.#parts[0] !== undefined ? this.#parts[0] : Buffer.concat(this.#parts);
    const from = this.#at(this.#cutLsn);
    this.#cutLsn = this.#reachedLsn;
    this.#parts = [];
    this.#pieceBytes = 0;
    this.#coveredAt = endAt;
    const content = { kind: 'inline', bytes } as const;
    yield { from, to: this.#at(this.#cutLsn), startAt, endAt, sizeBytes: bytes.length, content };
  }

  /** The time up to which everything committed lies in what has come. */
  #coverage(): number {
    const passed = this.#samples.filter(({ lsn }) => reaches(this.#reachedLsn, lsn));
    this.#samples = this.#samples.filter(({ lsn }) => !reaches(this.#reachedLsn, lsn));
    const known = Math.max(passed.at(-1)?.at ?? 0, this.#scanner.lastCommitAt ?? 0) - DISORDER_MS;
    return Math.max(this.#coveredAt, known);
  }

  #noteNext([timeline, lsn]: readonly (string | null)[]): void {
    const { systemId } = this.#options.position;
    if (timeline != null && lsn != null) this.#next = { systemId, timeline: Number(timeline), lsn: parseLsn(lsn) };
  }

  #sendStatus(command: ReplicationCommand): void {
    const { progress, context } = this.#options;
    command.send(statusMessage(this.#reachedLsn, progress.stored, context.now()));
  }

  #at(lsn: bigint): string {
    return formatPosition({ ...this.#options.position, lsn });
  }
}

/** Whoever leaves the loop for one promise must not be haunted by the rejection of the other. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
