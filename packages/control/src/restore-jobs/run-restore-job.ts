/** Runs one restore job: rules, open recovery point, connector rebuilds the resource, the catalog learns of it. */
import type { RestoreOutcome } from '@holdfast/connectors/sdk';
import type { ItemIssue } from '@holdfast/engine';
import type { Job, JobExecutor, JobHandle, JobOutcome } from '@holdfast/jobs';
import { jobIssues } from '../backup-jobs/job-issues.ts';
import { type OpenPointInTime, openPointInTime } from '../continuous/open-point-in-time.ts';
import { continuousState, withoutWindowKeys } from '../continuous/restorable-time.ts';
import { JobFailure, outcomeOfError } from '../job-messages/outcome-of-error.ts';
import type { ControlPorts } from '../ports.ts';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';
import type { ResourceRecord } from '../resources/resource-store.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { type PreparedRestore, prepareRestore } from './prepare-restore.ts';
import { recoveryPointContent } from './recovery-point-content.ts';
import { restoreOutcome } from './restore-outcome.ts';

const KEPT_ISSUES = 1000;
const MINUTE_MS = 60_000;
/** Between two looks at what cold storage has made readable. */
const COLD_LOOK_MS = 5 * MINUTE_MS;

/** The executor of restore jobs. */
export function restoreJobExecutor(ports: ControlPorts): JobExecutor {
  return { execute: (job, handle) => runRestoreJob(ports, job, handle), outcomeOfError };
}

interface Restored {
  readonly outcome: RestoreOutcome;
  readonly bytes: number;
  readonly issues: readonly ItemIssue[];
  readonly issueCount: number;
  readonly missingCount: number;
  readonly startedAt: number;
}

async function runRestoreJob(ports: ControlPorts, job: Job, handle: JobHandle): Promise<JobOutcome> {
  const prepared = await prepareRestore(ports, job);
  const { record, recoveryPoint, vault } = prepared;
  await handle.begin();
  const thawing = recoveryPoint.storageClass === 'COLD' ? await warmUp(ports, prepared, handle) : undefined;
  if (thawing !== undefined) return thawing;
  const repository = await ports.repositories.open(vault);
  await using moment = await openMoment(ports, repository, prepared);
  await using reader = await repository.openRecoveryPoint(moment?.engineId ?? recoveryPoint.engineId);
  await using connector = await ports.connectors.open(prepared.source);
  const startedAt = ports.clock.now();
  const issues: ItemIssue[] = [];
  let issueCount = 0;
  let missingCount = 0;
  let bytes = 0;
  const outcome = await connector.restore({
    recoveryPointArn: recoveryPoint.arn,
    sourceResourceArn: recoveryPoint.resourceArn,
    metadata: withoutWindowKeys(record.metadata),
    tags: prepared.tags.copyTags,
    content: recoveryPointContent(reader),
    ...(moment === undefined ? {} : { pointInTime: moment.pointInTime }),
    jobId: record.jobId,
    startedAt: record.createdAt,
    signal: handle.signal,
    progress(update) {
      bytes = update.bytes;
      handle.progress({ bytesTransferred: bytes, percentDone: percentOf(bytes, recoveryPoint.sizeBytes) });
    },
    issue(issue) {
      issueCount += 1;
      if (issue.dataMissing) missingCount += 1;
      if (issues.length < KEPT_ISSUES) issues.push(issue);
    },
  });
  return end(ports, prepared, handle, { outcome, bytes, issues, issueCount, missingCount, startedAt });
}

/** What leads to the moment that was asked for; undefined for a snapshot. @throws JobFailure when it is gone */
async function openMoment(
  ports: ControlPorts,
  repository: VaultRepository,
  { record, recoveryPoint }: PreparedRestore,
): Promise<OpenPointInTime | undefined> {
  const { restoreToAt } = record;
  const state = restoreToAt === undefined ? undefined : await continuousState(ports, recoveryPoint);
  if (restoreToAt === undefined || state === undefined) return undefined;
  const moment = await openPointInTime(repository, state, restoreToAt);
  if (moment !== undefined) return moment;
  const time = new Date(restoreToAt).toISOString();
  throw new JobFailure('INVALID_PARAMETERS', `${recoveryPoint.arn} cannot be restored to ${time} any more.`);
}

/**
 * Content of the cold tier is asked for first (RST-5); until it can be read the job waits without a worker.
 * @returns the outcome of a job that must wait; undefined when the restore can go on
 */
async function warmUp(
  ports: ControlPorts,
  { recoveryPoint, vault }: PreparedRestore,
  handle: JobHandle,
): Promise<JobOutcome | undefined> {
  const { ready, total } = await ports.repositories.warmUp(vault, recoveryPoint.engineId, handle.signal);
  if (ready >= total) return undefined;
  const message = `Content is being fetched from cold storage: ${ready} of ${total} objects are ready.`;
  return { result: 'wait', message, delayMs: COLD_LOOK_MS };
}

function percentOf(done: number, total: number): number {
  return total <= 0 ? 0 : Math.min(99, (done / total) * 100);
}

async function end(
  ports: ControlPorts,
  prepared: PreparedRestore,
  handle: JobHandle,
  restored: Restored,
): Promise<JobOutcome> {
  const { record, recoveryPoint } = prepared;
  const { stores } = ports;
  const now = ports.clock.now();
  const created = newResource(prepared, restored.outcome, now);
  handle.progress({ bytesTransferred: restored.bytes, percentDone: 100 });
  return handle.end(restoreOutcome(restored, restored.outcome), async () => {
    if (created !== undefined) await stores.resources.upsert([created]);
    await stores.restoreJobs.addIssues(jobIssues(record.jobId, restored.issues));
    await stores.restoreJobs.setFacts(record.jobId, {
      createdResourceArn: restored.outcome.createdResourceArn,
      sizeBytes: restored.bytes,
      issueCount: restored.issueCount,
    });
    await stores.recoveryPoints.change(recoveryPoint.vaultId, recoveryPoint.arn, { lastRestoredAt: now });
    await stores.protectedResources.recordRestore(record, recoveryPoint.resourceArn, {
      executionMinutes: Math.ceil((now - restored.startedAt) / MINUTE_MS),
      jobCreatedAt: record.createdAt,
      recoveryPointCreatedAt: recoveryPoint.createdAt,
    });
  });
}

function newResource(
  { record, source, tags }: PreparedRestore,
  outcome: RestoreOutcome,
  now: number,
): ResourceRecord | undefined {
  const resource = outcome.resource;
  if (resource === undefined) return undefined;
  return {
    accountId: record.accountId,
    region: record.region,
    arn: resource.arn,
    resourceType: resource.resourceType,
    name: resource.name,
    sourceName: source.name,
    sourceTags: resource.tags,
    localTags: tags.copyTags,
    status: resource.status,
    createdAt: resource.createdAt ?? now,
    firstSeenAt: now,
    lastSeenAt: now,
    createdByRestoreJobId: record.jobId,
    ...withoutUndefined({
      path: resource.path,
      sizeBytes: resource.sizeBytes,
      statusMessage: resource.statusMessage,
    }),
  };
}
