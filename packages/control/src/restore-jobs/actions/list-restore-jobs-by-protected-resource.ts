import type { BackupHandler } from '../../action.ts';
import { parseArn } from '../../arn.ts';
import { invalidParameter, resourceNotFound } from '../../errors.ts';
import { listPage } from '../../pagination/next-token.ts';
import { timeRange } from '../../pagination/time-range.ts';
import type { ControlPorts } from '../../ports.ts';
import type { Scope } from '../../scope.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { presentRestoreJob } from '../present-restore-job.ts';
import { statusFilter } from '../status-filter.ts';

/** ListRestoreJobsByProtectedResource (API2-104, API2-105): the dates are those of the recovery points. */
export function listRestoreJobsByProtectedResource(
  ports: ControlPorts,
): BackupHandler<'ListRestoreJobsByProtectedResource'> {
  return async (input, context) => {
    const query = {
      accountIds: [context.accountId],
      region: context.region,
      sourceResourceArn: input.ResourceArn,
      ...withoutUndefined({
        statuses: statusFilter(input.ByStatus),
        recoveryPointCreated: timeRange(
          input.ByRecoveryPointCreationDateAfter,
          input.ByRecoveryPointCreationDateBefore,
        ),
      }),
    };
    const { items, NextToken } = await listPage(input, context, (page) => ports.stores.restoreJobs.list(query, page));
    if (items.length === 0 && input.NextToken === undefined) await refuseUnknown(ports, context, input.ResourceArn);
    return { RestoreJobs: items.map(presentRestoreJob), NextToken };
  };
}

async function refuseUnknown(ports: ControlPorts, scope: Scope, arn: string): Promise<void> {
  if (parseArn(arn) === undefined) throw invalidParameter(`ResourceArn must be an ARN, not "${arn}".`, 'ResourceArn');
  if ((await ports.stores.protectedResources.get(scope, arn)) !== undefined) return;
  throw resourceNotFound(`Resource ${arn} has never been backed up successfully.`, arn);
}
