import type { Transitions } from './transitions.ts';

/**
 * States of a copy job. The API's summaries also know COMPLETING and FAILING; here the end of a job is one transaction,
 * so that nobody ever sees those. Lists, which have no word for ABORTING and ABORTED, show RUNNING and FAILED (API2-75).
 */
export type CopyJobState = 'CREATED' | 'RUNNING' | 'ABORTING' | 'ABORTED' | 'COMPLETED' | 'FAILED' | 'PARTIAL';

export const COPY_JOB_TRANSITIONS = {
  CREATED: { begin: 'RUNNING', stop: 'ABORTING', stopped: 'ABORTED', fail: 'FAILED', expire: 'FAILED' },
  RUNNING: { complete: 'COMPLETED', completePartly: 'PARTIAL', stop: 'ABORTING', fail: 'FAILED', expire: 'FAILED' },
  ABORTING: { stopped: 'ABORTED' },
  ABORTED: {},
  COMPLETED: {},
  FAILED: {},
  PARTIAL: {},
} as const satisfies Transitions<CopyJobState>;
