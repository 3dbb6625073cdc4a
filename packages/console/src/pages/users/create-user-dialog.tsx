import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callIam } from '../../api/iam-api.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { useAction } from '../../components/use-action.ts';

const POLICIES = ['AWSBackupFullAccess', 'AWSBackupOperatorAccess', 'AdministratorAccess'] as const;

/** A new user with a password that must be changed at the first sign-in. */
export function CreateUserDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [form, setForm] = useState({ name: '', password: '', policy: POLICIES[0] as string });
  const create = useAction({
    run: () =>
      callIam(async (client, { CreateUserCommand, CreateLoginProfileCommand, AttachUserPolicyCommand }) => {
        const UserName = form.name;
        await client.send(new CreateUserCommand({ UserName }));
        const PolicyArn = `arn:aws:iam::aws:policy/${form.policy}`;
        await client.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
        const Password = form.password;
        await client.send(new CreateLoginProfileCommand({ UserName, Password, PasswordResetRequired: true }));
      }),
    success: () => t('users.created', { name: form.name }),
    onDone: onClose,
  });
  const options = POLICIES.map((value) => ({ value, label: value, description: t(`users.policies.${value}`) }));
  const isReady = /^[\w+=,.@-]{1,64}$/.test(form.name) && form.password.length >= 12;
  return (
    <FormDialog
      title={t('users.create')}
      confirmText={t('common.create')}
      isReady={isReady}
      isRunning={create.isPending}
      onConfirm={() => create.mutate()}
      onClose={onClose}
    >
      <Alert type="info">{t('users.firstSignIn')}</Alert>
      <FormField label={t('signIn.userName')}>
        <Input
          value={form.name}
          autoComplete="off"
          onChange={({ detail }) => setForm({ ...form, name: detail.value })}
        />
      </FormField>
      <FormField label={t('signIn.newPassword')} constraintText={t('users.passwordRule')}>
        <Input
          type="password"
          autoComplete="new-password"
          value={form.password}
          onChange={({ detail }) => setForm({ ...form, password: detail.value })}
        />
      </FormField>
      <FormField label={t('users.policy')}>
        <Select
          options={options}
          selectedOption={options.find(({ value }) => value === form.policy) ?? null}
          onChange={({ detail }) => setForm({ ...form, policy: detail.selectedOption.value ?? POLICIES[0] })}
        />
      </FormField>
      <CliCommand service="iam" operation="CreateUser" input={{ UserName: form.name }} />
    </FormDialog>
  );
}
