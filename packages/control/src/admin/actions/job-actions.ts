/** Jobs beyond what the API tells: the issues of a job, and who works. */
import { resourceNotFound } from '../../errors.ts';
import { listPage } from '../../pagination/next-token.ts';
import type { ControlPorts } from '../../ports.ts';
import type { AdminHandler } from '../admin-service.ts';
import { presentIssue } from '../present.ts';

/** A worker as the admin service shows it. */
export interface WorkerView {
  readonly workerId: string;
  readonly jobIds: readonly string[];
}

/** ListJobIssues: what a backup or restore job could not keep, in the order in which it was found. */
export function listJobIssues(ports: ControlPorts): AdminHandler<'ListJobIssues'> {
  return async (input, context) => {
    const { backupJobs, restoreJobs } = ports.stores;
    const job = (await backupJobs.get(context, input.JobId)) ?? (await restoreJobs.get(context, input.JobId));
    if (job === undefined) throw resourceNotFound(`There is no job ${input.JobId}.`, input.JobId);
    const { items, NextToken } = await listPage(input, context, (page) => backupJobs.listIssues(job.jobId, page));
    return { Issues: items.map(presentIssue), NextToken };
  };
}

export function listWorkers(workers: () => Promise<readonly WorkerView[]>): AdminHandler<'ListWorkers'> {
  return async () => ({
    Workers: (await workers()).map(({ workerId, jobIds }) => ({ WorkerId: workerId, JobIds: [...jobIds] })),
  });
}
