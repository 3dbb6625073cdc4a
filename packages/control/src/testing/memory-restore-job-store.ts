import type { MemoryJobStore } from '@holdfast/jobs/testing';
import type { JobIssueRecord } from '../backup-jobs/backup-job-store.ts';
import type { Page, PageRequest } from '../pagination/page.ts';
import type {
  NewRestoreJob,
  RestoreJobFacts,
  RestoreJobListQuery,
  RestoreJobRecord,
  RestoreJobStatus,
  RestoreJobStore,
} from '../restore-jobs/restore-job-store.ts';
import type { Scope } from '../scope.ts';
import { type MemoryIssues, queuedJob, queueMembers } from './memory-backup-job-stores.ts';
import { fits, isWithin, newestFirst, pageOf } from './page-of.ts';

const ACTIVE: readonly RestoreJobStatus[] = ['CREATED', 'PENDING', 'RUNNING'];

export class MemoryRestoreJobStore implements RestoreJobStore {
  readonly #jobs = new Map<string, NewRestoreJob & RestoreJobFacts>();
  readonly #queue: MemoryJobStore;
  readonly #issues: MemoryIssues;

  constructor(queue: MemoryJobStore, issues: MemoryIssues) {
    this.#queue = queue;
    this.#issues = issues;
  }

  async create(job: NewRestoreJob): Promise<RestoreJobRecord> {
    for (const known of this.#jobs.values()) {
      if (known.accountId !== job.accountId || known.region !== job.region) continue;
      if (job.idempotencyToken !== undefined && known.idempotencyToken === job.idempotencyToken) {
        return this.#record(known);
      }
    }
    this.#jobs.set(job.jobId, job);
    const { jobId, accountId, region, resourceType, createdAt } = job;
    this.#queue.add(queuedJob({ jobId, accountId, region, resourceType, createdAt, kind: 'restore' }));
    return this.#record(job);
  }

  async get(scope: Scope, jobId: string): Promise<RestoreJobRecord | undefined> {
    const job = this.#jobs.get(jobId);
    if (job === undefined || job.accountId !== scope.accountId || job.region !== scope.region) return undefined;
    return this.#record(job);
  }

  async list(query: RestoreJobListQuery, page: PageRequest): Promise<Page<RestoreJobRecord>> {
    const records = await Promise.all([...this.#jobs.values()].map((job) => this.#record(job)));
    const jobs = records.filter(
      (job) =>
        query.accountIds.includes(job.accountId) &&
        job.region === query.region &&
        fits(job.resourceType, query.resourceType) &&
        fits(job.sourceResourceArn, query.sourceResourceArn) &&
        fits(job.restoreTestingPlanArn, query.restoreTestingPlanArn) &&
        fits(job.parentJobId, query.parentJobId) &&
        (query.statuses?.includes(job.status) ?? true) &&
        isWithin(job.createdAt, query.created) &&
        isWithin(job.completedAt, query.completed) &&
        isWithin(job.recoveryPointCreatedAt, query.recoveryPointCreated),
    );
    return pageOf(jobs.sort(newestFirst(({ jobId }) => jobId)), ({ jobId }) => jobId, page);
  }

  async setFacts(jobId: string, facts: RestoreJobFacts): Promise<void> {
    const job = this.#jobs.get(jobId);
    if (job !== undefined) this.#jobs.set(jobId, { ...job, ...facts });
  }

  async addIssues(issues: readonly JobIssueRecord[]): Promise<void> {
    this.#issues.add(issues);
  }

  async isRestoring(recoveryPointArn: string): Promise<boolean> {
    const records = await Promise.all([...this.#jobs.values()].map((job) => this.#record(job)));
    return records.some((job) => job.recoveryPointArn === recoveryPointArn && ACTIVE.includes(job.status));
  }

  async #record(job: NewRestoreJob & RestoreJobFacts): Promise<RestoreJobRecord> {
    const queued = await this.#queue.get(job.jobId);
    if (queued === undefined) throw new Error(`job ${job.jobId} is not queued`);
    const { bytes, ...members } = queueMembers(queued);
    return { issueCount: 0, ...job, ...members, bytesTransferred: bytes, status: queued.state as RestoreJobStatus };
  }
}
