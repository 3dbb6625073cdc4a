/**
 * Runs one copy job: all rules once more, the bytes through the engine, then the copy's record, its tags and the end of
 * the job in one transaction. The copy's identifier was fixed with the job, so a second try continues the first.
 */
import type { Job, JobExecutor, JobHandle, JobOutcome } from '@holdfast/jobs';
import { JobFailure, outcomeOfError } from '../job-messages/outcome-of-error.ts';
import { calculateLifecycle } from '../recovery-points/lifecycle-rules.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { retentionForEngine } from '../recovery-points/retention-for-engine.ts';
import { type DraftRecoveryPoint, sealedFacts } from '../recovery-points/sealed-facts.ts';
import { requireJobRole } from '../roles/require-job-role.ts';
import { requireUsableKey } from '../roles/require-usable-key.ts';
import { copyRights } from '../roles/role-rights.ts';
import type { Tags } from '../scope.ts';
import { retentionRefusal } from '../vaults/vault-lock-rules.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { copyFacts, destinationVault } from './copy-facts.ts';
import type { CopyJobRecord } from './copy-job-store.ts';
import { copyLifecycle, copyLifecycleRefusal } from './copy-lifecycle.ts';
import { copyLimitReached } from './copy-limits.ts';
import type { CopyPorts } from './copy-ports.ts';
import { copyRefusal } from './copy-rules.ts';

/** The executor of copy jobs. */
export function copyJobExecutor(ports: CopyPorts): JobExecutor {
  return { execute: (job, handle) => runCopyJob(ports, job, handle), outcomeOfError };
}

interface PreparedCopy {
  readonly record: CopyJobRecord;
  readonly source: RecoveryPointRecord;
  readonly destination: BackupVaultRecord;
  readonly draft: DraftRecoveryPoint;
  readonly tags: Tags;
}

async function runCopyJob(ports: CopyPorts, job: Job, handle: JobHandle): Promise<JobOutcome> {
  const record = await ports.copyJobs.get(job, job.jobId);
  if (record === undefined) throw new JobFailure('FATAL_ERROR', `The record of copy job ${job.jobId} is missing.`);
  const limit = copyLimitReached(record, await ports.copyJobs.countRunning(record), ports.copyQuotas);
  if (limit !== undefined) return { result: 'retry', message: `The copy waits: ${limit}.`, category: 'LIMIT_EXCEEDED' };
  const copy = await prepareCopy(ports, record);
  await handle.begin();
  const { source, destination, draft, tags } = copy;
  const { storedBytes } = await ports.engineCopy.copy({
    sourceVault: { accountId: source.accountId, region: source.region, vaultId: source.vaultId },
    sourceRecoveryPointId: source.engineId,
    destinationVault: destination,
    destinationRecoveryPointId: draft.engineId,
    retention: retentionForEngine(ports.clock.now(), draft.deleteAt, destination.lock),
    facts: sealedFacts({ recoveryPoint: draft, tags }),
    signal: handle.signal,
    onProgress: ({ copiedBytes, totalBytes }) =>
      handle.progress({
        bytesTransferred: copiedBytes,
        percentDone: totalBytes === 0 ? 100 : Math.min(100, (copiedBytes / totalBytes) * 100),
      }),
  });
  return await commitCopy(ports, copy, handle, storedBytes);
}

async function prepareCopy(ports: CopyPorts, record: CopyJobRecord): Promise<PreparedCopy> {
  const source = await ports.stores.recoveryPoints.get(record.sourceVaultId, record.sourceRecoveryPointArn);
  if (source === undefined) {
    throw new JobFailure(
      'RESOURCE_NOT_FOUND',
      `Recovery point ${record.sourceRecoveryPointArn} does not exist any more.`,
    );
  }
  const destination = await destinationVault(ports, record.destinationVaultArn);
  if (destination === undefined) {
    throw new JobFailure('RESOURCE_NOT_FOUND', `Backup vault ${record.destinationVaultArn} does not exist.`);
  }
  const isOnDemand = record.createdByBackupJobId === undefined;
  const refusal = copyRefusal(await copyFacts(ports, source, destination, isOnDemand));
  if (refusal !== undefined) throw new JobFailure(refusal.category, refusal.reason);
  await checkPermissions(ports, record, source, destination);
  const draft = draftCopy(record, source, destination);
  checkRetention(draft, destination, ports.clock.now());
  const page = await ports.stores.tags.list(source.accountId, source.arn, { limit: 1000 });
  return {
    record,
    source,
    destination,
    draft,
    tags: Object.fromEntries(page.items.map((tag) => [tag.key, tag.value])),
  };
}

async function checkPermissions(
  ports: CopyPorts,
  record: CopyJobRecord,
  source: RecoveryPointRecord,
  destination: BackupVaultRecord,
): Promise<void> {
  if (source.encryptionKeyArn !== undefined) await requireUsableKey(ports.keys, source.encryptionKeyArn);
  await requireUsableKey(ports.keys, destination.encryptionKeyArn);
  const isAirGapped = destination.type === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';
  await requireJobRole(ports.roles, record, copyRights(source, isAirGapped ? source.encryptionKeyArn : undefined));
  const allowed = await ports.copyPolicies.check({ source, destination, iamRoleArn: record.iamRoleArn });
  if (!allowed.ok) throw new JobFailure('ACCESS_DENIED', allowed.reason);
}

function checkRetention(draft: DraftRecoveryPoint, destination: BackupVaultRecord, now: number): void {
  const refusal =
    copyLifecycleRefusal(draft.lifecycle, draft.deleteAt, now) ??
    retentionRefusal(destination.lock, draft.lifecycle?.deleteAfterDays);
  if (refusal === undefined) return;
  throw new JobFailure('INVALID_LIFECYCLE', `Backup vault ${destination.arn} cannot take the copy: ${refusal}.`);
}

/** The copy as it will stand in the destination: dated as its source; a snapshot even of a continuous backup (COPY-3). */
function draftCopy(
  record: CopyJobRecord,
  source: RecoveryPointRecord,
  destination: BackupVaultRecord,
): DraftRecoveryPoint {
  const lifecycle = copyLifecycle(source, record.lifecycle);
  // The snapshot that stands for a continuous backup has the time of its rule's run.
  const createdAt = source.isContinuous ? record.createdAt : source.createdAt;
  const arn = record.destinationRecoveryPointArn;
  return {
    accountId: destination.accountId,
    region: destination.region,
    arn,
    vaultId: destination.vaultId,
    vaultName: destination.name,
    vaultArn: destination.arn,
    vaultType: destination.type,
    engineId: arn.slice(arn.lastIndexOf(':') + 1),
    resourceArn: source.resourceArn,
    resourceType: source.resourceType,
    createdAt,
    isEncrypted: true,
    encryptionKeyArn: destination.encryptionKeyArn,
    encryptionKeyType: destination.encryptionKeyType,
    iamRoleArn: record.iamRoleArn,
    isParent: false,
    isContinuous: false,
    restoreMetadata: source.restoreMetadata,
    resourceTags: source.resourceTags,
    ...calculateLifecycle(lifecycle, createdAt, source.resourceType),
    ...withoutUndefined({
      lifecycle,
      resourceName: source.resourceName,
      initiatedAt: source.initiatedAt,
      createdBy: source.createdBy,
      backupOptions: source.backupOptions,
      sourceBackupVaultArn: destination.accountId === source.accountId ? undefined : source.vaultArn,
    }),
  };
}

async function commitCopy(
  ports: CopyPorts,
  { record, source, destination, draft, tags }: PreparedCopy,
  handle: JobHandle,
  storedBytes: number,
): Promise<JobOutcome> {
  const recoveryPoint: RecoveryPointRecord = {
    ...draft,
    status: source.status === 'PARTIAL' ? 'PARTIAL' : 'COMPLETED',
    completedAt: ports.clock.now(),
    sizeBytes: source.sizeBytes,
    storedBytes,
    itemCount: source.itemCount,
    issueCount: source.issueCount,
    storageClass: 'WARM',
  };
  handle.progress({ percentDone: 100 });
  const outcome = await handle.end({ result: 'completed' }, async () => {
    const fence = { jobId: record.jobId, fencingToken: handle.fencingToken };
    await ports.stores.recoveryPoints.commit({ recoveryPoint, tags, fence });
    await ports.copyJobs.setFacts(record.jobId, {
      sizeBytes: source.sizeBytes,
      destinationVaultType: destination.type,
      destinationVaultLockState: destination.lock === undefined ? 'UNLOCKED' : 'LOCKED',
      destinationEncryptionKeyArn: destination.encryptionKeyArn,
      ...(draft.lifecycle === undefined ? {} : { destinationLifecycle: draft.lifecycle }),
    });
  });
  ports.emit({ kind: 'recovery-point-created', at: ports.clock.now(), recoveryPoint });
  return outcome;
}
