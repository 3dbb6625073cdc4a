import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { endProcessesOf } from '../../child-process/end-processes-of.ts';
import type { UserIdentity } from '../../child-process/identity-of.ts';
import { runChild } from '../../child-process/run-child.ts';
import type { Flavour } from '../../restored-instances/flavour.ts';
import { dataDirectoryOf } from '../../restored-instances/instance-directory.ts';
import { placeInstance } from '../../restored-instances/place-instance.ts';
import { type DatabaseRestoreMetadata, parseRestoreMetadata } from '../../restored-instances/restore-metadata.ts';
import { restorePlace } from '../../restored-instances/restore-place.ts';
import type {
  RestoredInstance,
  RestoredInstanceRegister,
} from '../../restored-instances/restored-instance-register.ts';
import type { ConnectorContext, RestoreOutcome, RestoreRequest } from '../../sdk/v1/connector.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import { type BaseFacts, readBaseFacts } from '../backup/base-items.ts';
import type { BasePosition } from '../binlog/base-position.ts';
import type { ServerSettings } from '../config.ts';
import { requireProgram } from '../find-programs.ts';
import type { Instance, Instances } from '../instances.ts';
import { makeInstanceDirectory, socketPathOf, writeServerOptions } from './instance-files.ts';
import { layFiles } from './lay-files.ts';
import { loadDump, makeEmptyInstance, positionOfDump } from './load-dump.ts';
import { keptOptions, positionOfBase, prepareBase } from './prepare-base.ts';
import { makeReplayAccount } from './replay-account.ts';
import { layLog, replayLog } from './replay-log.ts';
import { startServer, stopServer } from './run-server.ts';

/**
 * How the server runs while only Holdfast uses it: nobody comes in over the network, no log, no replication, no events.
 * Commits reach the disk together, at the latest when it stops: whatever is interrupted begins anew.
 */
const PRIVATE_ARGUMENTS = [
  '--skip-networking',
  '--skip-log-bin',
  '--skip-slave-start',
  '--event-scheduler=OFF',
  '--innodb-flush-log-at-trx-commit=0',
];

export interface RestoreDependencies {
  readonly instances: Instances;
  readonly flavour: Flavour;
  readonly settings: ServerSettings;
  readonly context: ConnectorContext;
}

/** What a restore will do, decided before anything is made. */
interface RestorePlan {
  readonly identifier: string;
  readonly directory: string;
  readonly port: number;
  readonly identity: UserIdentity | undefined;
  readonly server: string;
  readonly startsInstance: boolean;
}

/** Restores a recovery point as a new instance of this machine (RST-108 to RST-118). */
export async function restoreMariadb(
  dependencies: RestoreDependencies,
  request: RestoreRequest,
): Promise<RestoreOutcome> {
  const { instances, flavour, context } = dependencies;
  request.signal.throwIfAborted();
  const metadata = parseRestoreMetadata(flavour, request.metadata);
  const facts = readBaseFacts(await request.content.item(new Uint8Array()));
  await removeEarlierAttempt(instances.register, request.jobId);
  const plan = await planRestore(dependencies, metadata, facts, request);
  context.log('info', 'restore planned', { ...plan });
  const record = recordOf(plan, facts, request);
  await instances.register.put(record);
  try {
    const finished = await carryOut(dependencies.settings, plan, facts, { record, request });
    await instances.register.put(finished);
    const instance = instances.ofRestored(finished);
    const resource = await instances.describe(instance);
    return { createdResourceArn: instance.arn, resource, message: messageOf(finished, facts, metadata) };
  } catch (error) {
    // Neither a server nor a directory stays behind, whatever went wrong; a resumed job begins anew.
    await removeInstance(plan.directory);
    await instances.register.remove(plan.identifier);
    request.signal.throwIfAborted();
    throw error;
  }
}

/** What a worker that died left of this job. */
async function removeEarlierAttempt(register: RestoredInstanceRegister, jobId: string): Promise<void> {
  const earlier = await register.ofJob(jobId);
  if (earlier === undefined) return;
  await removeInstance(earlier.directory);
  await register.remove(earlier.identifier);
}

async function removeInstance(directory: string): Promise<void> {
  await stopServer(directory);
  // Programs of a worker that vanished, or a server that had not written its number yet.
  await endProcessesOf(directory);
  await rm(directory, { recursive: true, force: true });
}

async function planRestore(
  { instances, settings, context }: RestoreDependencies,
  metadata: DatabaseRestoreMetadata,
  facts: BaseFacts,
  { jobId }: RestoreRequest,
): Promise<RestorePlan> {
  const { identifier, startsInstance } = metadata;
  const { directory: root, identity } = await restorePlace({ settings, context });
  const sourceIdentifier = instances.own.identifier;
  const wanted = { identifier, sourceIdentifier, jobId, root, port: metadata.port };
  const { directory, port } = await placeInstance(instances.register, wanted);
  const server = await requireProgram('server', facts.product, settings.binariesDirectory);
  await assertVersion(server, facts);
  return { identifier, directory, port, identity, server, startsInstance };
}

/** A data directory is understood by its own series; a dump by any that is not older. */
async function assertVersion(server: string, facts: BaseFacts): Promise<void> {
  const { stdout } = await runChild(server, ['--version']);
  const installed = /Ver (\d+\.\d+)/.exec(stdout)?.[1] ?? 'unknown';
  if (installed === facts.series) return;
  if (facts.method === 'logical' && comparable(installed) >= comparable(facts.series)) return;
  throw new ConnectorError(
    'unavailable',
    `The recovery point is of ${facts.product} ${facts.version}; this worker has ${installed}.`,
    { hint: `Install ${facts.product} ${facts.series}, or name its directory with the setting 'binariesDirectory'.` },
  );
}

function comparable(series: string): number {
  const [major = 0, minor = 0] = series.split('.').map(Number);
  return major * 1000 + minor;
}

function recordOf(plan: RestorePlan, facts: BaseFacts, request: RestoreRequest): RestoredInstance {
  const { identifier, directory, port, server } = plan;
  const { jobId, tags, startedAt: createdAt } = request;
  const binariesDirectory = dirname(server);
  const engineVersion = facts.version;
  return { identifier, directory, port, binariesDirectory, state: 'building', engineVersion, jobId, createdAt, tags };
}

async function carryOut(
  settings: ServerSettings,
  plan: RestorePlan,
  facts: BaseFacts,
  { record, request }: { readonly record: RestoredInstance; readonly request: RestoreRequest },
): Promise<RestoredInstance> {
  const { directory, identity, port } = plan;
  await makeInstanceDirectory(directory, identity);
  await mkdir(dataDirectoryOf(directory), { mode: 0o700 });
  const built =
    facts.method === 'physical'
      ? await buildPhysical(settings, plan, facts, request)
      : await buildLogical(settings, plan, facts, request);
  const finished = { ...record, sizeBytes: built.bytes };
  if (!built.isWhole) return { ...finished, state: 'damaged' };
  await writeServerOptions(directory, { port, kept: built.kept });
  if (request.pointInTime !== undefined) await replay(settings, plan, facts, { request, built });
  if (!plan.startsInstance) return { ...finished, state: 'handed-over' };
  await startServer({ ...plan, program: plan.server, signal: request.signal });
  return { ...finished, state: 'running' };
}

interface Built {
  readonly bytes: number;
  readonly items: number;
  readonly isWhole: boolean;
  readonly kept: readonly string[];
  readonly start: BasePosition | undefined;
}

async function buildPhysical(
  settings: ServerSettings,
  { directory, identity }: RestorePlan,
  facts: BaseFacts,
  request: RestoreRequest,
): Promise<Built> {
  const program = await requireProgram('backup', facts.product, settings.binariesDirectory);
  const { bytes, items, isWhole } = await layFiles(directory, request);
  if (!isWhole) return { bytes, items, isWhole, kept: [], start: undefined };
  await giveTo(identity, directory);
  await prepareBase(directory, { program, increments: facts.increments, identity }, request.signal);
  return {
    bytes,
    items,
    isWhole,
    kept: await keptOptions(directory),
    start: await positionOfBase(directory, facts.logOf),
  };
}

async function buildLogical(
  settings: ServerSettings,
  plan: RestorePlan,
  facts: BaseFacts,
  request: RestoreRequest,
): Promise<Built> {
  const { directory, identity, port } = plan;
  const { product } = facts;
  const { binariesDirectory } = settings;
  const program = product === 'MySQL' ? plan.server : await requireProgram('install', product, binariesDirectory);
  const clientProgram = await requireProgram('client', product, binariesDirectory);
  await giveTo(identity, directory);
  await makeEmptyInstance(directory, { product, program, identity }, request.signal);
  await writeServerOptions(directory, { port, kept: [] });
  await startServer({ ...plan, program: plan.server, args: PRIVATE_ARGUMENTS, signal: request.signal });
  const { bytes, isWhole } = await loadDump({ clientProgram, socketPath: socketPathOf(directory) }, request);
  await stopServer(directory);
  return { bytes, items: 3, isWhole, kept: [], start: isWhole ? await positionOfDump(request.content) : undefined };
}

async function replay(
  settings: ServerSettings,
  plan: RestorePlan,
  { product }: BaseFacts,
  { request, built }: { readonly request: RestoreRequest; readonly built: Built },
): Promise<void> {
  const { pointInTime, signal } = request;
  const { start } = built;
  if (pointInTime === undefined) return;
  if (start === undefined) throw new Error('the base does not say where the binary log stood when it was made');
  const { directory } = plan;
  let steps = 0;
  const log = await layLog({
    directory,
    start,
    pointInTime,
    signal,
    progress(message) {
      steps += 1;
      request.progress({ bytes: built.bytes, items: built.items + steps, message });
    },
  });
  if (log !== undefined) {
    const binlogProgram = await requireProgram('binlog', product, settings.binariesDirectory);
    const clientProgram = await requireProgram('client', product, settings.binariesDirectory);
    const account = await makeReplayAccount(directory, plan.identity);
    const args = [...PRIVATE_ARGUMENTS, `--init-file=${account.initFile}`];
    await startServer({ ...plan, program: plan.server, args, signal });
    request.progress({ bytes: built.bytes, items: built.items + steps, message: 'Replaying the binary log.' });
    await replayLog(log, { binlogProgram, clientProgram, account, signal });
    await stopServer(directory);
    await account.forget();
  }
  await rm(join(directory, 'binlog'), { recursive: true, force: true });
}

async function giveTo(identity: UserIdentity | undefined, directory: string): Promise<void> {
  if (identity === undefined) return;
  const { code, stderr } = await runChild('chown', [
    '-R',
    '--no-dereference',
    `${identity.uid}:${identity.gid}`,
    directory,
  ]);
  if (code !== 0) throw new Error(`the files of the instance could not be given to its user: ${stderr.trim()}`);
}

function messageOf(instance: RestoredInstance, facts: BaseFacts, { withoutEffect }: DatabaseRestoreMetadata): string {
  const { directory, port, state } = instance;
  const what = {
    running: `${facts.product} ${instance.engineVersion} runs on 127.0.0.1:${port}, in ${dataDirectoryOf(directory)}.`,
    'handed-over': `The storage is ready in ${dataDirectoryOf(directory)}. Attach an instance with the option file ${join(directory, 'server.cnf')} (port ${port}).`,
    damaged: `Files are missing (see the issues), so ${dataDirectoryOf(directory)} was not started.`,
    building: '',
  }[state];
  if (withoutEffect.length === 0) return what;
  return `${what} Without effect here: ${withoutEffect.join(', ')}.`;
}

/** Stops a restored instance and removes its directory. @throws ConnectorError `denied` for what no restore created */
export async function removeRestored(
  register: RestoredInstanceRegister,
  { identifier, restored }: Instance,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (restored === undefined) {
    throw new ConnectorError('denied', `${identifier} was not created by a restore, so Holdfast does not remove it.`);
  }
  await removeInstance(restored.directory);
  await register.remove(identifier);
}
