import { useTranslation } from 'react-i18next';
import { Empty } from '../../components/empty.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { type JobEvent, readJobEvents } from './job-events.ts';

/** What happened lately: jobs that began or ended, the newest first. */
export function ActivityPage() {
  const { t } = useTranslation();
  const { backup } = useConsole();
  return (
    <Page title={t('nav.activity')} description={t('activity.description')}>
      <PagedTable<JobEvent>
        id="activity"
        title={t('activity.events')}
        columns={[
          {
            id: 'time',
            header: t('activity.time'),
            value: ({ at }) => at.getTime(),
            cell: ({ at }) => <Time at={at} />,
            width: 200,
          },
          {
            id: 'event',
            header: t('activity.event'),
            value: ({ kind, phase }) => t(`activity.${phase}.${kind}`),
            cell: (event) => (
              <NavLink href={paths.job(event.kind, event.jobId)}>{t(`activity.${event.phase}.${event.kind}`)}</NavLink>
            ),
            width: 240,
          },
          {
            id: 'status',
            header: t('common.status'),
            value: ({ status }) => status,
            cell: ({ status, message }) => <Status value={status} message={message} />,
            width: 180,
          },
          { id: 'resource', header: t('jobs.resource'), value: ({ resource }) => resource, width: 240 },
          { id: 'message', header: t('jobs.message'), value: ({ message }) => message, width: 320 },
        ]}
        keyOf={({ key }) => key}
        queryKey={['activity']}
        load={async (_nextToken, pageSize) => ({
          items: await backup.call((client, c) => readJobEvents(client, c, pageSize)),
        })}
        refreshMs={() => 5000}
        empty={<Empty title={t('activity.none')} hint={t('activity.noneHint')} />}
      />
    </Page>
  );
}
