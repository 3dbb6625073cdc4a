import type { BackupHandler } from '../../action.ts';
import { jobAccounts } from '../../organizations/job-accounts.ts';
import { listPage } from '../../pagination/next-token.ts';
import { timeRange } from '../../pagination/time-range.ts';
import type { ControlPorts } from '../../ports.ts';
import { canonicalResourceType } from '../../resources/resource-types.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { presentRestoreJob } from '../present-restore-job.ts';
import { statusFilter } from '../status-filter.ts';

/** ListRestoreJobs (API2-100 to API2-103), newest first. */
export function listRestoreJobs(ports: ControlPorts): BackupHandler<'ListRestoreJobs'> {
  return async (input, context) => {
    const query = {
      accountIds: await jobAccounts(ports, context.accountId, input.ByAccountId),
      region: context.region,
      ...withoutUndefined({
        resourceType: input.ByResourceType === undefined ? undefined : canonicalResourceType(input.ByResourceType),
        created: timeRange(input.ByCreatedAfter, input.ByCreatedBefore),
        completed: timeRange(input.ByCompleteAfter, input.ByCompleteBefore),
        statuses: statusFilter(input.ByStatus),
        restoreTestingPlanArn: input.ByRestoreTestingPlanArn,
        parentJobId: input.ByParentJobId,
      }),
    };
    const { items, NextToken } = await listPage(input, context, (page) => ports.stores.restoreJobs.list(query, page));
    return { RestoreJobs: items.map(presentRestoreJob), NextToken };
  };
}
