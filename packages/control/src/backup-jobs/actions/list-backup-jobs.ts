import type { BackupHandler } from '../../action.ts';
import { messageCategoryFilter } from '../../job-messages/message-category.ts';
import { jobAccounts } from '../../organizations/job-accounts.ts';
import { listPage } from '../../pagination/next-token.ts';
import { timeRange } from '../../pagination/time-range.ts';
import type { ControlPorts } from '../../ports.ts';
import { canonicalResourceType } from '../../resources/resource-types.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { presentBackupJob } from '../present-backup-job.ts';

/** ListBackupJobs (API-169 to API-177): the last 30 days and what still runs, newest first. */
export function listBackupJobs(ports: ControlPorts): BackupHandler<'ListBackupJobs'> {
  return async (input, context) => {
    const query = {
      accountIds: await jobAccounts(ports, context.accountId, input.ByAccountId),
      region: context.region,
      windowStart: ports.clock.now() - ports.quotas.backupJobWindowMs,
      ...withoutUndefined({
        vaultName: input.ByBackupVaultName,
        created: timeRange(input.ByCreatedAfter, input.ByCreatedBefore),
        completed: timeRange(input.ByCompleteAfter, input.ByCompleteBefore),
        messageCategory: messageCategoryFilter(input.ByMessageCategory),
        parentJobId: input.ByParentJobId,
        resourceArn: input.ByResourceArn,
        resourceType: input.ByResourceType === undefined ? undefined : canonicalResourceType(input.ByResourceType),
        states: input.ByState === undefined ? undefined : [input.ByState],
      }),
    };
    const { items, NextToken } = await listPage(input, context, (page) => ports.stores.backupJobs.list(query, page));
    return { BackupJobs: items.map(presentBackupJob), NextToken };
  };
}
