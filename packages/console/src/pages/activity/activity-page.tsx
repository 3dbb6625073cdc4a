import { useTranslation } from 'react-i18next';
import { type ActivityEvent, listEvents } from '../../api/events-api.ts';
import { shortArn } from '../../api/resource-names.ts';
import { Empty } from '../../components/empty.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { jobStatus, Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** What happened, newest first, page by page back to the beginning. */
export function ActivityPage() {
  const { t } = useTranslation();
  const { admin } = useConsole();
  return (
    <Page title={t('nav.activity')} description={t('activity.description')}>
      <PagedTable<ActivityEvent>
        id="activity"
        title={t('activity.events')}
        columns={[
          {
            id: 'time',
            header: t('activity.time'),
            value: ({ EventDate }) => EventDate,
            cell: ({ EventDate }) => <Time at={EventDate} />,
            width: 200,
          },
          {
            id: 'event',
            header: t('activity.event'),
            value: ({ JobKind, Phase }) => t(`activity.${Phase}.${JobKind}`),
            cell: ({ JobKind, Phase, JobId }) => (
              <NavLink href={paths.job(JobKind, JobId)}>{t(`activity.${Phase}.${JobKind}`)}</NavLink>
            ),
            width: 240,
          },
          {
            id: 'status',
            header: t('common.status'),
            value: (event) => statusOf(event),
            cell: (event) => <Status value={statusOf(event)} message={event.StatusMessage} />,
            width: 180,
          },
          {
            id: 'resource',
            header: t('jobs.resource'),
            value: ({ ResourceName, ResourceArn }) => ResourceName ?? shortArn(ResourceArn),
            width: 240,
          },
          { id: 'type', header: t('common.resourceType'), value: ({ ResourceType }) => ResourceType, width: 130 },
          { id: 'message', header: t('jobs.message'), value: ({ StatusMessage }) => StatusMessage, width: 320 },
          { id: 'job', header: t('activity.job'), value: ({ JobId }) => JobId, isHidden: true },
        ]}
        keyOf={({ JobId, Phase }) => `${JobId}:${Phase}`}
        queryKey={['activity']}
        load={(nextToken, pageSize) => listEvents(admin, nextToken, pageSize)}
        refreshMs={() => 5000}
        empty={<Empty title={t('activity.none')} hint={t('activity.noneHint')} />}
      />
    </Page>
  );
}

/** A job that began was created then, whatever it is now. */
function statusOf({ Phase, State, MessageCategory }: ActivityEvent): string | undefined {
  return Phase === 'began' ? 'CREATED' : jobStatus(State, MessageCategory);
}
