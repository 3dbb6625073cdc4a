import type { LegalHold } from '@aws-sdk/client-backup';
import { useTranslation } from 'react-i18next';
import { Copyable } from '../../components/copyable.tsx';
import { Empty } from '../../components/empty.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** The legal holds of the account and region (HOLD-19). */
export function LegalHoldsPage() {
  const { t } = useTranslation();
  const { backup } = useConsole();
  const create = (
    <NavButton variant="primary" href={paths.createLegalHold}>
      {t('holds.create')}
    </NavButton>
  );
  return (
    <Page title={t('nav.legalHolds')} description={t('holds.description')} actions={create}>
      <PagedTable<LegalHold>
        id="legal-holds"
        title={t('nav.legalHolds')}
        columns={[
          {
            id: 'title',
            header: t('holds.title'),
            value: (hold) => hold.Title,
            cell: (hold) => <NavLink href={paths.legalHold(hold.LegalHoldId ?? '')}>{hold.Title}</NavLink>,
            width: 220,
          },
          {
            id: 'status',
            header: t('common.status'),
            value: (hold) => hold.Status,
            cell: (hold) => <Status value={hold.Status} />,
            width: 150,
          },
          { id: 'description', header: t('holds.descriptionField'), value: (hold) => hold.Description, width: 260 },
          {
            id: 'id',
            header: t('holds.id'),
            value: (hold) => hold.LegalHoldId,
            cell: (hold) => <Copyable text={hold.LegalHoldId} />,
            width: 300,
          },
          {
            id: 'created',
            header: t('common.created'),
            value: (hold) => hold.CreationDate?.getTime(),
            cell: (hold) => <Time at={hold.CreationDate} />,
            width: 215,
          },
        ]}
        keyOf={(hold) => hold.LegalHoldId ?? ''}
        queryKey={['legal-holds']}
        load={(NextToken, MaxResults) =>
          backup.call(async (client, { ListLegalHoldsCommand }) => {
            const page = await client.send(new ListLegalHoldsCommand({ NextToken, MaxResults }));
            return { items: page.LegalHolds ?? [], nextToken: page.NextToken };
          })
        }
        refreshMs={(holds) => (holds.some(({ Status: each }) => each?.endsWith('ING')) ? 2000 : false)}
        empty={<Empty title={t('holds.none')} hint={t('holds.noneHint')} action={create} />}
      />
    </Page>
  );
}
