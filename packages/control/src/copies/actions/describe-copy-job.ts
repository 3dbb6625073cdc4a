import type { BackupHandler } from '../../action.ts';
import { resourceNotFound } from '../../errors.ts';
import type { CopyPorts } from '../copy-ports.ts';
import { presentCopyJob } from '../present-copy-job.ts';

/** API-178, API-179. */
export function describeCopyJob(ports: CopyPorts): BackupHandler<'DescribeCopyJob'> {
  return async (input, context) => {
    const job = await ports.copyJobs.get(context, input.CopyJobId);
    if (job !== undefined) return { CopyJob: presentCopyJob(job) };
    throw resourceNotFound(`There is no copy job ${input.CopyJobId}. List the copy jobs.`, input.CopyJobId);
  };
}
