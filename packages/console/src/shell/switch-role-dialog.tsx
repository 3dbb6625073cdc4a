import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CliCommand } from '../components/cli-command.tsx';
import { describeError } from '../components/error-alert.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { sessionStore } from '../session/session-store.ts';
import { useConsole } from '../session/use-console.ts';

/** The role that the organization's service makes in new accounts. */
const DEFAULT_ROLE = 'OrganizationAccountAccessRole';

interface SwitchRoleDialogProps {
  /** A role that was used before; empty to ask for one. */
  readonly roleArn: string;
  readonly onClose: () => void;
}

/** Goes to another account, or narrows or widens one's rights in this one, by acting with a role. */
export function SwitchRoleDialog({ roleArn, onClose }: SwitchRoleDialogProps) {
  const { t } = useTranslation();
  const { session } = useConsole();
  const [account, setAccount] = useState(roleArn.split(':')[4] ?? '');
  const [role, setRole] = useState(roleArn === '' ? DEFAULT_ROLE : roleArn.slice(roleArn.indexOf(':role/') + 6));
  const isReady = /^\d{12}$/.test(account.trim()) && role.trim() !== '';
  const wanted = `arn:aws:iam::${account.trim()}:role/${role.trim()}`;
  const change = useMutation({ mutationFn: () => sessionStore.switchRole(wanted) });
  const submit = (): void => {
    // Whatever page is open shows the other account from then on; it is made anew and takes this dialog with it.
    change.mutate(undefined, { onSuccess: onClose });
  };
  return (
    <FormDialog
      title={t('shell.switchRole')}
      confirmText={t('shell.switchRole')}
      isReady={isReady}
      isRunning={change.isPending}
      onConfirm={submit}
      onClose={onClose}
    >
      {change.isError && (
        <Alert type="error" header={t('shell.roleRefused')}>
          {describeError(change.error, t)}
        </Alert>
      )}
      <FormField label={t('shell.roleAccount')} constraintText={t('shell.roleAccountHint')}>
        <Input
          value={account}
          placeholder={session.accountId}
          inputMode="numeric"
          onChange={({ detail }) => setAccount(detail.value)}
        />
      </FormField>
      <FormField label={t('shell.roleName')} description={t('shell.roleHint')}>
        <Input value={role} onChange={({ detail }) => setRole(detail.value)} />
      </FormField>
      <CliCommand service="sts" operation="AssumeRole" input={{ RoleArn: wanted, RoleSessionName: 'console' }} />
    </FormDialog>
  );
}
