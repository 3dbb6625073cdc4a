import type { BackupHandler } from '../../action.ts';
import { messageCategoryFilter } from '../../job-messages/message-category.ts';
import { jobAccounts } from '../../organizations/job-accounts.ts';
import { listPage } from '../../pagination/next-token.ts';
import { timeRange } from '../../pagination/time-range.ts';
import { canonicalResourceType } from '../../resources/resource-types.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { CopyPorts } from '../copy-ports.ts';
import { presentCopyJob, statesShownAs } from '../present-copy-job.ts';

/** API2-69 to API2-72: newest first. */
export function listCopyJobs(ports: CopyPorts): BackupHandler<'ListCopyJobs'> {
  return async (input, context) => {
    const query = {
      accountIds: await jobAccounts(ports, context.accountId, input.ByAccountId),
      region: context.region,
      ...withoutUndefined({
        created: timeRange(input.ByCreatedAfter, input.ByCreatedBefore),
        completed: timeRange(input.ByCompleteAfter, input.ByCompleteBefore),
        destinationVaultArn: input.ByDestinationVaultArn?.replace(':vault:', ':backup-vault:'),
        sourceRecoveryPointArn: input.BySourceRecoveryPointArn,
        messageCategory: messageCategoryFilter(input.ByMessageCategory),
        parentJobId: input.ByParentJobId,
        resourceArn: input.ByResourceArn,
        resourceType: input.ByResourceType === undefined ? undefined : canonicalResourceType(input.ByResourceType),
        states: input.ByState === undefined ? undefined : statesShownAs(input.ByState),
      }),
    };
    const { items, NextToken } = await listPage(input, context, (page) => ports.copyJobs.list(query, page));
    return { CopyJobs: items.map(presentCopyJob), NextToken };
  };
}
