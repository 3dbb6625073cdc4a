/**
 * Runs one backup job: rules, consistent point, stream into the vault, seal, commit. The engine commits first and under
 * an identifier that the job fixed when it was made, so that a job that continues after a crash finds what was sealed.
 */
import type { BackupSession, Connector } from '@holdfast/connectors/sdk';
import { EngineError, type Repository, type SealedRecoveryPoint } from '@holdfast/engine';
import { type Job, type JobExecutor, type JobHandle, type JobOutcome, JobStoppedError } from '@holdfast/jobs';
import { backupOutcome } from '../job-messages/issue-outcome.ts';
import { outcomeOfError } from '../job-messages/outcome-of-error.ts';
import type { ControlPorts } from '../ports.ts';
import { retentionForEngine } from '../recovery-points/retention-for-engine.ts';
import { type DraftRecoveryPoint, sealedFacts } from '../recovery-points/sealed-facts.ts';
import type { Tags } from '../scope.ts';
import { recoveryPointTags } from '../tags/tag-rules.ts';
import { backupProgress } from './backup-progress.ts';
import { draftRecoveryPoint, finishedRecoveryPoint } from './draft-recovery-point.ts';
import { jobIssues } from './job-issues.ts';
import { type PreparedBackup, prepareBackup } from './prepare-backup.ts';

/** The executor of backup jobs. */
export function backupJobExecutor(ports: ControlPorts): JobExecutor {
  return { execute: (job, handle) => runBackupJob(ports, job, handle), outcomeOfError };
}

interface Backup extends PreparedBackup {
  readonly repository: Repository;
  readonly handle: JobHandle;
}

interface Written {
  readonly draft: DraftRecoveryPoint;
  readonly tags: { readonly tags: Tags; readonly dropped: number };
  readonly sealed: SealedRecoveryPoint;
  readonly connectorState: Uint8Array | undefined;
}

async function runBackupJob(ports: ControlPorts, job: Job, handle: JobHandle): Promise<JobOutcome> {
  const prepared = await prepareBackup(ports, job);
  const repository = await ports.repositories.open(prepared.vault);
  const backup: Backup = { ...prepared, repository, handle };
  await using connector = await ports.connectors.open(prepared.source);
  const session = await openSession(connector, backup);
  let stored = false;
  try {
    await handle.begin();
    const written = await write(ports, backup, session);
    const outcome = await commit(ports, backup, written);
    stored = true;
    return outcome;
  } finally {
    await session.release({ stored });
  }
}

function openSession(connector: Connector, { record, parent, handle }: Backup): Promise<BackupSession> {
  const state = parent?.connectorState;
  return connector.openBackup({
    resourceArn: record.resourceArn,
    options: record.backupOptions,
    signal: handle.signal,
    ...(parent === undefined
      ? {}
      : { parent: { recoveryPointArn: parent.arn, ...(state === undefined ? {} : { state }) } }),
  });
}

async function write(ports: ControlPorts, backup: Backup, session: BackupSession): Promise<Written> {
  const { record, handle, resource } = backup;
  const initiatedAt = ports.clock.now();
  const draft = draftRecoveryPoint(backup, session, { initiatedAt, createdAt: session.consistentAt ?? initiatedAt });
  const tags = recoveryPointTags(draft.resourceTags, record.recoveryPointTags, ports.quotas.tagsPerResource);
  const expected = { ...session.estimate, ...lastDuration(backup) };
  const sealed = await seal(backup, draft, tags.tags, session, (progress) =>
    handle.progress(backupProgress(progress, expected, initiatedAt)),
  );
  ports.log('info', 'content of a recovery point is sealed', {
    jobId: record.jobId,
    resourceArn: resource.arn,
    ...sealed.statistics,
  });
  return { draft, tags, sealed, connectorState: await session.state?.() };
}

function lastDuration({ parent }: Backup): { durationMs?: number } {
  if (parent?.completedAt === undefined || parent.initiatedAt === undefined) return {};
  return { durationMs: parent.completedAt - parent.initiatedAt };
}

async function seal(
  backup: Backup,
  draft: DraftRecoveryPoint,
  tags: Tags,
  session: BackupSession,
  onProgress: Parameters<Repository['backupItems']>[0]['onProgress'],
): Promise<SealedRecoveryPoint> {
  const { repository, handle, parent, vault } = backup;
  const sealedBefore = handle.isResumed ? await sealedEarlier(repository, draft.engineId) : undefined;
  if (sealedBefore !== undefined) return sealedBefore;
  return repository.backupItems({
    recoveryPointId: draft.engineId,
    retention: retentionForEngine(draft.createdAt, draft.deleteAt, vault.lock),
    facts: sealedFacts(draft, tags),
    entries: session.entries(handle.signal),
    signal: handle.signal,
    ...(parent === undefined ? {} : { parentId: parent.engineId }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

/** What an earlier worker sealed for this job before it vanished. */
async function sealedEarlier(repository: Repository, engineId: string): Promise<SealedRecoveryPoint | undefined> {
  try {
    await using reader = await repository.openRecoveryPoint(engineId);
    const issues = [];
    for await (const issue of reader.issues()) {
      if (issues.length === 1000) break;
      issues.push(issue);
    }
    return { ...reader.summary, issues };
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return undefined;
    throw error;
  }
}

async function commit(ports: ControlPorts, backup: Backup, written: Written): Promise<JobOutcome> {
  const { handle, record, vault } = backup;
  const { statistics, issues } = written.sealed;
  const recoveryPoint = finishedRecoveryPoint(written.draft, written.sealed, ports.clock.now(), written.connectorState);
  const fence = { jobId: record.jobId, fencingToken: handle.fencingToken };
  const outcome = backupOutcome({ ...statistics, droppedTagCount: written.tags.dropped });
  handle.progress({ bytesTransferred: statistics.readBytes, percentDone: 100 });
  try {
    const ended = await handle.end(outcome, async () => {
      await ports.stores.recoveryPoints.commit({ recoveryPoint, tags: written.tags.tags, fence });
      await ports.stores.backupJobs.addIssues(jobIssues(record.jobId, issues));
      await ports.stores.backupJobs.setFacts(record.jobId, {
        sizeBytes: recoveryPoint.sizeBytes,
        isEncrypted: recoveryPoint.isEncrypted,
        issueCount: recoveryPoint.issueCount,
        vaultLockState: vault.lock === undefined ? 'UNLOCKED' : 'LOCKED',
      });
    });
    ports.emit({ kind: 'recovery-point-created', at: ports.clock.now(), recoveryPoint });
    return ended;
  } catch (error) {
    if (error instanceof JobStoppedError) await discard(ports, backup, recoveryPoint.engineId);
    throw error;
  }
}

/** The job was stopped after its content was sealed: no recovery point may remain of it (BKP-212). */
async function discard(ports: ControlPorts, { repository, record }: Backup, engineId: string): Promise<void> {
  const outcome = await repository.executeDelete(await repository.planDelete([engineId]));
  for (const { message } of outcome.refused) {
    ports.log('warn', 'the content of a stopped backup job remains in its vault', { jobId: record.jobId, message });
  }
}
