/**
 * A run of a continuous rule: begins the continuous backup of the resource, or keeps the one that is there going. Where
 * that is not possible, the caller makes a snapshot instead (BKP-81).
 */
import type { ContinuousNature } from '@holdfast/connectors/sdk';
import { type JobHandle, type JobOutcome, JobStoppedError } from '@holdfast/jobs';
import { backupProgress } from '../backup-jobs/backup-progress.ts';
import { jobIssues } from '../backup-jobs/job-issues.ts';
import type { PreparedBackup } from '../backup-jobs/prepare-backup.ts';
import { backupOutcome } from '../job-messages/issue-outcome.ts';
import { JobFailure } from '../job-messages/outcome-of-error.ts';
import type { ControlPorts } from '../ports.ts';
import { type CommittedBase, commitBase, tellBase } from './commit-base.ts';
import { isLasting } from './connector-failures.ts';
import type { ContinuousBackupRecord, ContinuousBase } from './continuous-backup-store.ts';
import { isCutOff } from './restorable-window.ts';
import { liveContinuousBackup } from './start-continuous.ts';
import { stopContinuousBackup } from './stop-continuous.ts';
import { deleteContent } from './trim-continuous.ts';
import { type WrittenBase, withNextBase } from './write-base.ts';

const HOUR_MS = 3_600_000;
/** A base is made once a day; a run that comes a little early makes it too. */
const BASE_EVERY_MS = 20 * HOUR_MS;
const LOOK_AGAIN_MS = 2_000;
export type ContinuousRun =
  | { readonly kind: 'ended'; readonly outcome: JobOutcome }
  /** The continuous backup is in order; the copies of the rule still need a snapshot (BKP-71). */
  | { readonly kind: 'snapshot-to-copy'; readonly continuous: ContinuousBackupRecord }
  /** No continuous backup is possible, for this reason. */
  | { readonly kind: 'snapshot-instead'; readonly reason: string };

/** @throws JobFailure; ConnectorError when it is worth trying again */
export async function runContinuousJob(
  ports: ControlPorts,
  prepared: PreparedBackup,
  handle: JobHandle,
): Promise<ContinuousRun> {
  const nature = natureOf(ports, prepared);
  if (nature === undefined) {
    return { kind: 'snapshot-instead', reason: `the source "${prepared.source.name}" cannot be captured continuously` };
  }
  const record = await liveContinuousBackup(ports, prepared, nature);
  const wait = await obstacle(ports, prepared, record, nature);
  if (wait !== undefined) return ended({ result: 'wait', message: wait, delayMs: LOOK_AGAIN_MS });
  if (record.state === 'STARTING' && record.error?.isLasting === true) {
    return await giveUp(ports, record, record.error.message);
  }
  const bases = await ports.stores.continuousBackups.bases(record.continuousId);
  if (!isBaseDue(record, bases, ports.clock.now())) return await nothingToDo(ports, prepared, record, handle);
  if (nature === 'log' && record.captureCount === 0) {
    const message = `Waiting for the log of ${record.resourceArn} to be captured.`;
    return ended({ result: 'wait', message, delayMs: LOOK_AGAIN_MS });
  }
  try {
    return await makeBase(ports, prepared, handle, record, bases);
  } catch (error) {
    if (record.state !== 'STARTING' || !isLasting(error)) throw error;
    return await giveUp(ports, record, error.message);
  }
}

function ended(outcome: JobOutcome): ContinuousRun {
  return { kind: 'ended', outcome };
}

function natureOf(ports: ControlPorts, { source }: PreparedBackup): ContinuousNature | undefined {
  return ports.connectors.descriptors().find(({ kind }) => kind === source.kind)?.abilities.continuous;
}

/** What must end first. A rule that moved to another vault begins there anew. */
async function obstacle(
  ports: ControlPorts,
  { vault }: PreparedBackup,
  record: ContinuousBackupRecord,
  nature: ContinuousNature,
): Promise<string | undefined> {
  const isOther = record.vaultId !== vault.vaultId || record.nature !== nature;
  if (isOther && record.state !== 'STOPPING') {
    await stopContinuousBackup(ports, record, `Continuous backup goes on in backup vault "${vault.name}".`);
  }
  if (!isOther && record.state !== 'STOPPING') return undefined;
  return `Waiting for the continuous backup ${record.recoveryPointArn} to end.`;
}

async function giveUp(ports: ControlPorts, record: ContinuousBackupRecord, reason: string): Promise<ContinuousRun> {
  await stopContinuousBackup(ports, record, reason);
  return { kind: 'snapshot-instead', reason };
}

function isBaseDue(record: ContinuousBackupRecord, bases: readonly ContinuousBase[], now: number): boolean {
  const newest = bases.at(-1);
  if (newest === undefined) return true;
  if (record.nature === 'versions') return false;
  return now - newest.completedAt >= BASE_EVERY_MS || isCutOff(record, bases);
}

async function nothingToDo(
  ports: ControlPorts,
  { record: job }: PreparedBackup,
  record: ContinuousBackupRecord,
  handle: JobHandle,
): Promise<ContinuousRun> {
  if (job.hasCopies === true) return { kind: 'snapshot-to-copy', continuous: record };
  await handle.begin();
  handle.progress({ percentDone: 100 });
  const outcome = await handle.end({ result: 'completed' }, () =>
    ports.stores.backupJobs.setFacts(job.jobId, { recoveryPointArn: record.recoveryPointArn, isEncrypted: true }),
  );
  return ended(outcome);
}

async function makeBase(
  ports: ControlPorts,
  prepared: PreparedBackup,
  handle: JobHandle,
  record: ContinuousBackupRecord,
  bases: readonly ContinuousBase[],
): Promise<ContinuousRun> {
  const repository = await ports.repositories.open(prepared.vault);
  const startedAt = ports.clock.now();
  await using connector = await ports.connectors.open(prepared.source);
  const work = {
    ...prepared,
    record,
    bases,
    repository,
    connector,
    options: prepared.record.backupOptions,
    signal: handle.signal,
    onBegin: () => handle.begin(),
    onProgress: (progress: Parameters<typeof backupProgress>[0], session: { estimate?: object }) =>
      handle.progress(backupProgress(progress, { ...session.estimate }, startedAt)),
  };
  return await withNextBase(ports, work, async (written) => {
    const latest = await ports.stores.continuousBackups.get(record.continuousId);
    if (latest?.captureCount !== written.captureCount) {
      // The capture had to begin anew meanwhile: this base and the log do not meet.
      await deleteContent(repository, written.base.engineId);
      const message = `The log of ${record.resourceArn} is captured anew; its base is made again.`;
      return ended({ result: 'wait', message, delayMs: LOOK_AGAIN_MS });
    }
    return await commitJob(ports, prepared, handle, latest, written);
  });
}

async function commitJob(
  ports: ControlPorts,
  { record: job, vault }: PreparedBackup,
  handle: JobHandle,
  record: ContinuousBackupRecord,
  written: WrittenBase,
): Promise<ContinuousRun> {
  const { sealed, base, droppedTagCount } = written;
  let committed: CommittedBase | undefined;
  const enter = async () => {
    committed = await commitBase(ports, record, written, nextLook(ports, record));
    if (committed === undefined) throw endedMeanwhile(record);
  };
  handle.progress({ bytesTransferred: sealed.statistics.readBytes, percentDone: 100 });
  if (job.hasCopies === true) {
    await enter();
    tellBase(ports, committed);
    return { kind: 'snapshot-to-copy', continuous: record };
  }
  try {
    const outcome = await handle.end(backupOutcome({ ...sealed.statistics, droppedTagCount }), async () => {
      await enter();
      await ports.stores.backupJobs.addIssues(jobIssues(job.jobId, sealed.issues));
      await ports.stores.backupJobs.setFacts(job.jobId, {
        recoveryPointArn: record.recoveryPointArn,
        sizeBytes: base.sizeBytes,
        isEncrypted: true,
        issueCount: base.issueCount,
        vaultLockState: vault.lock === undefined ? 'UNLOCKED' : 'LOCKED',
      });
    });
    tellBase(ports, committed);
    return ended(outcome);
  } catch (error) {
    if (error instanceof JobStoppedError || error instanceof JobFailure) {
      const repository = await ports.repositories.open(vault);
      await deleteContent(repository, base.engineId);
      if (record.state === 'STARTING') await stopContinuousBackup(ports, record, 'Its backup job was stopped.');
    }
    throw error;
  }
}

/** The workers take a new one of nature `versions` over from its job; a log is captured by them from the beginning. */
function nextLook(ports: ControlPorts, { nature }: ContinuousBackupRecord): { readonly dueAt?: number } {
  return nature === 'versions' ? { dueAt: ports.clock.now() } : {};
}

function endedMeanwhile({ recoveryPointArn }: ContinuousBackupRecord): JobFailure {
  return new JobFailure(
    'INVALID_STATE',
    `The continuous backup ${recoveryPointArn} was ended while its base was made.`,
  );
}
