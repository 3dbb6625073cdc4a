import { chown, mkdir } from 'node:fs/promises';
import type { UserIdentity } from '../../child-process/identity-of.ts';
import type { Flavour } from '../../restored-instances/flavour.ts';
import { dataDirectoryOf } from '../../restored-instances/instance-directory.ts';
import { placeInstance } from '../../restored-instances/place-instance.ts';
import { type DatabaseRestoreMetadata, parseRestoreMetadata } from '../../restored-instances/restore-metadata.ts';
import { type RestorePlaceOptions, restorePlace } from '../../restored-instances/restore-place.ts';
import type { RestoredInstance } from '../../restored-instances/restored-instance-register.ts';
import type { RestoreOutcome, RestoreRequest } from '../../sdk/v1/connector.ts';
import type { BackupFacts } from '../backup/backup-items.ts';
import type { Instances } from '../instances.ts';
import { configureInstance } from './configure-instance.ts';
import { findBinaries } from './find-binaries.ts';
import { layDownLog } from './lay-down-log.ts';
import { type LaidOut, layOutFiles, readBackupFacts } from './lay-out-files.ts';
import { ownerOf, removeInstance, startInstance, stopInstance } from './run-instance.ts';

export interface RestoreDependencies {
  readonly instances: Instances;
  readonly flavour: Flavour;
  readonly place: RestorePlaceOptions;
}

/** What a restore will do, decided before anything is made. */
interface RestorePlan {
  readonly identifier: string;
  readonly directory: string;
  readonly port: number;
  readonly identity: UserIdentity | undefined;
  /** Empty when none are installed: a hand-over is then recovered by whoever starts it. */
  readonly binariesDirectory: string;
  readonly startsInstance: boolean;
  readonly targetAt: number | undefined;
}

/** Restores a recovery point as a new instance of this machine (RST-108 to RST-118). */
export async function restorePostgresql(
  dependencies: RestoreDependencies,
  request: RestoreRequest,
): Promise<RestoreOutcome> {
  const { instances, flavour, place } = dependencies;
  request.signal.throwIfAborted();
  const metadata = parseRestoreMetadata(flavour, request.metadata);
  const facts = await readBackupFacts(request);
  await removeEarlierAttempt(instances, request.jobId);
  const plan = await planRestore(dependencies, metadata, facts, request);
  place.context.log('info', 'restore planned', { ...plan });
  const record = recordOf(plan, facts, request);
  await instances.register.put(record);
  try {
    const finished = await carryOut(plan, facts, record, request);
    await instances.register.put(finished);
    const instance = instances.ofRestored(finished);
    const resource = await instances.describe(instance);
    return { createdResourceArn: instance.arn, resource, message: messageOf(finished, metadata) };
  } catch (error) {
    // Neither a server nor a directory stays behind, whatever went wrong; a resumed job begins anew.
    await removeInstance(plan);
    await instances.register.remove(plan.identifier);
    request.signal.throwIfAborted();
    throw error;
  }
}

/** What a worker that died left of this job. */
async function removeEarlierAttempt({ register }: Instances, jobId: string): Promise<void> {
  const earlier = await register.ofJob(jobId);
  if (earlier === undefined) return;
  const { directory, binariesDirectory, identifier } = earlier;
  await removeInstance({ directory, binariesDirectory, identity: await ownerOf(directory) });
  await register.remove(identifier);
}

async function planRestore(
  { instances, place }: RestoreDependencies,
  metadata: DatabaseRestoreMetadata,
  facts: BackupFacts,
  { jobId, pointInTime }: RestoreRequest,
): Promise<RestorePlan> {
  const { identifier, startsInstance } = metadata;
  const { directory: root, identity } = await restorePlace(place);
  const sourceIdentifier = instances.own.identifier;
  const wanted = { identifier, sourceIdentifier, jobId, root, port: metadata.port };
  const { directory, port } = await placeInstance(instances.register, wanted);
  return {
    identifier,
    directory,
    port,
    identity,
    binariesDirectory: await binariesFor(facts, place, startsInstance),
    startsInstance,
    targetAt: pointInTime?.targetAt,
  };
}

async function binariesFor(facts: BackupFacts, place: RestorePlaceOptions, isNeeded: boolean): Promise<string> {
  try {
    return await findBinaries(facts.majorVersion, place.settings.binariesDirectory);
  } catch (error) {
    if (isNeeded) throw error;
    return '';
  }
}

function recordOf(plan: RestorePlan, facts: BackupFacts, request: RestoreRequest): RestoredInstance {
  const { identifier, directory, port, binariesDirectory } = plan;
  const { jobId, tags, startedAt: createdAt } = request;
  const engineVersion = facts.version;
  return { identifier, directory, port, binariesDirectory, state: 'building', engineVersion, jobId, createdAt, tags };
}

async function carryOut(
  plan: RestorePlan,
  facts: BackupFacts,
  record: RestoredInstance,
  request: RestoreRequest,
): Promise<RestoredInstance> {
  const { directory, identity } = plan;
  await mkdir(directory, { mode: 0o700 });
  if (identity !== undefined) await chown(directory, identity.uid, identity.gid);
  const laidOut = await layOutFiles(request, plan);
  const finished = { ...record, sizeBytes: laidOut.bytes };
  const log = request.pointInTime?.log;
  if (log !== undefined) {
    const told = (bytes: number): void => tell(request, laidOut, bytes, 'replaying the log');
    told(await layDownLog(log, facts, plan, request.signal));
  }
  const at = log === undefined ? undefined : plan.targetAt;
  const recovery = at === undefined ? undefined : { at };
  await configureInstance({ ...plan, recovery }, facts);
  if (laidOut.isDamaged) return { ...finished, state: 'damaged' };
  if (plan.binariesDirectory === '') return { ...finished, state: 'handed-over' };
  if ((await startInstance(plan, request.signal)) === 'ended-before-target') {
    // The log reaches beyond the target by its clock and holds no later commit: all that it holds is wanted.
    await configureInstance({ ...plan, recovery: 'end-of-log' }, facts);
    const again = await startInstance(plan, request.signal);
    if (again !== 'ready') throw new Error(`the instance in ${directory} gave up its recovery twice`);
  }
  if (recovery !== undefined) await configureInstance({ ...plan, recovery: undefined }, facts);
  if (plan.startsInstance) return { ...finished, state: 'running' };
  await stopInstance(plan);
  return { ...finished, state: 'handed-over' };
}

function tell({ progress }: RestoreRequest, laidOut: LaidOut, logBytes: number, message: string): void {
  progress({ bytes: laidOut.bytes + logBytes, items: laidOut.items, message });
}

function messageOf(instance: RestoredInstance, { withoutEffect }: DatabaseRestoreMetadata): string {
  const { directory, port, state } = instance;
  const data = dataDirectoryOf(directory);
  const what = {
    running: `PostgreSQL ${instance.engineVersion} runs on 127.0.0.1:${port}, in ${data}.`,
    'handed-over': `The storage is ready in ${data}. Attach an instance with: pg_ctl -D ${data} start (port ${port}).`,
    damaged: `Files are missing (see the issues), so ${data} was not started.`,
    building: '',
  }[state];
  if (withoutEffect.length === 0) return what;
  return `${what} Without effect here: ${withoutEffect.join(', ')}.`;
}
