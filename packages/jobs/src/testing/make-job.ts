import type { Job } from '../queue/job.ts';

/** A new backup job for tests, due at once. */
export function makeJob(changes: Partial<Job> & Pick<Job, 'jobId'>): Job {
  const createdAt = changes.createdAt ?? Date.UTC(2024, 0, 1);
  return {
    kind: 'backup',
    accountId: '123456789012',
    region: 'us-east-1',
    resourceType: 'EFS',
    exclusiveKey: `resource of ${changes.jobId}`,
    state: 'CREATED',
    createdAt,
    dueAt: createdAt,
    startBy: createdAt + 8 * 3_600_000,
    fencingToken: 0,
    retryCount: 0,
    lossCount: 0,
    percentDone: 0,
    bytesTransferred: 0,
    ...changes,
  };
}
