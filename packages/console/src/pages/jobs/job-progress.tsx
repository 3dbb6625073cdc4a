import ProgressBar from '@cloudscape-design/components/progress-bar';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../components/format.ts';
import { isOpen, percentOf } from './live.ts';

interface JobProgressProps {
  readonly state: string | undefined;
  readonly percentDone: string | undefined;
  readonly bytesDone?: number | undefined;
  readonly bytesExpected?: number | undefined;
  readonly message?: string | undefined;
}

/** How far a job is; nothing once it has ended. */
export function JobProgress({ state, percentDone, bytesDone, bytesExpected, message }: JobProgressProps) {
  const { t, i18n } = useTranslation();
  if (!isOpen(state)) return null;
  const moved = bytesDone === undefined ? '' : formatBytes(bytesDone, i18n.language);
  const total = bytesExpected === undefined ? '' : ` / ${formatBytes(bytesExpected, i18n.language)}`;
  return (
    <ProgressBar
      value={percentOf(percentDone) ?? 0}
      label={t(`status.${state}`)}
      description={message ?? ''}
      additionalInfo={`${moved}${total}`}
    />
  );
}
