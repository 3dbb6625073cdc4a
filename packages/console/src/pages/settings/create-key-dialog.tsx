import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { kmsApi } from '../../api/kms-api.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useAction } from '../../components/use-action.ts';
import { useConsole } from '../../session/use-console.ts';

const ALIAS = /^[A-Za-z0-9/_-]{1,250}$/;

/** A key of the account's own, which vaults made later may use. */
export function CreateKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { region } = useConsole();
  const [alias, setAlias] = useState('');
  const [description, setDescription] = useState('');
  const create = useAction({
    run: () => kmsApi.create(region, description, alias),
    success: () => t('settings.keyCreated'),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={t('settings.createKey')}
      confirmText={t('common.create')}
      isRunning={create.isPending}
      isConfirmDisabled={alias !== '' && !ALIAS.test(alias)}
      onConfirm={() => create.mutate()}
      onCancel={onClose}
    >
      <SpaceBetween size="m">
        <FormField label={`${t('settings.alias')} - ${t('common.optional')}`} description={t('settings.aliasHint')}>
          <Input value={alias} onChange={({ detail }) => setAlias(detail.value)} />
        </FormField>
        <FormField label={`${t('settings.keyDescription')} - ${t('common.optional')}`}>
          <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
        </FormField>
        <CliCommand service="kms" operation="CreateKey" input={{ Description: description }} />
      </SpaceBetween>
    </ConfirmDialog>
  );
}
