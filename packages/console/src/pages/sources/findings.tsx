import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../api/admin-types.ts';

/** What a check of a source found, and what to do about it. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const { t } = useTranslation();
  const isUsable = findings.every(({ Ok, Advisory }) => Ok || Advisory === true);
  return (
    <Alert type={isUsable ? 'success' : 'error'} header={isUsable ? t('sources.checkGood') : t('sources.checkBad')}>
      <SpaceBetween size="xxs">
        {findings.map(({ What, Ok, Advisory, Hint }) => (
          <div key={What}>
            <StatusIndicator type={Ok ? 'success' : Advisory === true ? 'warning' : 'error'}>{What}</StatusIndicator>
            {!Ok && Hint !== undefined && (
              <Box color="text-body-secondary" padding={{ left: 'l' }}>
                {Hint}
              </Box>
            )}
          </div>
        ))}
      </SpaceBetween>
    </Alert>
  );
}
