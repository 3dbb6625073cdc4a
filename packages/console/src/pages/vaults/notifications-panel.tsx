import type { BackupVaultEvent } from '@aws-sdk/client-backup';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { useAction } from '../../components/use-action.ts';
import { useConsole } from '../../session/use-console.ts';

const EVENTS = [
  'BACKUP_JOB_STARTED',
  'BACKUP_JOB_COMPLETED',
  'COPY_JOB_STARTED',
  'COPY_JOB_SUCCESSFUL',
  'COPY_JOB_FAILED',
  'RESTORE_JOB_STARTED',
  'RESTORE_JOB_COMPLETED',
  'RECOVERY_POINT_MODIFIED',
  'S3_BACKUP_OBJECT_FAILED',
  'S3_RESTORE_OBJECT_FAILED',
];

interface Notifications {
  readonly topic: string;
  readonly events: readonly string[];
}

/** Which events of the vault are told to which topic. */
export function NotificationsPanel({ vault }: { readonly vault: string }) {
  const { t } = useTranslation();
  const { backup, session, region } = useConsole();
  const [edited, setEdited] = useState<Notifications | undefined>();
  const query = useBackupQuery(
    ['vault-notifications', vault],
    async (client, { GetBackupVaultNotificationsCommand }) => {
      try {
        const found = await client.send(new GetBackupVaultNotificationsCommand({ BackupVaultName: vault }));
        return { topic: found.SNSTopicArn ?? '', events: found.BackupVaultEvents ?? [] };
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return { topic: '', events: [] };
        throw error;
      }
    },
  );
  const save = useAction({
    run: ({ topic, events }: Notifications) =>
      backup.call((client, { PutBackupVaultNotificationsCommand }) =>
        client.send(
          new PutBackupVaultNotificationsCommand({
            BackupVaultName: vault,
            SNSTopicArn: topic,
            BackupVaultEvents: events as BackupVaultEvent[],
          }),
        ),
      ),
    success: () => t('vaults.notificationsSaved'),
    onDone: () => setEdited(undefined),
  });
  const remove = useAction({
    run: () =>
      backup.call((client, { DeleteBackupVaultNotificationsCommand }) =>
        client.send(new DeleteBackupVaultNotificationsCommand({ BackupVaultName: vault })),
      ),
    success: () => t('vaults.notificationsRemoved'),
    onDone: () => setEdited(undefined),
  });
  const options = EVENTS.map((value) => ({ value, label: value }));
  return (
    <Loaded query={query}>
      {(kept) => {
        const form = edited ?? kept;
        return (
          <Container
            header={
              <Header
                variant="h2"
                description={t('vaults.notificationsHint')}
                actions={
                  <Button disabled={kept.topic === ''} loading={remove.isPending} onClick={() => remove.mutate()}>
                    {t('vaults.notificationsOff')}
                  </Button>
                }
              >
                {t('vaults.notifications')}
              </Header>
            }
          >
            <SpaceBetween size="m">
              <FormField label={t('vaults.topic')} stretch>
                <Input
                  value={form.topic}
                  placeholder={`arn:aws:sns:${region}:${session.accountId}:my-topic`}
                  onChange={({ detail }) => setEdited({ ...form, topic: detail.value })}
                />
              </FormField>
              <FormField label={t('vaults.events')} stretch>
                <Multiselect
                  placeholder={t('vaults.chooseEvents')}
                  options={options}
                  selectedOptions={options.filter(({ value }) => form.events.includes(value))}
                  onChange={({ detail }) =>
                    setEdited({ ...form, events: detail.selectedOptions.map(({ value = '' }) => value) })
                  }
                />
              </FormField>
              <Button
                variant="primary"
                disabled={edited === undefined || form.topic === '' || form.events.length === 0}
                loading={save.isPending}
                onClick={() => save.mutate(form)}
              >
                {t('common.save')}
              </Button>
              <CliCommand
                operation="PutBackupVaultNotifications"
                input={{ BackupVaultName: vault, SNSTopicArn: form.topic, BackupVaultEvents: form.events }}
              />
            </SpaceBetween>
          </Container>
        );
      }}
    </Loaded>
  );
}
