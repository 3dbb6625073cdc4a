import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useTranslation } from 'react-i18next';

/** What stands in place of a page that broke. */
export function BrokenPage({ error }: { readonly error: Error }) {
  const { t } = useTranslation();
  return (
    <Box padding="l">
      <Alert
        type="error"
        header={t('shell.broken')}
        action={<Button onClick={() => window.location.reload()}>{t('shell.reload')}</Button>}
      >
        {error.message}
      </Alert>
    </Box>
  );
}
