export type JobKind = 'backup' | 'copy' | 'restore';

/** Jobs of one kind created within [from, to), counted per account, state, resource type and message category. */
export interface JobCountQuery {
  readonly kind: JobKind;
  readonly accountIds: readonly string[];
  readonly region: string;
  readonly from: number;
  readonly to: number;
}

export interface JobCount {
  readonly accountId: string;
  readonly state: string;
  readonly resourceType: string;
  /** Absent for restore jobs and for jobs that have no message yet. */
  readonly messageCategory?: string;
  readonly count: number;
}

export interface JobSummaryStore {
  countJobs(query: JobCountQuery): Promise<readonly JobCount[]>;
}
