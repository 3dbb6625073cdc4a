import type { RestoreJobState } from '@aws-sdk/client-backup';
import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { summariseJobs } from '../summarise-jobs.ts';

/** ListRestoreJobSummaries (API2-106 to API2-108: no message category). */
export function listRestoreJobSummaries(ports: ControlPorts): BackupHandler<'ListRestoreJobSummaries'> {
  return async (input, context) => {
    const { period, rows, NextToken } = await summariseJobs(ports, 'restore', input, context);
    return {
      AggregationPeriod: period,
      RestoreJobSummaries: rows.map((row) => ({
        Region: context.region,
        AccountId: row.accountId,
        State: row.state as RestoreJobState,
        ResourceType: row.resourceType,
        Count: row.count,
        StartTime: new Date(row.period.from),
        EndTime: new Date(row.period.to),
      })),
      NextToken,
    };
  };
}
