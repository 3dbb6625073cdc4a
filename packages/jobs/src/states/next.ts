import { BACKUP_JOB_TRANSITIONS, type BackupJobState } from './backup-job-state.ts';
import { COPY_JOB_TRANSITIONS, type CopyJobState } from './copy-job-state.ts';
import { RESTORE_JOB_TRANSITIONS, type RestoreJobState } from './restore-job-state.ts';
import type { JobEvent, Transitions } from './transitions.ts';

/** The kinds of job, each with its own states. */
export interface JobStates {
  readonly backup: BackupJobState;
  readonly copy: CopyJobState;
  readonly restore: RestoreJobState;
}

export type JobKind = keyof JobStates;
export type JobState = JobStates[JobKind];

const TRANSITIONS = {
  backup: BACKUP_JOB_TRANSITIONS,
  copy: COPY_JOB_TRANSITIONS,
  restore: RESTORE_JOB_TRANSITIONS,
} as const;

type Table = typeof TRANSITIONS;

/**
 * The state after an event, where the compiler knows both: `next('backup', 'RUNNING', 'complete')` is 'COMPLETED', and
 * `next('backup', 'COMPLETED', 'begin')` does not compile.
 */
export function next<
  Kind extends JobKind,
  State extends keyof Table[Kind] & string,
  Event extends keyof Table[Kind][State] & JobEvent,
>(kind: Kind, state: State, event: Event): Table[Kind][State][Event] {
  return TRANSITIONS[kind][state][event];
}

/** The same for states read from the catalog: undefined when the event cannot happen in that state. */
export function nextState(kind: JobKind, state: JobState, event: JobEvent): JobState | undefined {
  const table: Readonly<Record<string, Transitions<string>[string]>> = TRANSITIONS[kind];
  return table[state]?.[event] as JobState | undefined;
}

/** Whether nothing can happen to the job any more. */
export function isEnded(kind: JobKind, state: JobState): boolean {
  const table: Readonly<Record<string, object>> = TRANSITIONS[kind];
  return Object.keys(table[state] ?? {}).length === 0;
}

/** Whether the job's work has begun and not ended: it occupies its resource even while no worker has it. */
export function hasBegun(kind: JobKind, state: JobState): boolean {
  return !isEnded(kind, state) && state !== 'CREATED' && state !== 'PENDING';
}
