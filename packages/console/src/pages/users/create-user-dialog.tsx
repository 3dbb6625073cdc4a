import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callIam } from '../../api/iam-api.ts';
import { CliCommand } from '../../components/cli-command.tsx';
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
    <Modal
      visible
      header={t('users.create')}
      closeAriaLabel={t('common.close')}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button variant="primary" disabled={!isReady} loading={create.isPending} onClick={() => create.mutate()}>
              {t('common.create')}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="info">{t('users.firstSignIn')}</Alert>
        <FormField label={t('signIn.userName')}>
          <Input
            value={form.name}
            autoComplete="off"
            onChange={({ detail }) => setForm({ ...form, name: detail.value })}
          />
        </FormField>
        <FormField label={t('signIn.newPassword')}>
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
      </SpaceBetween>
    </Modal>
  );
}
