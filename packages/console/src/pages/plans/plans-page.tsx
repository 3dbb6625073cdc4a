import type { BackupPlansListMember } from '@aws-sdk/client-backup';
import { useTranslation } from 'react-i18next';
import { Copyable } from '../../components/copyable.tsx';
import { Empty } from '../../components/empty.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** The backup plans of the account and region. */
export function PlansPage() {
  const { t } = useTranslation();
  const { backup } = useConsole();
  const create = (
    <NavButton variant="primary" href={paths.createPlan}>
      {t('plans.create')}
    </NavButton>
  );
  return (
    <Page title={t('nav.plans')} description={t('plans.description')} actions={create}>
      <PagedTable<BackupPlansListMember>
        id="plans"
        title={t('nav.plans')}
        columns={[
          {
            id: 'name',
            header: t('plans.name'),
            value: (plan) => plan.BackupPlanName,
            cell: (plan) => <NavLink href={paths.plan(plan.BackupPlanId ?? '')}>{plan.BackupPlanName}</NavLink>,
            width: 260,
          },
          {
            id: 'id',
            header: t('plans.id'),
            value: (plan) => plan.BackupPlanId,
            cell: (plan) => <Copyable text={plan.BackupPlanId} />,
            width: 320,
          },
          {
            id: 'created',
            header: t('common.created'),
            value: (plan) => plan.CreationDate?.getTime(),
            cell: (plan) => <Time at={plan.CreationDate} />,
            width: 215,
          },
          {
            id: 'executed',
            header: t('plans.lastRun'),
            value: (plan) => plan.LastExecutionDate?.getTime(),
            cell: (plan) => <Time at={plan.LastExecutionDate} />,
            width: 215,
          },
          { id: 'version', header: t('plans.version'), value: (plan) => plan.VersionId, isHidden: true },
        ]}
        keyOf={(plan) => plan.BackupPlanId ?? ''}
        queryKey={['plans']}
        load={(NextToken, MaxResults) =>
          backup.call(async (client, { ListBackupPlansCommand }) => {
            const page = await client.send(new ListBackupPlansCommand({ NextToken, MaxResults }));
            return { items: page.BackupPlansList ?? [], nextToken: page.NextToken };
          })
        }
        empty={<Empty title={t('plans.none')} hint={t('plans.noneHint')} action={create} />}
      />
    </Page>
  );
}
