import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useTranslation } from 'react-i18next';
import { Time } from '../../components/time.tsx';

/** Whether a vault is locked, in which mode, and whether that can still be changed. */
export function LockState({
  isLocked,
  lockDate,
}: {
  readonly isLocked: boolean | undefined;
  readonly lockDate: Date | undefined;
}) {
  const { t } = useTranslation();
  if (isLocked !== true) return <StatusIndicator type="stopped">{t('vaults.unlocked')}</StatusIndicator>;
  if (lockDate === undefined) return <StatusIndicator type="success">{t('vaults.governance')}</StatusIndicator>;
  const isImmutable = lockDate.getTime() <= Date.now();
  return (
    <StatusIndicator type={isImmutable ? 'success' : 'in-progress'}>
      {isImmutable ? t('vaults.compliance') : t('vaults.complianceFrom')} {!isImmutable && <Time at={lockDate} />}
    </StatusIndicator>
  );
}
