import type { BackupJob } from '@aws-sdk/client-backup';
import type { BackupRead } from '../../api/use-backup-query.ts';

/** The newest backup jobs of all. */
export const recentJobs: BackupRead<readonly BackupJob[]> = {
  key: ['recent-jobs'],
  read: async (client, { ListBackupJobsCommand }) =>
    (await client.send(new ListBackupJobsCommand({ MaxResults: 5 }))).BackupJobs ?? [],
};
