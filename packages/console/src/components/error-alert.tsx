import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useTranslation } from 'react-i18next';

interface ErrorAlertProps {
  readonly error: unknown;
  readonly header?: string;
  readonly onRetry?: () => void;
}

/** What went wrong, in the server's own words, and a way to try again. */
export function ErrorAlert({ error, header, onRetry }: ErrorAlertProps) {
  const { t } = useTranslation();
  return (
    <Alert
      type="error"
      header={header ?? t('common.failed')}
      action={onRetry && <Button onClick={onRetry}>{t('common.retry')}</Button>}
    >
      {describeError(error, t)}
    </Alert>
  );
}

type Translate = (key: string) => string;

/** The message of an error; those of the browser itself are replaced by what helps. */
export function describeError(error: unknown, t: Translate): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TypeError' && /fetch/i.test(error.message)) return t('common.unreachable');
  if (/AccessDenied/.test(error.name)) return `${t('common.accessDenied')} ${error.message}`;
  return error.message || error.name;
}
