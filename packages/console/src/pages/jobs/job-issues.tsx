import { useTranslation } from 'react-i18next';
import type { JobIssue } from '../../api/admin-types.ts';
import { Empty } from '../../components/empty.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { useConsole } from '../../session/use-console.ts';

/** What a job could not keep, item by item. */
export function JobIssues({ jobId }: { readonly jobId: string }) {
  const { t } = useTranslation();
  const { admin } = useConsole();
  return (
    <PagedTable<JobIssue>
      id="job-issues"
      title={t('jobs.issues')}
      description={t('jobs.issuesHint')}
      columns={[
        { id: 'path', header: t('jobs.issuePath'), value: ({ Path }) => Path || '/', width: 320 },
        { id: 'code', header: t('jobs.issueCode'), value: ({ Code }) => Code, width: 160 },
        { id: 'message', header: t('jobs.message'), value: ({ Message }) => Message, width: 360 },
        {
          id: 'missing',
          header: t('jobs.dataMissing'),
          value: ({ DataMissing }) => (DataMissing ? t('common.yes') : t('common.no')),
        },
      ]}
      keyOf={({ Sequence }) => String(Sequence)}
      queryKey={['job-issues', jobId]}
      load={async (nextToken) => {
        const page = await admin.jobIssues(jobId, nextToken);
        return { items: page.Issues, nextToken: page.NextToken };
      }}
      empty={<Empty title={t('jobs.noIssues')} hint={t('jobs.noIssuesHint')} />}
    />
  );
}
