import type { Job } from '@holdfast/jobs';
import type { MemoryJobStore } from '@holdfast/jobs/testing';
import type {
  BackupJobFacts,
  BackupJobListQuery,
  BackupJobRecord,
  BackupJobState,
  BackupJobStore,
  JobIssueRecord,
  NewBackupJob,
} from '../backup-jobs/backup-job-store.ts';
import type { JobCount, JobCountQuery, JobSummaryStore } from '../job-summaries/job-summary-store.ts';
import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope } from '../scope.ts';
import { fits, isWithin, newestFirst, pageOf } from './page-of.ts';

const ENDED: readonly string[] = ['ABORTED', 'COMPLETED', 'FAILED', 'EXPIRED', 'PARTIAL'];

/** A job as the queue wants it when it is new. */
export function queuedJob(job: Pick<Job, 'jobId' | 'kind' | 'resourceType' | 'createdAt'> & Scope & Partial<Job>): Job {
  return {
    state: 'CREATED',
    dueAt: job.createdAt,
    fencingToken: 0,
    retryCount: 0,
    lossCount: 0,
    percentDone: 0,
    bytesTransferred: 0,
    ...job,
  };
}

/** What the queue knows of a job, in the members of the records of jobs. */
export function queueMembers(job: Job) {
  const { statusMessage, messageCategory, initiatedAt, completedAt, expectedCompletionAt } = job;
  const optional = { statusMessage, messageCategory, initiatedAt, completedAt, expectedCompletionAt };
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    ...(present as Partial<typeof optional & object>),
    percentDone: job.percentDone,
    bytes: job.bytesTransferred,
  };
}

export class MemoryIssues {
  readonly #issues = new Map<string, JobIssueRecord>();

  add(issues: readonly JobIssueRecord[]): void {
    for (const issue of issues) this.#issues.set(`${issue.jobId} ${issue.sequence}`, issue);
  }

  list(jobId: string, page: PageRequest): Page<JobIssueRecord> {
    const issues = [...this.#issues.values()].filter((issue) => issue.jobId === jobId);
    return pageOf(
      issues.sort((a, b) => a.sequence - b.sequence),
      ({ sequence }) => String(sequence),
      page,
    );
  }
}

export class MemoryBackupJobStore implements BackupJobStore {
  readonly #jobs = new Map<string, NewBackupJob & BackupJobFacts>();
  readonly #queue: MemoryJobStore;
  readonly #issues: MemoryIssues;

  constructor(queue: MemoryJobStore, issues: MemoryIssues) {
    this.#queue = queue;
    this.#issues = issues;
  }

  async create(job: NewBackupJob): Promise<BackupJobRecord> {
    for (const known of this.#jobs.values()) {
      if (known.accountId !== job.accountId || known.region !== job.region) continue;
      if (job.idempotencyToken !== undefined && known.idempotencyToken === job.idempotencyToken) {
        return this.#record(known);
      }
    }
    this.#jobs.set(job.jobId, job);
    const exclusiveKey = `${job.accountId} ${job.region} ${job.resourceArn}`;
    const { jobId, accountId, region, resourceType, createdAt, startBy, completeBy } = job;
    const windows = completeBy === undefined ? { startBy } : { startBy, completeBy };
    this.#queue.add(
      queuedJob({ jobId, accountId, region, resourceType, createdAt, ...windows, kind: 'backup', exclusiveKey }),
    );
    return this.#record(job);
  }

  async get(scope: Scope, jobId: string): Promise<BackupJobRecord | undefined> {
    const job = this.#jobs.get(jobId);
    if (job === undefined || job.accountId !== scope.accountId || job.region !== scope.region) return undefined;
    return this.#record(job);
  }

  async list(query: BackupJobListQuery, page: PageRequest): Promise<Page<BackupJobRecord>> {
    const records = await Promise.all([...this.#jobs.values()].map((job) => this.#record(job)));
    const jobs = records.filter(
      (job) =>
        query.accountIds.includes(job.accountId) &&
        job.region === query.region &&
        (job.createdAt >= query.windowStart || !ENDED.includes(job.state)) &&
        fits(job.vaultName, query.vaultName) &&
        fits(job.messageCategory, query.messageCategory) &&
        fits(job.parentJobId, query.parentJobId) &&
        fits(job.resourceArn, query.resourceArn) &&
        fits(job.resourceType, query.resourceType) &&
        (query.states?.includes(job.state) ?? true) &&
        isWithin(job.createdAt, query.created) &&
        isWithin(job.completedAt, query.completed),
    );
    return pageOf(jobs.sort(newestFirst(({ jobId }) => jobId)), ({ jobId }) => jobId, page);
  }

  async setFacts(jobId: string, facts: BackupJobFacts): Promise<void> {
    const job = this.#jobs.get(jobId);
    if (job !== undefined) this.#jobs.set(jobId, { ...job, ...facts });
  }

  async addIssues(issues: readonly JobIssueRecord[]): Promise<void> {
    this.#issues.add(issues);
  }

  async listIssues(jobId: string, page: PageRequest): Promise<Page<JobIssueRecord>> {
    return this.#issues.list(jobId, page);
  }

  async #record(job: NewBackupJob & BackupJobFacts): Promise<BackupJobRecord> {
    const queued = await this.#queue.get(job.jobId);
    if (queued === undefined) throw new Error(`job ${job.jobId} is not queued`);
    const { bytes, ...members } = queueMembers(queued);
    return { issueCount: 0, ...job, ...members, bytesTransferred: bytes, state: queued.state as BackupJobState };
  }
}

export class MemoryJobSummaryStore implements JobSummaryStore {
  readonly #queue: MemoryJobStore;

  constructor(queue: MemoryJobStore) {
    this.#queue = queue;
  }

  async countJobs(query: JobCountQuery): Promise<readonly JobCount[]> {
    return this.#queue
      .all()
      .filter((job) => job.kind === query.kind && query.accountIds.includes(job.accountId))
      .filter((job) => job.region === query.region && job.createdAt >= query.from && job.createdAt < query.to)
      .map(({ accountId, state, resourceType, messageCategory }) => ({
        accountId,
        state,
        resourceType,
        count: 1,
        ...(messageCategory === undefined ? {} : { messageCategory }),
      }));
  }
}
