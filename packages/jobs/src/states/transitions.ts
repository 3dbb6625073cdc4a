/** What can happen to a job. */
export type JobEvent =
  /** Another job of the same resource, or a limit, keeps it from beginning. */
  | 'wait'
  /** Its work has begun. */
  | 'begin'
  | 'complete'
  /** Done, with parts missing. */
  | 'completePartly'
  /** Somebody asked it to stop while a worker has it. */
  | 'stop'
  /** It has stopped. */
  | 'stopped'
  | 'fail'
  /** Its start window or completion window is over. */
  | 'expire';

export type Transitions<State extends string> = Readonly<Record<State, Readonly<Partial<Record<JobEvent, State>>>>>;
