import type { RestoreJobStatus } from './restore-job-store.ts';

/** The stored states behind a status of the API: PENDING stands for CREATED too (API2-108). */
export function statusFilter(status: RestoreJobStatus | undefined): readonly RestoreJobStatus[] | undefined {
  if (status === undefined) return undefined;
  return status === 'PENDING' ? ['CREATED', 'PENDING'] : [status];
}
