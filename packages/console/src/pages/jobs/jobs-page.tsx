import Tabs from '@cloudscape-design/components/tabs';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { NavButton } from '../../components/nav-button.tsx';
import { Page } from '../../components/page.tsx';
import { paths } from '../../paths.ts';
import { BackupJobsTable } from './backup-jobs-table.tsx';
import { CopyJobsTable } from './copy-jobs-table.tsx';
import { RestoreJobsTable } from './restore-jobs-table.tsx';

const KINDS = ['backup', 'restore', 'copy'] as const;
type Kind = (typeof KINDS)[number];

/** All jobs, by kind. */
export function JobsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { kind } = useParams();
  const active = KINDS.find((each) => each === kind) ?? 'backup';
  const tables: Readonly<Record<Kind, React.ReactNode>> = {
    backup: <BackupJobsTable />,
    restore: <RestoreJobsTable />,
    copy: <CopyJobsTable />,
  };
  return (
    <Page
      title={t('nav.jobs')}
      description={t('jobs.description')}
      actions={<NavButton href={paths.createBackup()}>{t('backups.create')}</NavButton>}
    >
      <Tabs
        activeTabId={active}
        ariaLabel={t('nav.jobs')}
        onChange={({ detail }) => void navigate(paths.jobs(detail.activeTabId as Kind))}
        tabs={KINDS.map((id) => ({ id, label: t(`jobs.kinds.${id}`), content: active === id ? tables[id] : null }))}
      />
    </Page>
  );
}
