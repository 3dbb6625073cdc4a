import type { AggregationPeriod } from '@aws-sdk/client-backup';
import { readAll } from '../../api/read-all.ts';
import { type BackupRead, useBackupQuery } from '../../api/use-backup-query.ts';
import type { DailySummary } from './job-counts.ts';

export type JobKind = 'backup' | 'copy' | 'restore';

const DAILY = { AggregationPeriod: 'ONE_DAY' as AggregationPeriod, State: 'ANY' as const, ResourceType: 'ANY' };

/** Daily counts of the last 14 days, by state, type and reason. */
export function useJobSummaries(kind: JobKind) {
  const { key, read, staleTime } = jobSummaries(kind);
  return useBackupQuery(key, read, { staleTime });
}

export function jobSummaries(kind: JobKind): BackupRead<readonly DailySummary[]> & { readonly staleTime: number } {
  return {
    key: ['job-summaries', kind],
    read: (client, commands) =>
      readAll<DailySummary>(async (NextToken) => {
        const page = { ...DAILY, NextToken, MaxResults: 1000 };
        if (kind === 'restore') {
          const answer = await client.send(new commands.ListRestoreJobSummariesCommand(page));
          return { items: answer.RestoreJobSummaries, nextToken: answer.NextToken };
        }
        if (kind === 'copy') {
          const answer = await client.send(
            new commands.ListCopyJobSummariesCommand({ ...page, MessageCategory: 'ANY' }),
          );
          return { items: answer.CopyJobSummaries, nextToken: answer.NextToken };
        }
        const answer = await client.send(
          new commands.ListBackupJobSummariesCommand({ ...page, MessageCategory: 'ANY' }),
        );
        return { items: answer.BackupJobSummaries, nextToken: answer.NextToken };
      }, 5000),
    staleTime: 60_000,
  };
}
