import { useTranslation } from 'react-i18next';
import { Empty } from '../components/empty.tsx';
import { NavButton } from '../components/nav-button.tsx';
import { Page } from '../components/page.tsx';
import { paths } from '../paths.ts';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('shell.notFound')}>
      <Empty
        title={t('shell.notFound')}
        hint={t('shell.notFoundHint')}
        action={<NavButton href={paths.dashboard}>{t('shell.toDashboard')}</NavButton>}
      />
    </Page>
  );
}
