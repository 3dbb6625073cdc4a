import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../components/format.ts';
import { Loading } from '../../components/loading.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { countJobs, OUTCOMES } from './job-counts.ts';
import { RecentJobs } from './recent-jobs.tsx';
import { type JobKind, useJobSummaries } from './use-job-summaries.ts';

const Charts = lazy(async () => ({ default: (await import('./job-charts.tsx')).JobCharts }));
const DAY_MS = 86_400_000;
const KINDS: readonly JobKind[] = ['backup', 'restore', 'copy'];

/** How the account is protected: the jobs of the last days and what went wrong. */
export function DashboardPage() {
  const { t, i18n } = useTranslation();
  const { admin, region } = useConsole();
  const [kind, setKind] = useState<JobKind>('backup');
  const [days, setDays] = useState<'7' | '14'>('14');
  const sources = useQuery({ queryKey: [region, 'sources', 'first'], queryFn: () => admin.sources() });
  const summaries = useJobSummaries(kind);
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const count = (found: typeof summaries.data) =>
    countJobs(found ?? [], new Date(today - Number(days) * DAY_MS), new Date(today));
  const counts = count(summaries.data);
  // The numbers are there at once; the charts, which take longer to draw, follow.
  const charted = useDeferredValue(summaries.data);
  const isEmpty = sources.data?.Sources.length === 0;
  return (
    <Page
      title={t('nav.dashboard')}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <NavButton href={paths.plans}>{t('dashboard.managePlans')}</NavButton>
          <NavButton href={paths.createBackup()}>{t('backups.create')}</NavButton>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {isEmpty && (
          <Alert
            type="info"
            header={t('dashboard.emptyTitle')}
            action={
              <NavButton variant="primary" href={paths.start}>
                {t('dashboard.start')}
              </NavButton>
            }
          >
            {t('dashboard.emptyHint')}
          </Alert>
        )}
        <Container
          header={
            <Header
              variant="h2"
              description={t('dashboard.overviewHint')}
              actions={
                <div className="holdfast-inline">
                  <SegmentedControl
                    label={t('dashboard.kind')}
                    selectedId={kind}
                    options={KINDS.map((id) => ({ id, text: t(`jobs.kinds.${id}`) }))}
                    onChange={({ detail }) => setKind(detail.selectedId as JobKind)}
                  />
                  <SegmentedControl
                    label={t('dashboard.span')}
                    selectedId={days}
                    options={[
                      { id: '14', text: t('jobs.since.14d') },
                      { id: '7', text: t('dashboard.days7') },
                    ]}
                    onChange={({ detail }) => setDays(detail.selectedId as '7' | '14')}
                  />
                </div>
              }
            >
              {t('dashboard.overview')}
            </Header>
          }
        >
          <ColumnLayout columns={4} variant="text-grid" minColumnWidth={130}>
            {OUTCOMES.map((outcome) => (
              <div key={outcome}>
                <Box variant="awsui-key-label">{t(`status.${outcome}`)}</Box>
                <NavLink
                  fontSize="display-l"
                  href={`${paths.jobs(kind)}?since=${days}d${outcome === 'COMPLETED_WITH_ISSUES' ? '' : `&state=${outcome}`}`}
                  ariaLabel={`${t(`status.${outcome}`)}: ${counts.totals[outcome]}`}
                >
                  {formatNumber(counts.totals[outcome], i18n.language)}
                </NavLink>
              </div>
            ))}
          </ColumnLayout>
        </Container>
        <RecentJobs />
        <Suspense fallback={<Loading />}>
          <Charts
            counts={charted === summaries.data ? counts : count(charted)}
            isLoading={charted === undefined && !summaries.isError}
            error={summaries.error}
          />
        </Suspense>
      </SpaceBetween>
    </Page>
  );
}
