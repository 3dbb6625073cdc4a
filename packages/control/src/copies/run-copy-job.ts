/**
 * Runs one copy job: all rules once more, the bytes through the engine, then the copy's record, its tags and the end of
 * the job in one transaction. The copy's identifier was fixed with the job, so a second try continues the first.
 */
import type { Job, JobExecutor, JobHandle, JobOutcome } from '@holdfast/jobs';
import { JobFailure, outcomeOfError } from '../job-messages/outcome-of-error.ts';
import { commitCopy } from './commit-copy.ts';
import { waitForLostAttempt } from './copy-attempts.ts';
import { copyContent } from './copy-content.ts';
import { copyLimitReached } from './copy-limits.ts';
import type { CopyPorts } from './copy-ports.ts';
import { prepareCopy } from './prepare-copy.ts';
import { runCompositeCopy } from './run-composite-copy.ts';

/** The executor of copy jobs. */
export function copyJobExecutor(ports: CopyPorts): JobExecutor {
  return { execute: (job, handle) => runCopyJob(ports, job, handle), outcomeOfError };
}

async function runCopyJob(ports: CopyPorts, job: Job, handle: JobHandle): Promise<JobOutcome> {
  const record = await ports.copyJobs.get(job, job.jobId);
  if (record === undefined) throw new JobFailure('FATAL_ERROR', `The record of copy job ${job.jobId} is missing.`);
  const lost = await waitForLostAttempt(ports, job, record);
  if (lost !== undefined) return lost;
  if (record.isParent) return await runCompositeCopy(ports, record, handle);
  const limit = copyLimitReached(record, await ports.copyJobs.countRunning(record), ports.copyQuotas);
  if (limit !== undefined) return { result: 'retry', message: `The copy waits: ${limit}.`, category: 'LIMIT_EXCEEDED' };
  const copy = await prepareCopy(ports, record, { isChecked: false });
  await handle.begin();
  const storedBytes = await copyContent(ports, copy, handle);
  return await commitCopy(ports, copy, handle, { storedBytes, isComplete: true });
}
