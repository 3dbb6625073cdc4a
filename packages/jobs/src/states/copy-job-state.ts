import type { Transitions } from './transitions.ts';

/** States of a copy job; lists show ABORTING, COMPLETING and FAILING as RUNNING (API2-75). */
export type CopyJobState =
  | 'CREATED'
  | 'RUNNING'
  | 'ABORTING'
  | 'ABORTED'
  | 'COMPLETING'
  | 'COMPLETED'
  | 'FAILING'
  | 'FAILED'
  | 'PARTIAL';

export const COPY_JOB_TRANSITIONS = {
  CREATED: { begin: 'RUNNING', stop: 'ABORTING', stopped: 'ABORTED', fail: 'FAILED', expire: 'FAILED' },
  RUNNING: {
    finishing: 'COMPLETING',
    failing: 'FAILING',
    complete: 'COMPLETED',
    completePartly: 'PARTIAL',
    stop: 'ABORTING',
    fail: 'FAILED',
    expire: 'FAILED',
  },
  COMPLETING: { complete: 'COMPLETED', completePartly: 'PARTIAL', fail: 'FAILED', expire: 'FAILED' },
  FAILING: { fail: 'FAILED', expire: 'FAILED' },
  ABORTING: { stopped: 'ABORTED' },
  ABORTED: {},
  COMPLETED: {},
  FAILED: {},
  PARTIAL: {},
} as const satisfies Transitions<CopyJobState>;
