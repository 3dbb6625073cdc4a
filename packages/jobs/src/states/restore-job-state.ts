import type { Transitions } from './transitions.ts';

/** States of a restore job (RST-17); CREATED is known to summaries only, lists show it as PENDING (API2-108). */
export type RestoreJobState = 'CREATED' | 'PENDING' | 'RUNNING' | 'COMPLETED' | 'ABORTED' | 'FAILED';

/** The API has no word for a restore that is being stopped: it stays RUNNING until its worker has let go. */
export const RESTORE_JOB_TRANSITIONS = {
  CREATED: { wait: 'PENDING', begin: 'RUNNING', stopped: 'ABORTED', fail: 'FAILED', expire: 'FAILED' },
  PENDING: { begin: 'RUNNING', stopped: 'ABORTED', fail: 'FAILED', expire: 'FAILED' },
  RUNNING: { complete: 'COMPLETED', stopped: 'ABORTED', fail: 'FAILED', expire: 'FAILED' },
  COMPLETED: {},
  ABORTED: {},
  FAILED: {},
} as const satisfies Transitions<RestoreJobState>;
