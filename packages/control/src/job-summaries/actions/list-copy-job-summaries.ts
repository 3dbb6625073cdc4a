import type { CopyJobStatus } from '@aws-sdk/client-backup';
import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { summariseJobs } from '../summarise-jobs.ts';

/** ListCopyJobSummaries (API2-73 to API2-75). */
export function listCopyJobSummaries(ports: ControlPorts): BackupHandler<'ListCopyJobSummaries'> {
  return async (input, context) => {
    const { period, rows, NextToken } = await summariseJobs(ports, 'copy', input, context);
    return {
      AggregationPeriod: period,
      CopyJobSummaries: rows.map((row) => ({
        Region: context.region,
        AccountId: row.accountId,
        State: row.state as CopyJobStatus,
        ResourceType: row.resourceType,
        MessageCategory: row.messageCategory,
        Count: row.count,
        StartTime: new Date(row.period.from),
        EndTime: new Date(row.period.to),
      })),
      NextToken,
    };
  };
}
