import type { BackupJobStatus } from '@aws-sdk/client-backup';
import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { summariseJobs } from '../summarise-jobs.ts';

/** ListBackupJobSummaries (API2-46 to API2-54). */
export function listBackupJobSummaries(ports: ControlPorts): BackupHandler<'ListBackupJobSummaries'> {
  return async (input, context) => {
    const { period, rows, NextToken } = await summariseJobs(ports, 'backup', input, context);
    return {
      AggregationPeriod: period,
      BackupJobSummaries: rows.map((row) => ({
        Region: context.region,
        AccountId: row.accountId,
        State: row.state as BackupJobStatus,
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
