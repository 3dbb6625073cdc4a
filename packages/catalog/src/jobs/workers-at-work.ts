import type { Catalog } from '../database/catalog.ts';

/** A worker with the jobs that it holds now. */
export interface WorkerAtWork {
  readonly workerId: string;
  readonly jobIds: readonly string[];
}

/** The workers that hold a job, by name. Idle workers leave no trace in the catalog. */
export async function workersAtWork(catalog: Catalog): Promise<WorkerAtWork[]> {
  const rows = await catalog.db
    .selectFrom('jobs')
    .select(['worker_id', 'job_id'])
    .where('phase', '=', 'held')
    .orderBy('worker_id')
    .orderBy('job_id')
    .execute();
  const byWorker = Map.groupBy(rows, (row) => row.worker_id ?? '');
  return [...byWorker].map(([workerId, held]) => ({ workerId, jobIds: held.map((row) => row.job_id) }));
}
