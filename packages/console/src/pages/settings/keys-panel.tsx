import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type KeyAction, kmsApi, type ListedKey } from '../../api/kms-api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { Empty } from '../../components/empty.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { useVaults } from '../../components/vault-field.tsx';
import { useConsole } from '../../session/use-console.ts';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { DeleteKeyDialog } from './delete-key-dialog.tsx';

type Dialog = 'create' | 'disable' | 'delete';

/** The keys of the region: make, disable, enable, schedule their deletion. */
export function KeysPanel() {
  const { t } = useTranslation();
  const { region } = useConsole();
  const vaults = useVaults();
  const [open, setOpen] = useState<{ readonly dialog: Dialog; readonly key?: ListedKey } | undefined>();
  const close = (): void => setOpen(undefined);
  const change = useAction({
    run: ({ action, keyId }: { readonly action: KeyAction; readonly keyId: string }) =>
      kmsApi.change(region, action, keyId),
    success: () => t('settings.keyChanged'),
    onDone: close,
  });
  const vaultsOf = ({ Arn }: ListedKey): string =>
    (vaults.data ?? [])
      .filter(({ EncryptionKeyArn }) => EncryptionKeyArn === Arn)
      .map(({ BackupVaultName }) => BackupVaultName)
      .join(', ');
  const act = (action: string, key: ListedKey): void => {
    if (action === 'delete' || action === 'disable') setOpen({ dialog: action, key });
    else change.mutate({ action: action as KeyAction, keyId: key.KeyId });
  };
  const chosen = open?.key;
  return (
    <>
      <PagedTable<ListedKey>
        id="keys"
        title={t('settings.keys')}
        description={t('settings.keysHint')}
        columns={[
          {
            id: 'arn',
            header: t('settings.key'),
            value: ({ Arn }) => Arn,
            cell: ({ Arn }) => <Copyable text={Arn} />,
            width: 340,
          },
          { id: 'alias', header: t('settings.alias'), value: ({ aliases }) => aliases.join(', '), width: 170 },
          {
            id: 'status',
            header: t('common.status'),
            value: ({ KeyState }) => KeyState,
            cell: ({ KeyState }) => <Status value={KeyState} />,
            width: 170,
          },
          { id: 'vaults', header: t('settings.usedBy'), value: vaultsOf, width: 180 },
          {
            id: 'manager',
            header: t('settings.manager'),
            value: ({ KeyManager }) => t(`settings.managers.${KeyManager}`),
            width: 140,
          },
          {
            id: 'description',
            header: t('settings.keyDescription'),
            value: ({ Description }) => Description,
            width: 200,
          },
          {
            id: 'deletion',
            header: t('settings.deletionDate'),
            value: ({ DeletionDate }) => DeletionDate,
            cell: ({ DeletionDate }) => <Time at={DeletionDate} />,
            width: 200,
          },
        ]}
        keyOf={({ KeyId }) => KeyId}
        queryKey={['keys']}
        load={(marker, pageSize) => kmsApi.list(region, marker, pageSize)}
        selection="single"
        isDisabled={({ KeyManager }) => KeyManager === 'AWS'}
        actions={([key]) => (
          <>
            <ButtonDropdown
              disabled={key === undefined}
              loading={change.isPending}
              items={[
                { id: 'EnableKey', text: t('settings.enable'), disabled: key?.KeyState !== 'Disabled' },
                { id: 'disable', text: t('settings.disable'), disabled: key?.KeyState !== 'Enabled' },
                { id: 'delete', text: t('settings.scheduleDeletion'), disabled: key?.KeyState === 'PendingDeletion' },
                {
                  id: 'CancelKeyDeletion',
                  text: t('settings.cancelDeletion'),
                  disabled: key?.KeyState !== 'PendingDeletion',
                },
              ]}
              onItemClick={({ detail }) => key !== undefined && act(detail.id, key)}
            >
              {t('common.actions')}
            </ButtonDropdown>
            <Button onClick={() => setOpen({ dialog: 'create' })}>{t('settings.createKey')}</Button>
          </>
        )}
        empty={<Empty title={t('settings.noKeys')} hint={t('settings.noKeysHint')} />}
      />
      {open?.dialog === 'create' && <CreateKeyDialog onClose={close} />}
      {open?.dialog === 'delete' && chosen !== undefined && <DeleteKeyDialog keyId={chosen.KeyId} onClose={close} />}
      {open?.dialog === 'disable' && chosen !== undefined && (
        <ConfirmDialog
          title={t('settings.disableTitle')}
          warning={t('settings.disableWarning')}
          confirmText={t('settings.disable')}
          isRunning={change.isPending}
          onConfirm={() => change.mutate({ action: 'DisableKey', keyId: chosen.KeyId })}
          onCancel={close}
        >
          {chosen.Arn}
        </ConfirmDialog>
      )}
    </>
  );
}
