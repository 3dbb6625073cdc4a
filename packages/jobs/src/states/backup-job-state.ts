import type { Transitions } from './transitions.ts';

/** States of a backup job as the API names them (BKP-23). */
export type BackupJobState =
  | 'CREATED'
  | 'PENDING'
  | 'RUNNING'
  | 'ABORTING'
  | 'ABORTED'
  | 'COMPLETED'
  | 'FAILED'
  | 'EXPIRED'
  | 'PARTIAL';

/**
 * A job is CREATED until its backup has begun (API2-136), PENDING while nothing but another job keeps it from beginning,
 * RUNNING from then on. One that is stopped while a worker has it passes through ABORTING (API2-155). EXPIRED is the
 * end of both windows: not begun in time, or not complete in time (MON-90).
 */
export const BACKUP_JOB_TRANSITIONS = {
  CREATED: {
    wait: 'PENDING',
    begin: 'RUNNING',
    stop: 'ABORTING',
    stopped: 'ABORTED',
    fail: 'FAILED',
    expire: 'EXPIRED',
  },
  PENDING: { begin: 'RUNNING', stop: 'ABORTING', stopped: 'ABORTED', fail: 'FAILED', expire: 'EXPIRED' },
  RUNNING: { complete: 'COMPLETED', completePartly: 'PARTIAL', stop: 'ABORTING', fail: 'FAILED', expire: 'EXPIRED' },
  ABORTING: { stopped: 'ABORTED' },
  ABORTED: {},
  COMPLETED: {},
  FAILED: {},
  EXPIRED: {},
  PARTIAL: {},
} as const satisfies Transitions<BackupJobState>;
