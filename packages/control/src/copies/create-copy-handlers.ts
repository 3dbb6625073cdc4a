import type { ConceptHandlers } from '../plans/create-plan-handlers.ts';
import { describeCopyJob } from './actions/describe-copy-job.ts';
import { listCopyJobs } from './actions/list-copy-jobs.ts';
import { startCopyJob } from './actions/start-copy-job.ts';
import type { CopyPorts } from './copy-ports.ts';

export type CopyOperation = 'StartCopyJob' | 'DescribeCopyJob' | 'ListCopyJobs';

export function createCopyHandlers(ports: CopyPorts): ConceptHandlers<CopyOperation> {
  return {
    StartCopyJob: startCopyJob(ports),
    DescribeCopyJob: describeCopyJob(ports),
    ListCopyJobs: listCopyJobs(ports),
  };
}
