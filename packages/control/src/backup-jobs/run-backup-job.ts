/**
 * Runs one backup job: rules, consistent point, stream into the vault, seal, commit. The engine commits first and under
 * an identifier that the job fixed when it was made, so that a job that continues after a crash finds what was sealed.
 */
import type { BackupSession, Connector } from '@holdfast/connectors/sdk';
import { EngineError, type ItemIssue, type SealedRecoveryPoint } from '@holdfast/engine';
import { type Job, type JobExecutor, type JobHandle, type JobOutcome, JobStoppedError } from '@holdfast/jobs';
import { runContinuousJob } from '../continuous/run-continuous-job.ts';
import { newestParent } from '../continuous/snapshot-parent.ts';
import { backupOutcome } from '../job-messages/issue-outcome.ts';
import { JobFailure, outcomeOfError } from '../job-messages/outcome-of-error.ts';
import type { ControlPorts } from '../ports.ts';
import { retentionForEngine } from '../recovery-points/retention-for-engine.ts';
import { readSealedFacts, type SealedFacts, sealedFacts } from '../recovery-points/sealed-facts.ts';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';
import { recoveryPointTags } from '../tags/tag-rules.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { backupProgress } from './backup-progress.ts';
import { discardContent } from './discard-content.ts';
import { draftRecoveryPoint, engineIdOf, finishedRecoveryPoint } from './draft-recovery-point.ts';
import { jobIssues } from './job-issues.ts';
import { ParentReader } from './parent-content.ts';
import { missingVault, type PreparedBackup, prepareBackup } from './prepare-backup.ts';

/** Issues that are kept with a job; all of them are in the recovery point. */
const KEPT_ISSUES = 1000;

/** The executor of backup jobs. */
export function backupJobExecutor(ports: ControlPorts): JobExecutor {
  return { execute: (job, handle) => runBackupJob(ports, job, handle), outcomeOfError };
}

interface Backup extends PreparedBackup {
  readonly repository: VaultRepository;
  readonly handle: JobHandle;
  readonly remark: string | undefined;
}

interface Written {
  readonly facts: SealedFacts;
  readonly sealed: SealedRecoveryPoint;
  readonly droppedTagCount: number;
  readonly connectorState?: Uint8Array | undefined;
}

async function runBackupJob(ports: ControlPorts, job: Job, handle: JobHandle): Promise<JobOutcome> {
  const prepared = await prepareBackup(ports, job);
  if (!prepared.record.isContinuous) return await makeSnapshot(ports, prepared, handle);
  const run = await runContinuousJob(ports, prepared, handle);
  if (run.kind === 'ended') return run.outcome;
  if (run.kind === 'snapshot-to-copy') return await makeSnapshot(ports, await snapshotToCopy(ports, prepared), handle);
  return await makeSnapshot(ports, prepared, handle, `Continuous backup is not possible: ${run.reason}`);
}

/** The snapshot of a continuous backup that copy actions want goes with the last copy, at the latest by the rule's retention. */
async function snapshotToCopy(ports: ControlPorts, prepared: PreparedBackup): Promise<PreparedBackup> {
  const { record, vault, resource } = prepared;
  const lifecycle = { ...record.lifecycle, deleteAfterEvent: 'DELETE_AFTER_COPY' } as const;
  // The base may just have been made.
  const parent = await newestParent(ports, vault, resource, true);
  return { ...prepared, parent, record: { ...record, lifecycle } };
}

/** @param remark what the job shall tell even though all went well */
async function makeSnapshot(
  ports: ControlPorts,
  prepared: PreparedBackup,
  handle: JobHandle,
  remark?: string,
): Promise<JobOutcome> {
  const repository = await ports.repositories.open(prepared.vault);
  const backup: Backup = { ...prepared, repository, handle, remark };
  const earlier = handle.isResumed ? await writtenEarlier(backup) : undefined;
  if (earlier !== undefined) {
    await handle.begin();
    return commit(ports, backup, earlier);
  }
  await using connector = await ports.connectors.open(prepared.source);
  const content = readableParent(backup);
  let session: BackupSession | undefined;
  let stored = false;
  try {
    session = await openSession(connector, backup, content);
    await handle.begin();
    const outcome = await commit(ports, backup, await write(ports, backup, session));
    stored = true;
    return outcome;
  } finally {
    await session?.release({ stored });
    await content?.close();
  }
}

/** Undefined when there is none, and for one whose content lies in cold storage. */
function readableParent({ repository, parent }: Backup): ParentReader | undefined {
  if (parent === undefined || parent.storageClass === 'COLD') return undefined;
  return new ParentReader(repository, parent.engineId);
}

/** What an earlier worker sealed for this job before it vanished. */
async function writtenEarlier({ repository, record }: Backup): Promise<Written | undefined> {
  try {
    await using reader = await repository.openRecoveryPoint(engineIdOf(record.recoveryPointArn));
    const issues: ItemIssue[] = [];
    for await (const issue of reader.issues()) {
      if (issues.length === KEPT_ISSUES) break;
      issues.push(issue);
    }
    const sealed = { ...reader.summary, issues };
    return { facts: readSealedFacts(sealed.facts), sealed, droppedTagCount: 0 };
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return undefined;
    throw error;
  }
}

function openSession(
  connector: Connector,
  { record, parent, handle }: Backup,
  content: ParentReader | undefined,
): Promise<BackupSession> {
  const state = parent?.connectorState;
  return connector.openBackup({
    resourceArn: record.resourceArn,
    options: record.backupOptions,
    signal: handle.signal,
    ...(parent === undefined
      ? {}
      : { parent: { recoveryPointArn: parent.arn, ...withoutUndefined({ state, content }) } }),
  });
}

async function write(ports: ControlPorts, backup: Backup, session: BackupSession): Promise<Written> {
  const { record, handle, repository, parent, vault } = backup;
  const initiatedAt = ports.clock.now();
  const draft = draftRecoveryPoint(backup, session, { initiatedAt, createdAt: session.consistentAt ?? initiatedAt });
  const { tags, dropped } = recoveryPointTags(
    draft.resourceTags,
    record.recoveryPointTags,
    ports.quotas.tagsPerResource,
  );
  const facts = { recoveryPoint: draft, tags };
  const expected = { ...session.estimate, ...lastDuration(backup) };
  const sealed = await repository.backupItems({
    recoveryPointId: draft.engineId,
    retention: retentionForEngine(initiatedAt, draft.deleteAt, vault.lock),
    facts: sealedFacts(facts),
    entries: session.entries(handle.signal),
    signal: handle.signal,
    onProgress: (progress) => handle.progress(backupProgress(progress, expected, initiatedAt)),
    ...(parent === undefined ? {} : { parentId: parent.engineId }),
  });
  return { facts, sealed, droppedTagCount: dropped, connectorState: await session.state?.() };
}

function lastDuration({ parent }: Backup): { durationMs?: number } {
  if (parent?.completedAt === undefined || parent.initiatedAt === undefined) return {};
  return { durationMs: parent.completedAt - parent.initiatedAt };
}

async function commit(ports: ControlPorts, backup: Backup, written: Written): Promise<JobOutcome> {
  const { handle, record, repository, vault } = backup;
  const { facts, sealed, droppedTagCount, connectorState } = written;
  const { statistics, issues } = sealed;
  const recoveryPoint = finishedRecoveryPoint(facts.recoveryPoint, sealed, ports.clock.now(), connectorState);
  const fence = { jobId: record.jobId, fencingToken: handle.fencingToken };
  handle.progress({ bytesTransferred: statistics.readBytes, percentDone: 100 });
  try {
    const ended = await handle.end(
      withRemark(backupOutcome({ ...statistics, droppedTagCount }), backup.remark),
      async () => {
        if ((await ports.stores.vaults.getById(vault.vaultId)) === undefined) throw missingVault(record);
        await ports.stores.recoveryPoints.commit({ recoveryPoint, tags: facts.tags, fence });
        await ports.stores.backupJobs.addIssues(jobIssues(record.jobId, issues));
        await ports.stores.backupJobs.setFacts(record.jobId, {
          sizeBytes: recoveryPoint.sizeBytes,
          isEncrypted: recoveryPoint.isEncrypted,
          issueCount: recoveryPoint.issueCount,
          vaultLockState: vault.lock === undefined ? 'UNLOCKED' : 'LOCKED',
        });
      },
    );
    ports.emit({ kind: 'recovery-point-created', at: ports.clock.now(), recoveryPoint });
    return ended;
  } catch (error) {
    if (error instanceof JobStoppedError || error instanceof JobFailure) {
      await discardContent(ports, repository, recoveryPoint.engineId, record.jobId);
    }
    throw error;
  }
}

/** A snapshot that stands in for a continuous backup completes, and says so (BKP-81, API2-29). */
function withRemark(outcome: JobOutcome, remark: string | undefined): JobOutcome {
  if (remark === undefined) return outcome;
  if (outcome.result !== 'completed' && outcome.result !== 'partial') return outcome;
  const { category = 'FEATURE_NOT_ENABLED', message } = outcome;
  return { ...outcome, category, message: message === undefined ? remark : `${remark} ${message}` };
}
