import type { JobKind } from '../states/next.ts';

/** What differs between the kinds of job in how they end without having done their work. */
export interface JobRules {
  /**
   * Times that the job's work is taken up again after its worker vanished; then it fails. All work can be taken up: what
   * a backup or copy stored is not stored twice, and a restore continues by its job ID. The limit is for work that kills
   * its workers.
   */
  readonly mostLosses: number;
  /** Tries after the work has begun, or without a start window; before that only the start window counts (API2-136). */
  readonly mostRetries: number;
  readonly stoppedMessage: string;
  /** It could not begin because of another job of the same resource (TS-7). */
  readonly blockedMessage: string;
  /** A window ended (TS-8). */
  readonly expiredMessage: string;
  readonly lostMessage: string;
}

function rulesFor(name: string): JobRules {
  return {
    mostLosses: 3,
    mostRetries: 3,
    stoppedMessage: `${name} job was stopped by user.`,
    blockedMessage: `${name} job failed because there was a running job for the same resource.`,
    expiredMessage: `${name} job expired before completion.`,
    lostMessage: `${name} job met a fatal error: the worker that ran it ended unexpectedly, several times over.`,
  };
}

export const JOB_RULES: Readonly<Record<JobKind, JobRules>> = {
  backup: rulesFor('Backup'),
  copy: rulesFor('Copy'),
  restore: rulesFor('Restore'),
};

const FIRST_RETRY_MS = 60_000;
/** "At least every 10 minutes" (API2-136). */
const LONGEST_RETRY_MS = 600_000;

/** The pause before the next try: 1, 2, 4, 8, then 10 minutes. */
export function retryDelayMs(retryCount: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** retryCount, LONGEST_RETRY_MS);
}
