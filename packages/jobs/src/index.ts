/**
 * Jobs: who does what work when, and how it is known to be done exactly once.
 *
 * A job is a row with a state machine of the API's own states (`states/`), a lease with a heartbeat and a fencing
 * number, windows, retries and an outcome. The queue (`queue/`) makes every decision in one transaction of its store; a
 * worker (`worker/`) claims jobs and runs an executor for each. Any number of workers on any number of machines share
 * a store. A worker that dies loses its lease, and its job goes to another by the rule of its kind.
 *
 * Safety does not rest on clocks: whoever writes proves the fencing number of the lease in the same transaction.
 */
export { type Clock, sleep } from './clock/clock.ts';
export { systemClock } from './clock/system-clock.ts';
export type { Job, JobLease } from './queue/job.ts';
export { requireLease } from './queue/job-change.ts';
export { JobNotFoundError, JobStateError, JobStoppedError, LeaseLostError } from './queue/job-errors.ts';
export type { JobLimit } from './queue/job-limit.ts';
export type { JobOutcome } from './queue/job-outcome.ts';
export type { JobProgress } from './queue/job-progress.ts';
export { JobQueue, type JobQueueOptions, type StopResult } from './queue/job-queue.ts';
export type { ActiveJobCount, Exclusion, JobStateChange, JobStore } from './queue/job-store.ts';
export type { BackupJobState } from './states/backup-job-state.ts';
export type { CopyJobState } from './states/copy-job-state.ts';
export { hasBegun, isEnded, type JobKind, type JobState, type JobStates, next, nextState } from './states/next.ts';
export type { RestoreJobState } from './states/restore-job-state.ts';
export type { JobEvent } from './states/transitions.ts';
export type { JobExecutor } from './worker/job-executor.ts';
export { type JobHandle, JobInterruption } from './worker/job-handle.ts';
export { Worker, type WorkerOptions } from './worker/worker.ts';
