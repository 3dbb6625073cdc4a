import { type CopyJobState, hasBegun, isEnded } from '@holdfast/jobs';
import type { MemoryJobStore } from '@holdfast/jobs/testing';
import type {
  CopyJobFacts,
  CopyJobListQuery,
  CopyJobRecord,
  CopyJobStore,
  NewCopyJob,
  RunningCopies,
} from '../copies/copy-job-store.ts';
import type { Page, PageRequest } from '../pagination/page.ts';
import type { Scope } from '../scope.ts';
import { queuedJob, queueMembers } from './memory-backup-job-stores.ts';
import { fits, isWithin, newestFirst, pageOf } from './page-of.ts';

export class MemoryCopyJobStore implements CopyJobStore {
  readonly #jobs = new Map<string, NewCopyJob & CopyJobFacts>();
  readonly #queue: MemoryJobStore;

  constructor(queue: MemoryJobStore) {
    this.#queue = queue;
  }

  async create(job: NewCopyJob): Promise<CopyJobRecord> {
    for (const known of this.#jobs.values()) {
      if (known.accountId !== job.accountId || known.region !== job.region) continue;
      if (job.idempotencyToken !== undefined && known.idempotencyToken === job.idempotencyToken) {
        return await this.#record(known);
      }
    }
    this.#jobs.set(job.jobId, job);
    const { jobId, accountId, region, resourceType, createdAt } = job;
    const exclusiveKey = job.isParent ? jobId : `${accountId} ${region} ${job.resourceArn}`;
    this.#queue.add(queuedJob({ jobId, accountId, region, resourceType, createdAt, kind: 'copy', exclusiveKey }));
    return await this.#record(job);
  }

  async get(scope: Scope, jobId: string): Promise<CopyJobRecord | undefined> {
    const job = this.#jobs.get(jobId);
    if (job === undefined || job.accountId !== scope.accountId || job.region !== scope.region) return undefined;
    return await this.#record(job);
  }

  async list(query: CopyJobListQuery, page: PageRequest): Promise<Page<CopyJobRecord>> {
    const jobs = (await this.#all()).filter(
      (job) =>
        query.accountIds.includes(job.accountId) &&
        job.region === query.region &&
        fits(job.destinationVaultArn, query.destinationVaultArn) &&
        fits(job.sourceRecoveryPointArn, query.sourceRecoveryPointArn) &&
        fits(job.messageCategory, query.messageCategory) &&
        fits(job.resourceArn, query.resourceArn) &&
        fits(job.resourceType, query.resourceType) &&
        fits(job.parentJobId, query.parentJobId) &&
        (query.states?.includes(job.state) ?? true) &&
        isWithin(job.createdAt, query.created) &&
        isWithin(job.completedAt, query.completed),
    );
    return pageOf(jobs.sort(newestFirst(({ jobId }) => jobId)), ({ jobId }) => jobId, page);
  }

  async setFacts(jobId: string, facts: CopyJobFacts): Promise<void> {
    const job = this.#jobs.get(jobId);
    if (job !== undefined) this.#jobs.set(jobId, { ...job, ...facts });
  }

  async countRunning(job: CopyJobRecord): Promise<RunningCopies> {
    const running = (await this.#all()).filter(
      (other) =>
        other.jobId !== job.jobId && hasBegun('copy', other.state) && other.destinationRegion === job.destinationRegion,
    );
    const fromAccount = running.filter((other) => other.accountId === job.accountId);
    return {
      fromAccountToRegion: fromAccount.length,
      intoVault: fromAccount.filter((other) => other.destinationVaultArn === job.destinationVaultArn).length,
      ofResourceToRegion: running.filter(
        (other) => other.resourceArn === job.resourceArn && other.destinationAccountId !== other.accountId,
      ).length,
    };
  }

  async isCopying(sourceVaultId: string, sourceRecoveryPointArn: string): Promise<boolean> {
    return (await this.#all()).some(
      (job) =>
        job.sourceVaultId === sourceVaultId &&
        job.sourceRecoveryPointArn === sourceRecoveryPointArn &&
        !isEnded('copy', job.state),
    );
  }

  #all(): Promise<CopyJobRecord[]> {
    return Promise.all([...this.#jobs.values()].map((job) => this.#record(job)));
  }

  async #record(job: NewCopyJob & CopyJobFacts): Promise<CopyJobRecord> {
    const queued = await this.#queue.get(job.jobId);
    if (queued === undefined) throw new Error(`job ${job.jobId} is not queued`);
    const {
      bytes,
      percentDone: _percent,
      initiatedAt: _initiated,
      expectedCompletionAt: _expected,
      ...members
    } = queueMembers(queued);
    return { ...job, ...members, bytesTransferred: bytes, state: queued.state as CopyJobState };
  }
}
