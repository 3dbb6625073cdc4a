import { ConnectorError } from '@holdfast/connectors';
import type {
  BackupRequest,
  BackupSession,
  CapturedLogSegment,
  Connector,
  ConnectorDescriptor,
  DiscoveredResource,
  LogCapture,
  LogCaptureRequest,
  RestoreOutcome,
  RestoreRequest,
} from '@holdfast/connectors/sdk';
import type { ItemEntry } from '@holdfast/engine';
import { type Clock, sleep } from '@holdfast/jobs';
import { z } from 'zod';
import { restoreTime, textOf } from './fake-point-in-time.ts';

export const DATABASE_ARN = 'arn:aws:rds:us-east-1:123456789012:db:orders';

interface Commit {
  readonly at: number;
  readonly key: string;
  readonly value: string;
}

/** A database in memory with a log and one slot that keeps it: a connector of nature `log`. */
export class FakeDatabase {
  readonly #clock: Clock;
  readonly #commits: Commit[] = [];
  /** How far the slot has been acknowledged; undefined when there is no slot. */
  slot: number | undefined;
  openCaptures = 0;
  mostOpenCaptures = 0;
  endedCaptures = 0;
  readonly backups: BackupRequest[] = [];
  /** What the last restore made. */
  restored: Readonly<Record<string, string>> | undefined;
  /** Thrown by the next calls of the named method. */
  readonly failures = new Map<'openBackup' | 'openLogCapture' | 'segments' | 'endLogCapture', Error>();
  /** Bytes of the log that a capture passes over without a word. */
  skipped = 0;
  /** Called between a backup's beginning and its end. */
  duringBackup: () => Promise<void> = async () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  write(key: string, value: string): void {
    this.#commits.push({ at: this.#clock.now(), key, value });
  }

  /** The database lost log that nobody had captured yet. */
  loseLog(): void {
    this.slot = undefined;
  }

  readonly descriptor: ConnectorDescriptor = {
    kind: 'fake-database',
    title: 'Fake database',
    resourceTypes: ['RDS'],
    abilities: { incremental: true, itemLevelRestore: false, continuous: 'log' },
    settings: z.record(z.string(), z.unknown()),
    restoreFields: [],
    validateRestoreMetadata(metadata) {
      if ('DBInstanceIdentifier' in metadata) return;
      throw new ConnectorError('invalid-request', 'The metadata key DBInstanceIdentifier is missing.');
    },
    restoreTime,
    open: async () => this.open(),
  };

  open(): Connector {
    return {
      check: async () => [],
      discover: () => this.#discover(),
      openBackup: async (request) => this.#openBackup(request),
      openLogCapture: async (request) => this.#openLogCapture(request),
      endLogCapture: async () => {
        this.#fail('endLogCapture');
        if (this.openCaptures > 0) throw new ConnectorError('conflict', 'the slot is in use');
        this.slot = undefined;
        this.endedCaptures += 1;
      },
      restore: (request) => this.#restore(request),
      deleteRestored: async () => {},
      [Symbol.asyncDispose]: async () => {},
    };
  }

  #fail(method: 'openBackup' | 'openLogCapture' | 'segments' | 'endLogCapture'): void {
    const failure = this.failures.get(method);
    if (failure !== undefined) throw failure;
  }

  async *#discover(): AsyncGenerator<DiscoveredResource> {
    yield { arn: DATABASE_ARN, resourceType: 'RDS', name: 'orders', tags: { team: 'blue' }, status: 'available' };
  }

  #openBackup(request: BackupRequest): BackupSession {
    this.#fail('openBackup');
    this.backups.push(request);
    const startAt = this.#clock.now();
    const state = JSON.stringify(this.#stateAt(startAt));
    return {
      kind: 'items',
      restoreMetadata: { Engine: 'postgres' },
      consistentAt: startAt,
      log: async () => ({ startAt, consistentAt: startAt }),
      entries: () => this.#entries(state),
      state: async () => new Uint8Array([this.backups.length]),
      release: async () => {},
    };
  }

  async *#entries(state: string): AsyncGenerator<ItemEntry> {
    await this.duringBackup();
    const bytes = Buffer.from(state);
    const content = { kind: 'inline', bytes } as const;
    yield { item: { path: Buffer.from('data'), type: 'object', sizeBytes: bytes.length, metadata: {}, content } };
  }

  #stateAt(at: number): Record<string, string> {
    const known = this.#commits.filter((commit) => commit.at <= at);
    return Object.fromEntries(known.map(({ key, value }) => [key, value]));
  }

  #openLogCapture({ after, maximumLagMs }: LogCaptureRequest): LogCapture {
    this.#fail('openLogCapture');
    if (this.openCaptures > 0) throw new ConnectorError('unavailable', 'the slot is in use');
    const position = after === undefined ? this.#commits.length : Number(after);
    if (after === undefined) this.slot = position;
    if (this.slot === undefined || this.slot > position) {
      throw new ConnectorError('log-broken', `The log after ${after} is gone.`);
    }
    this.openCaptures += 1;
    this.mostOpenCaptures = Math.max(this.mostOpenCaptures, this.openCaptures);
    return {
      segments: (signal) => this.#segments(position, maximumLagMs, signal),
      acknowledge: async (to) => {
        this.slot = Number(to);
      },
      close: async () => {
        this.openCaptures -= 1;
      },
    };
  }

  async *#segments(position: number, lagMs: number, signal: AbortSignal): AsyncGenerator<CapturedLogSegment> {
    let from = position;
    let startAt = this.#clock.now();
    for (;;) {
      await sleep(this.#clock, lagMs, signal);
      signal.throwIfAborted();
      this.#fail('segments');
      if (this.slot === undefined) throw new ConnectorError('log-broken', 'The slot was dropped.');
      from += this.skipped;
      this.skipped = 0;
      const commits = this.#commits.slice(from);
      const bytes = Buffer.from(commits.map((commit) => `${JSON.stringify(commit)}\n`).join(''));
      const endAt = this.#clock.now();
      const positions = { from: String(from), to: String(from + commits.length) };
      yield { ...positions, startAt, endAt, sizeBytes: bytes.length, content: { kind: 'inline', bytes } };
      from += commits.length;
      startAt = endAt;
    }
  }

  async #restore({ content, pointInTime }: RestoreRequest): Promise<RestoreOutcome> {
    const state = JSON.parse(await textOf(content.read(Buffer.from('data')))) as Record<string, string>;
    for await (const segment of pointInTime?.log?.segments() ?? []) {
      const text = await textOf(pointInTime?.log?.read(segment.sequence) ?? emptyStream());
      for (const line of text.split('\n').filter((each) => each !== '')) {
        const commit = JSON.parse(line) as Commit;
        if (commit.at <= (pointInTime?.targetAt ?? 0)) state[commit.key] = commit.value;
      }
    }
    this.restored = state;
    return { createdResourceArn: `${DATABASE_ARN}-restored` };
  }
}

async function* emptyStream(): AsyncGenerator<Uint8Array> {}
