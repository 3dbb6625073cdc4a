import { createBackupApi } from '../../api/backup-api.ts';
import { queryClient } from '../../api/query-client.ts';
import type { ConsoleSession } from '../../session/session-api.ts';
import { startRegion } from '../../session/start-region.ts';
import { recentJobs } from './recent-jobs-read.ts';
import { jobSummaries } from './use-job-summaries.ts';

/** Asks for what the dashboard shows while its scripts are still being read; what fails is asked for again by the page. */
export function prefetchDashboard(session: ConsoleSession): void {
  const region = startRegion(session);
  const backup = createBackupApi(region);
  const summaries = jobSummaries('backup');
  void queryClient.prefetchQuery({
    queryKey: [session.accountId, region, ...summaries.key],
    queryFn: () => backup.call(summaries.read),
  });
  void queryClient.prefetchQuery({
    queryKey: [session.accountId, region, ...recentJobs.key],
    queryFn: () => backup.call(recentJobs.read),
  });
}
