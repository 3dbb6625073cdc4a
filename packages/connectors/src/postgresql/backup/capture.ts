import type { ItemEntry, ItemIssue } from '@holdfast/engine';
import { serverForBackup } from '../../restored-instances/database-instances.ts';
import type { Flavour } from '../../restored-instances/flavour.ts';
import type { BackupRequest, BackupSession, ConnectorContext } from '../../sdk/v1/connector.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import type { BaseLogFacts } from '../../sdk/v1/continuous.ts';
import type { ReplicationConnection } from '../client/server.ts';
import { reasonOf, serverError } from '../errors.ts';
import { readFacts } from '../facts.ts';
import type { Instance, ReachedServer } from '../instances.ts';
import { serverTime } from '../server-time.ts';
import { ArrivalKeys } from './arrival-keys.ts';
import { backupEntries } from './backup-entries.ts';
import { type BackupFacts, encodeFacts, ROOT_PATH } from './backup-items.ts';
import { type BaseBackup, beginBaseBackup } from './base-backup.ts';
import { endServerProcess } from './end-server-process.ts';
import { fingerprintRule } from './file-fingerprint.ts';
import { ParentBackup } from './parent-backup.ts';

/** The log of a base begins this much before the base itself: what its capture knows of times is not exact to the ms. */
const LOG_SLACK_MS = 1500;
const FIRST_INCREMENTAL_VERSION = 17;

export interface CaptureOptions {
  readonly instance: Instance;
  readonly flavour: Flavour;
  readonly context: ConnectorContext;
}

interface Begun {
  readonly connection: ReplicationConnection;
  readonly base: BaseBackup;
  readonly isIncremental: boolean;
  /** Why the server could not send only what changed, when it was asked to. */
  readonly notIncremental?: string;
}

/** Begins a base backup of an instance; the server holds its start and the WAL until the session is released. */
export async function openCapture(options: CaptureOptions, request: BackupRequest): Promise<BackupSession> {
  const { instance, context } = options;
  request.signal.throwIfAborted();
  if (instance.restored?.state === 'building') {
    throw new ConnectorError('unavailable', `A restore of ${instance.identifier} runs or was interrupted.`);
  }
  const reached = await serverForBackup(instance, readFacts);
  const { server, facts } = reached;
  const parent = request.parent?.content === undefined ? undefined : await readParent(request);
  const logFromAt = facts.now;
  if (request.continuous !== undefined) await passSlack(request.signal);
  const startedAt = await serverTime(server);
  const begun = await begin(reached, parent, context);
  context.log('info', 'base backup begun', {
    server: server.name,
    lsn: begun.base.startLsn,
    isIncremental: begun.isIncremental,
  });
  return session({ options, reached, begun, parent, startedAt, logFromAt });
}

async function readParent({ parent, signal }: BackupRequest): Promise<ParentBackup | undefined> {
  return parent?.content === undefined ? undefined : await ParentBackup.read(parent.content, signal);
}

function passSlack(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, LOG_SLACK_MS);
    signal.addEventListener('abort', abort, { once: true });
  });
}

async function begin(
  { server, facts }: ReachedServer,
  parent: ParentBackup | undefined,
  context: ConnectorContext,
): Promise<Begun> {
  const basic = {
    label: `holdfast ${context.newId('b-')}`,
    majorVersion: facts.majorVersion,
    bytesPerSecond: server.settings.bandwidthLimitBytesPerSecond,
  };
  const canIncrement = facts.majorVersion >= FIRST_INCREMENTAL_VERSION && facts.settings['summarize_wal'] === 'on';
  const since = canIncrement ? parent?.manifest() : undefined;
  let notIncremental: string | undefined;
  if (since !== undefined) {
    const connection = await server.connectReplication();
    try {
      return { connection, base: await beginBaseBackup(server, connection, { ...basic, since }), isIncremental: true };
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      notIncremental = reasonOf(error);
      context.log('warn', 'the server cannot send only what changed', { server: server.name, reason: notIncremental });
    }
  }
  const connection = await server.connectReplication();
  try {
    const base = await beginBaseBackup(server, connection, basic);
    return { connection, base, isIncremental: false, ...(notIncremental === undefined ? {} : { notIncremental }) };
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

interface Opened {
  readonly options: CaptureOptions;
  readonly reached: ReachedServer;
  readonly begun: Begun;
  readonly parent: ParentBackup | undefined;
  readonly startedAt: number;
  readonly logFromAt: number;
}

function session(opened: Opened): BackupSession {
  const { options, reached, begun } = opened;
  const { server, facts } = reached;
  let isReleased = false;
  let log: BaseLogFacts | undefined;
  const bytes = begun.isIncremental ? undefined : begun.base.estimatedBytes;
  return {
    kind: 'items',
    restoreMetadata: restoreMetadataOf(options.flavour, reached),
    ...(bytes === undefined ? {} : { estimate: { bytes } }),
    async *entries(signal): AsyncGenerator<ItemEntry> {
      if (isReleased) throw new Error('entries() was called after release()');
      const cut = (): void => void begun.connection.client.connection.stream.destroy();
      signal.addEventListener('abort', cut, { once: true });
      try {
        signal.throwIfAborted();
        yield { item: { path: ROOT_PATH, type: 'directory', sizeBytes: 0, metadata: {} } };
        yield* entriesOf(opened, signal);
        log = { startAt: opened.logFromAt, consistentAt: await serverTime(server) };
      } catch (error) {
        signal.throwIfAborted();
        throw serverError(`The base backup of PostgreSQL at ${server.name} was cut off`, error);
      } finally {
        signal.removeEventListener('abort', cut);
      }
    },
    async log() {
      if (log === undefined) throw new Error('log() was called before the entries ended');
      return log;
    },
    async state() {
      const { startLsn, timeline } = begun.base;
      return Buffer.from(JSON.stringify({ systemId: facts.systemId, timeline, startLsn }));
    },
    async release() {
      if (isReleased) throw new Error('release() was called twice');
      isReleased = true;
      await begun.connection[Symbol.asyncDispose]();
      await endServerProcess(server, begun.connection.processId);
    },
  };
}

async function* entriesOf(opened: Opened, signal: AbortSignal): AsyncGenerator<ItemEntry> {
  const { reached, begun, parent, startedAt } = opened;
  const keys = new ArrivalKeys(parent?.keys());
  const facts = backupFacts(reached, begun.base);
  yield* backupEntries({
    base: begun.base,
    facts: encodeFacts(facts),
    keys,
    parent,
    fingerprintOf: fingerprintRule(facts, startedAt),
    signal,
  });
  for (const issue of issuesOf(begun)) yield { issue };
}

function backupFacts({ server, facts }: ReachedServer, base: BaseBackup): BackupFacts {
  const { version, majorVersion, systemId, segmentBytes, settings, dataDirectory } = facts;
  const { startLsn, timeline } = base;
  const origin = `${server.name} ${dataDirectory}`;
  return { format: 1, version, majorVersion, systemId, segmentBytes, startLsn, timeline, server: origin, settings };
}

function issuesOf({ base, notIncremental }: Begun): ItemIssue[] {
  const damaged = base.warnings.filter((warning) => /checksum/i.test(warning));
  return [
    ...damaged.map((message) => ({ path: ROOT_PATH, code: 'page-checksum', message, dataMissing: true })),
    ...(notIncremental === undefined
      ? []
      : [{ path: ROOT_PATH, code: 'not-incremental', message: notIncremental, dataMissing: false }]),
  ];
}

function restoreMetadataOf(flavour: Flavour, { facts, server }: ReachedServer): Readonly<Record<string, string>> {
  const { engine, resourceType } = flavour;
  const common = { Engine: engine, EngineVersion: facts.version.split(' ')[0] ?? facts.version };
  if (resourceType === 'Aurora')
    return { ...common, EngineMode: 'provisioned', DatabaseName: server.settings.database };
  const gibibytes = Math.max(1, Math.ceil((facts.sizeBytes ?? 0) / 1024 ** 3));
  return { ...common, DBName: server.settings.database, AllocatedStorage: String(gibibytes), MultiAZ: 'false' };
}
