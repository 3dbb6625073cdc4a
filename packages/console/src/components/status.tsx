import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useTranslation } from 'react-i18next';

const TYPES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  CREATED: 'pending',
  PENDING: 'pending',
  RUNNING: 'in-progress',
  ABORTING: 'pending',
  ABORTED: 'stopped',
  COMPLETED: 'success',
  COMPLETED_WITH_ISSUES: 'warning',
  PARTIAL: 'warning',
  FAILED: 'error',
  EXPIRED: 'error',
  AVAILABLE: 'success',
  CREATING: 'in-progress',
  DELETING: 'pending',
  STOPPED: 'stopped',
  STOPPING: 'pending',
  SUCCEEDED: 'success',
  SKIPPED: 'stopped',
  ACTIVE: 'success',
  CANCELING: 'pending',
  CANCELED: 'stopped',
  Enabled: 'success',
  Disabled: 'stopped',
  PendingDeletion: 'warning',
  available: 'success',
  unavailable: 'warning',
  vanished: 'stopped',
  reachable: 'success',
  unreachable: 'error',
  unchecked: 'pending',
};

interface StatusProps {
  readonly value: string | undefined;
  /** Shown on hover, for example why it failed. */
  readonly message?: string | undefined;
}

/** A state of a job, recovery point, source, resource or hold: sign, colour and word. */
export function Status({ value, message }: StatusProps) {
  const { t } = useTranslation();
  if (value === undefined) return <>-</>;
  const text = t(`status.${value}`, { defaultValue: value });
  return (
    <span title={message}>
      <StatusIndicator type={TYPES[value] ?? 'info'}>{text}</StatusIndicator>
    </span>
  );
}

/** A completed job that has something to say is completed with issues (MON-8). */
export function jobStatus(state: string | undefined, messageCategory: string | undefined): string | undefined {
  const hasIssues = messageCategory !== undefined && messageCategory !== 'SUCCESS';
  return state === 'COMPLETED' && hasIssues ? 'COMPLETED_WITH_ISSUES' : state;
}
