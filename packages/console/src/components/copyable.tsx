import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { useTranslation } from 'react-i18next';

/** A text that people copy (an ARN, an ID), with the button that does it. */
export function Copyable({ text }: { readonly text: string | undefined }) {
  const { t } = useTranslation();
  if (text === undefined || text === '') return <>-</>;
  return (
    <span className="holdfast-copyable">
      <CopyToClipboard
        variant="inline"
        textToCopy={text}
        copyButtonAriaLabel={t('common.copyText', { text })}
        copySuccessText={t('common.copied')}
        copyErrorText={t('common.copyFailed')}
      />
    </span>
  );
}
