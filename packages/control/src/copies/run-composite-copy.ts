/**
 * Copies a composite recovery point (BKP-181, BKP-182): its own content first, then each nested recovery point by a job of
 * its own; the composite is committed when all of those have ended. Between its steps the job waits without a worker.
 */
import type { JobHandle, JobOutcome } from '@holdfast/jobs';
import { isEnded } from '@holdfast/jobs';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { commitCopy } from './commit-copy.ts';
import { copyContent } from './copy-content.ts';
import { copyFacts } from './copy-facts.ts';
import type { CopyJobRecord } from './copy-job-store.ts';
import type { CopyPorts } from './copy-ports.ts';
import { copyRefusal } from './copy-rules.ts';
import { newCopyJob } from './new-copy-job.ts';
import { type PreparedCopy, prepareCopy } from './prepare-copy.ts';

/** Between two looks at the jobs of the nested recovery points. */
const LOOK_MS = 5_000;
const PAGE = 500;

export async function runCompositeCopy(
  ports: CopyPorts,
  record: CopyJobRecord,
  handle: JobHandle,
): Promise<JobOutcome> {
  const { composite } = record;
  const copy = await prepareCopy(ports, record, { isChecked: composite !== undefined });
  await handle.begin();
  if (composite === undefined) {
    const storedBytes = await copyContent(ports, copy, handle);
    await startChildren(ports, copy, storedBytes);
    ports.jobControl.wake();
    return waiting(0, 0);
  }
  const children = await childJobs(ports, record);
  const ended = children.filter(({ state }) => isEnded('copy', state));
  if (ended.length < children.length) return waiting(ended.length, children.length);
  const failed = ended.filter(({ state }) => state === 'FAILED' || state === 'ABORTED').map((job) => job.resourceArn);
  const missing = [...composite.leftOut, ...failed];
  const { storedBytes } = composite;
  if (missing.length === 0) return await commitCopy(ports, copy, handle, { storedBytes, isComplete: true });
  const message = `The copy lacks ${missing.length} nested recovery points: ${missing.slice(0, 5).join(', ')}.`;
  const outcome: JobOutcome = { result: 'partial', message, category: 'PARTIAL' };
  return await commitCopy(ports, copy, handle, { storedBytes, isComplete: false, outcome });
}

function waiting(ended: number, all: number): JobOutcome {
  const message =
    all === 0
      ? 'Nested recovery points are about to be copied.'
      : `${ended} of ${all} nested recovery points are copied.`;
  return { result: 'wait', message, delayMs: LOOK_MS };
}

/** One transaction: the jobs of all nested recovery points that can be copied, and the note that they were made. */
async function startChildren(ports: CopyPorts, copy: PreparedCopy, storedBytes: number): Promise<void> {
  const { record, destination, draft } = copy;
  const children = await nestedPoints(ports, copy.source);
  await ports.catalog.transaction(async () => {
    const leftOut: string[] = [];
    for (const source of children) {
      const refusal = copyRefusal(await copyFacts(ports, source, destination, false));
      if (refusal !== undefined) {
        leftOut.push(source.resourceArn);
        continue;
      }
      const job = newCopyJob(ports, {
        source,
        destinationVaultArn: destination.arn,
        iamRoleArn: record.iamRoleArn,
        lifecycle: record.lifecycle,
        createdByBackupJobId: record.createdByBackupJobId,
        parent: { jobId: record.jobId, destinationRecoveryPointArn: draft.arn },
      });
      await ports.copyJobs.create(job);
    }
    await ports.copyJobs.setFacts(record.jobId, { composite: { leftOut, storedBytes } });
  });
}

async function nestedPoints(ports: CopyPorts, parent: RecoveryPointRecord): Promise<readonly RecoveryPointRecord[]> {
  const found: RecoveryPointRecord[] = [];
  let afterKey: string | undefined;
  do {
    const page = await ports.stores.recoveryPoints.list(
      { vaultId: parent.vaultId, parentRecoveryPointArn: parent.arn },
      { limit: PAGE, ...(afterKey === undefined ? {} : { afterKey }) },
    );
    found.push(...page.items);
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
  return found;
}

async function childJobs(ports: CopyPorts, record: CopyJobRecord): Promise<readonly CopyJobRecord[]> {
  const found: CopyJobRecord[] = [];
  const query = { accountIds: [record.accountId], region: record.region, parentJobId: record.jobId };
  let afterKey: string | undefined;
  do {
    const page = await ports.copyJobs.list(query, { limit: PAGE, ...(afterKey === undefined ? {} : { afterKey }) });
    found.push(...page.items);
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
  return found;
}
