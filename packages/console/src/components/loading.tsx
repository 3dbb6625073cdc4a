import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import { useTranslation } from 'react-i18next';

export function Loading() {
  const { t } = useTranslation();
  return (
    <Box textAlign="center" padding="xxl">
      <Spinner size="large" /> <Box variant="span">{t('common.loading')}</Box>
    </Box>
  );
}
