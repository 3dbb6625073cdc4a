import type { JobHandle, JobOutcome } from '@holdfast/jobs';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { dueAfterCopy } from './after-copy.ts';
import type { CopyPorts } from './copy-ports.ts';
import type { PreparedCopy } from './prepare-copy.ts';

export interface CopyResult {
  readonly storedBytes: number;
  /** False for a composite without some of its nested recovery points: it is PARTIAL (BKP-182). */
  readonly isComplete: boolean;
  /** For the job; by default it says nothing. */
  readonly outcome?: JobOutcome;
}

/** Writes the copy, ends the job and lets a source go that only waited for this copy, all in one transaction. */
export async function commitCopy(
  ports: CopyPorts,
  copy: PreparedCopy,
  handle: JobHandle,
  { storedBytes, isComplete, outcome = { result: 'completed' } }: CopyResult,
): Promise<JobOutcome> {
  const { record, source, destination, draft, tags } = copy;
  const recoveryPoint: RecoveryPointRecord = {
    ...draft,
    status: source.status === 'PARTIAL' || !isComplete ? 'PARTIAL' : 'COMPLETED',
    completedAt: ports.clock.now(),
    sizeBytes: source.sizeBytes,
    storedBytes,
    itemCount: source.itemCount,
    issueCount: source.issueCount,
    storageClass: 'WARM',
  };
  handle.progress({ percentDone: 100 });
  const ended = await handle.end(outcome, async () => {
    const fence = { jobId: record.jobId, fencingToken: handle.fencingToken };
    await ports.stores.recoveryPoints.commit({ recoveryPoint, tags, fence });
    await ports.copyJobs.setFacts(record.jobId, {
      sizeBytes: source.sizeBytes,
      destinationVaultType: destination.type,
      destinationVaultLockState: destination.lock === undefined ? 'UNLOCKED' : 'LOCKED',
      destinationEncryptionKeyArn: destination.encryptionKeyArn,
      ...(draft.lifecycle === undefined ? {} : { destinationLifecycle: draft.lifecycle }),
    });
    await dueAfterCopy(ports, copy);
  });
  ports.emit({ kind: 'recovery-point-created', at: ports.clock.now(), recoveryPoint });
  return ended;
}
