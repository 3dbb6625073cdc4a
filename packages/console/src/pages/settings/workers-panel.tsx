import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../components/error-alert.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** Who does the work, and on which jobs. */
export function WorkersPanel() {
  const { t } = useTranslation();
  const { admin, region } = useConsole();
  const query = useQuery({ queryKey: [region, 'workers'], queryFn: admin.workers, refetchInterval: 5000 });
  if (query.isError) return <ErrorAlert error={query.error} onRetry={() => void query.refetch()} />;
  const workers = query.data?.Workers ?? [];
  return (
    <Table
      items={workers}
      trackBy="WorkerId"
      loading={query.isPending}
      loadingText={t('common.loading')}
      ariaLabels={{ tableLabel: t('settings.workers') }}
      header={
        <Header variant="h2" counter={`(${workers.length})`} description={t('settings.workersHint')}>
          {t('settings.workers')}
        </Header>
      }
      columnDefinitions={[
        { id: 'id', header: t('settings.worker'), cell: ({ WorkerId }) => WorkerId },
        {
          id: 'jobs',
          header: t('nav.jobs'),
          cell: ({ JobIds }) =>
            JobIds.length === 0
              ? t('common.none')
              : JobIds.map((id) => (
                  <div key={id}>
                    <NavLink href={paths.job('backup', id)}>{id}</NavLink>
                  </div>
                )),
        },
      ]}
      empty={t('settings.noWorkers')}
    />
  );
}
