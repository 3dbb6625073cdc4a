import type { JobKind } from '../job-summaries/job-summary-store.ts';
import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope } from '../scope.ts';

/** A job that began or ended. */
export interface ActivityEvent {
  readonly at: number;
  readonly kind: JobKind;
  readonly jobId: string;
  readonly phase: 'began' | 'ended';
  /** The job's state now. */
  readonly state: string;
  readonly statusMessage?: string;
  readonly messageCategory?: string;
  readonly resourceArn: string;
  readonly resourceName?: string;
  readonly resourceType: string;
}

export interface ActivityPort {
  /** Newest first, all kinds of jobs together. */
  events(scope: Scope, page: PageRequest): Promise<Page<ActivityEvent>>;
}
