/** The worker's lease on the job lapsed and the job was given to another, or ended: nothing of it may be written. */
export class LeaseLostError extends Error {
  readonly jobId: string;

  constructor(jobId: string) {
    super(`Job ${jobId} is no longer this worker's: its lease lapsed or the job has ended. Nothing was written.`);
    this.name = 'LeaseLostError';
    this.jobId = jobId;
  }
}

/** Somebody asked the job to stop before its work was recorded: the work must be discarded. */
export class JobStoppedError extends Error {
  readonly jobId: string;

  constructor(jobId: string) {
    super(`Job ${jobId} was asked to stop; its result was not recorded.`);
    this.name = 'JobStoppedError';
    this.jobId = jobId;
  }
}

/** The job is in a state in which this cannot happen, for example stopping a job that has ended. */
export class JobStateError extends Error {
  readonly jobId: string;
  readonly state: string;

  constructor(jobId: string, state: string, attempted: string) {
    super(`Job ${jobId} is ${state}: it cannot ${attempted}.`);
    this.name = 'JobStateError';
    this.jobId = jobId;
    this.state = state;
  }
}

/** There is no job of that ID. */
export class JobNotFoundError extends Error {
  readonly jobId: string;

  constructor(jobId: string) {
    super(`There is no job ${jobId}.`);
    this.name = 'JobNotFoundError';
    this.jobId = jobId;
  }
}
