import { open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { UserIdentity } from '../../child-process/identity-of.ts';
import { runChild } from '../../child-process/run-child.ts';
import { dataDirectoryOf, serverLogOf } from '../../restored-instances/instance-directory.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';

const LOOK_EVERY_MS = 100;
const LOG_TAIL_BYTES = 4000;
const FOR_EVER_SECONDS = 2_000_000;
const STOP_PATIENCE_SECONDS = 60;
/** The line of the pid file in which a server says how far it is. */
const STATUS_LINE = 7;
/** Of the state in `pg_control`, the same in all versions: behind an identifier of 8 and two versions of 4 bytes. */
const CONTROL_STATE_OFFSET = 16;
const IN_PRODUCTION = 6;

export interface InstanceProcess {
  readonly directory: string;
  readonly binariesDirectory: string;
  readonly identity: UserIdentity | undefined;
}

export type StartOutcome = 'ready' | 'ended-before-target';

/**
 * Starts an instance and waits until it has recovered and takes writes, however long that is.
 * @returns `ended-before-target` when its log holds nothing later than the recovery target, and it gave up for that
 * @throws ConnectorError `permanent` with the end of its log when it stops; the signal's reason when aborted
 */
export async function startInstance(instance: InstanceProcess, signal: AbortSignal): Promise<StartOutcome> {
  const { directory, binariesDirectory, identity } = instance;
  const log = serverLogOf(directory);
  await makeLog(log, instance);
  const data = dataDirectoryOf(directory);
  const args = ['start', '-D', data, '-l', log, '-w', '-s', '-t', String(FOR_EVER_SECONDS)];
  const { code, stderr } = await runChild(join(binariesDirectory, 'pg_ctl'), args, { identity, signal });
  if (code === 0 && (await untilReady(data, signal))) return 'ready';
  const said = await tailOf(log);
  if (/recovery ended before configured recovery target was reached/.test(said)) return 'ended-before-target';
  throw new ConnectorError(
    'permanent',
    `The restored instance in ${directory} does not start: ${reasonIn(said, stderr)}`,
  );
}

/** A server calls itself ready while it still replays and answers queries only; its control file knows better. */
async function untilReady(data: string, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    const status = await statusOf(data);
    if (status === undefined) return false;
    if (status === 'ready' && (await isInProduction(data))) return true;
    await wait(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function isInProduction(data: string): Promise<boolean> {
  const control = await readFile(join(data, 'global', 'pg_control'));
  return control.readUInt32LE(CONTROL_STATE_OFFSET) === IN_PRODUCTION;
}

/** Undefined when no server runs on the directory. */
export async function statusOf(data: string): Promise<string | undefined> {
  let lines: string[];
  try {
    lines = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return isAlive(Number(lines[0])) ? (lines[STATUS_LINE]?.trim() ?? '') : undefined;
}

function isAlive(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Stops an instance, first as a shutdown, then at once; nothing happens when it does not run. */
export async function stopInstance(instance: InstanceProcess, mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
  const data = dataDirectoryOf(instance.directory);
  if ((await statusOf(data)) === undefined) return;
  const args = ['stop', '-D', data, '-w', '-s', '-t', String(STOP_PATIENCE_SECONDS), '-m', mode];
  const { code, stderr } = await runChild(join(instance.binariesDirectory, 'pg_ctl'), args, {
    identity: instance.identity,
  });
  if (code === 0 || (await statusOf(data)) === undefined) return;
  if (mode === 'fast') return stopInstance(instance, 'immediate');
  throw new ConnectorError('unavailable', `The instance in ${instance.directory} does not stop: ${stderr.trim()}`);
}

/** Stops whatever runs there and removes everything; idempotent. */
export async function removeInstance(instance: InstanceProcess): Promise<void> {
  if (instance.binariesDirectory !== '') await stopInstance(instance);
  await rm(instance.directory, { recursive: true, force: true });
}

/** The user that a data directory belongs to, who alone may run it. */
export async function ownerOf(directory: string): Promise<UserIdentity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const { uid, gid } = await stat(dataDirectoryOf(directory));
    return uid === 0 ? undefined : { uid, gid };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeLog(log: string, { identity }: InstanceProcess): Promise<void> {
  await using handle = await open(log, 'a', 0o600);
  await truncate(log);
  if (identity !== undefined) await handle.chown(identity.uid, identity.gid);
}

async function tailOf(log: string): Promise<string> {
  return (await readFile(log, 'utf8')).slice(-LOG_TAIL_BYTES);
}

function reasonIn(log: string, stderr: string): string {
  const lines = log.split('\n').filter((line) => /FATAL|PANIC|HINT|could not/.test(line));
  return (lines.length === 0 ? `${log.trim()} ${stderr.trim()}` : lines.slice(-4).join(' ')).trim();
}
