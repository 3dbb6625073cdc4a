import { useTranslation } from 'react-i18next';
import type { Source } from '../../api/admin-types.ts';
import { Empty } from '../../components/empty.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** Where the resources come from. */
export function SourcesPage() {
  const { t } = useTranslation();
  const { admin } = useConsole();
  return (
    <Page
      title={t('nav.sources')}
      description={t('sources.description')}
      actions={
        <NavButton variant="primary" href={paths.addSource}>
          {t('sources.add')}
        </NavButton>
      }
    >
      <PagedTable<Source>
        id="sources"
        title={t('nav.sources')}
        columns={[
          {
            id: 'name',
            header: t('common.name'),
            value: ({ Name }) => Name,
            cell: ({ Name }) => <NavLink href={paths.source(Name)}>{Name}</NavLink>,
            width: 200,
          },
          {
            id: 'kind',
            header: t('sources.kind'),
            value: ({ Kind }) => t(`sources.kinds.${Kind}`, { defaultValue: Kind }),
            width: 180,
          },
          {
            id: 'status',
            header: t('common.status'),
            value: ({ Status: status }) => status,
            cell: ({ Status: status, StatusMessage }) => <Status value={status} message={StatusMessage} />,
            width: 150,
          },
          {
            id: 'looked',
            header: t('sources.lastDiscovery'),
            value: ({ LastDiscoveryDate }) => LastDiscoveryDate,
            cell: ({ LastDiscoveryDate }) => <Time at={LastDiscoveryDate} />,
            width: 215,
          },
          {
            id: 'origin',
            header: t('sources.origin'),
            value: ({ Origin }) => t(`sources.origins.${Origin}`),
            width: 180,
          },
        ]}
        keyOf={({ Name }) => Name}
        queryKey={['sources']}
        load={async (nextToken) => {
          const page = await admin.sources(nextToken);
          return { items: page.Sources, nextToken: page.NextToken };
        }}
        empty={
          <Empty
            title={t('sources.none')}
            hint={t('sources.noneHint')}
            action={<NavButton href={paths.start}>{t('dashboard.start')}</NavButton>}
          />
        }
      />
    </Page>
  );
}
