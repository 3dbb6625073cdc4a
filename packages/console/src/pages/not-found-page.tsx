import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { NavButton } from '../components/nav-button.tsx';
import { Page } from '../components/page.tsx';
import { paths } from '../paths.ts';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('shell.notFound')}>
      <SpaceBetween size="m">
        <Box>{t('shell.notFoundHint')}</Box>
        <NavButton href={paths.dashboard}>{t('shell.toDashboard')}</NavButton>
      </SpaceBetween>
    </Page>
  );
}
