import type { JobOutcome } from '../queue/job-outcome.ts';
import type { JobProgress } from '../queue/job-progress.ts';

/** Why a running job was interrupted: the `reason` of its signal. */
export class JobInterruption extends Error {
  readonly why: 'stopped' | 'lease-lost' | 'window-over' | 'shutdown';

  constructor(why: JobInterruption['why']) {
    super(
      {
        stopped: 'The job was asked to stop.',
        'lease-lost': 'The job was given to another worker.',
        'window-over': 'The start window or completion window of the job is over.',
        shutdown: 'The server is shutting down; the job is handed back and continues elsewhere.',
      }[why],
    );
    this.name = 'JobInterruption';
    this.why = why;
  }
}

/** What an executor holds while it works on a job. */
export interface JobHandle {
  /** Proves the lease wherever results are written (`JobFence`). */
  readonly fencingToken: number;
  /** True when an earlier worker had begun this job: continue its work or start over, without doing anything twice. */
  readonly isResumed: boolean;
  /** Aborts with a JobInterruption; the executor then releases what it holds and throws or returns. */
  readonly signal: AbortSignal;
  /**
   * The work has begun: the state becomes RUNNING, the start window no longer counts.
   * @throws LeaseLostError | JobStoppedError
   */
  begin(): Promise<void>;
  /** Notes progress; cheap, may be called for every chunk. Written with the next heartbeat. */
  progress(progress: JobProgress): void;
  /**
   * Ends the job, and does `within` in the same transaction of the catalog: either both happen or neither. An executor
   * returns what it gets: `return handle.end({ result: 'completed' }, () => recoveryPoints.commit(...))`.
   * Only for `completed`, `partial` and `failed`.
   * @throws LeaseLostError | JobStoppedError when the result must be discarded
   */
  end(outcome: JobOutcome, within?: () => Promise<void>): Promise<JobOutcome>;
}
