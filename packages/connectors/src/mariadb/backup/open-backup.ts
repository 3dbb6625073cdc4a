import { access, constants, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ItemEntry } from '@holdfast/engine';
import { endProcessesOf } from '../../child-process/end-processes-of.ts';
import type { BackupRequest, BackupSession, ConnectorContext } from '../../sdk/v1/connector.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import type { BaseLogFacts } from '../../sdk/v1/continuous.ts';
import { writeOptionFile } from '../client/option-file.ts';
import { readFacts } from '../facts.ts';
import { findProgram, requireProgram } from '../find-programs.ts';
import type { Instances, ReachedServer } from '../instances.ts';
import { type BackupState, dataIdentityOf, readBackupState, writeBackupState } from './backup-state.ts';
import type { BaseFacts } from './base-items.ts';
import { chooseServer } from './choose-server.ts';
import { LogicalBackup } from './logical-backup.ts';
import { PhysicalBackup } from './physical-backup.ts';

/** A chain is applied increment by increment when it is restored; a new full backup ends it. */
const MOST_INCREMENTS = 6;

export interface OpenBackupOptions {
  readonly instances: Instances;
  readonly context: ConnectorContext;
  /** Slows a stream down to the source's bandwidth limit. */
  limit(source: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

interface Run extends AsyncDisposable {
  entries(signal: AbortSignal): AsyncIterable<ItemEntry>;
}

/** Makes the consistent point of one server; the programs start when the entries are asked for. */
export async function openBackup(options: OpenBackupOptions, request: BackupRequest): Promise<BackupSession> {
  const instance = await options.instances.byArn(request.resourceArn);
  const isPhysical = async (reached: ReachedServer): Promise<boolean> =>
    reached.server.settings.method !== 'logical' && (await physicalProgram(reached)) !== undefined;
  const { reached, logOf } = await chooseServer(instance, request, options.context, isPhysical);
  const { server, facts } = reached;
  const { method } = server.settings;
  const program = method === 'logical' ? undefined : await physicalProgram(reached);
  if (method === 'physical' && program === undefined) throw physicalImpossible(reached);
  // One backup of a resource runs at a time: what lies here was left by a worker that vanished.
  const directory = join(options.context.stateDirectory, 'backups', instance.identifier);
  await endProcessesOf(directory);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  options.context.log('info', 'base backup begun', { resourceArn: request.resourceArn, server: server.name });
  const connection = await writeOptionFile(server, directory);
  const common = {
    connection,
    backupId: options.context.newId('backup-'),
    limit: (source: AsyncIterable<Uint8Array>) => options.limit(source, request.signal),
  };
  const base = { product: facts.product, version: facts.version, series: facts.series, increments: 0, logOf };
  if (program === undefined) {
    const dump = await requireProgram('dump', facts.product, server.settings.binariesDirectory);
    const logical: BaseFacts = { ...base, method: 'logical' };
    const run = new LogicalBackup({
      ...common,
      program: dump,
      facts: logical,
      hasBinaryLog: facts.hasBinaryLog,
    });
    return session(reached, logical, { run, directory });
  }
  const dataIdentity = await dataIdentityOf(facts.dataDirectory);
  const parent = usableParent(request, facts.series, dataIdentity);
  const increments = parent === undefined ? 0 : parent.state.increments + 1;
  const physical: BaseFacts = { ...base, method: 'physical', increments };
  const run = new PhysicalBackup({
    ...common,
    program,
    facts: physical,
    dataDirectory: facts.dataDirectory,
    spoolDirectory: directory,
    ...(parent === undefined ? {} : { parent: { content: parent.content, toLsn: parent.state.toLsn } }),
  });
  const state = (): Uint8Array | undefined => {
    const { toLsn } = run;
    return toLsn === undefined
      ? undefined
      : writeBackupState({ toLsn, increments, series: facts.series, dataIdentity });
  };
  return session(reached, physical, { run, directory, state });
}

/** Undefined when the data directory is not on this machine, may not be read, or the program is missing. */
async function physicalProgram({ server, facts }: ReachedServer): Promise<string | undefined> {
  if (facts.product !== 'MariaDB') return undefined;
  const program = await findProgram('backup', facts.product, server.settings.binariesDirectory);
  if (program === undefined) return undefined;
  try {
    await access(join(facts.dataDirectory, 'ibdata1'), constants.R_OK);
    return program;
  } catch {
    // The server runs elsewhere or keeps its files to itself: its recovery points say that they are dumps.
    return undefined;
  }
}

function physicalImpossible({ server, facts }: ReachedServer): ConnectorError {
  return new ConnectorError('denied', `A physical backup of ${facts.product} at ${server.name} is not possible here.`, {
    hint:
      `It needs MariaDB, the program mariadb-backup, and a data directory (${facts.dataDirectory}) that Holdfast can ` +
      "read on this machine. Set method to 'logical' otherwise.",
  });
}

function usableParent({ parent }: BackupRequest, series: string, dataIdentity: string) {
  const state: BackupState | undefined = readBackupState(parent?.state);
  if (parent?.content === undefined || state === undefined) return undefined;
  const continues = state.series === series && state.dataIdentity === dataIdentity;
  return continues && state.increments < MOST_INCREMENTS ? { state, content: parent.content } : undefined;
}

function session(
  reached: ReachedServer,
  base: BaseFacts,
  { run, directory, state }: { run: Run; directory: string; state?: () => Uint8Array | undefined },
): BackupSession {
  const { facts, server } = reached;
  let log: BaseLogFacts | undefined;
  let isReleased = false;
  return {
    kind: 'items',
    ...(facts.sizeBytes === undefined ? {} : { estimate: { bytes: facts.sizeBytes } }),
    restoreMetadata: {
      Engine: facts.product.toLowerCase(),
      EngineVersion: facts.version,
      'holdfast:backup-method': base.increments === 0 ? base.method : `${base.method}, increment ${base.increments}`,
    },
    async *entries(signal) {
      yield* run.entries(signal);
      log = { startAt: facts.now, consistentAt: (await readFacts(server)).now };
    },
    async log() {
      if (log === undefined) throw new Error('the base is not read to its end');
      return log;
    },
    ...(state === undefined ? {} : { state: async () => state() }),
    async release() {
      if (isReleased) throw new Error('the session was released twice');
      isReleased = true;
      await run[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
