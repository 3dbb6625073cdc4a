import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { CliCommand } from '../../components/cli-command.tsx';
import { FormActions } from '../../components/form-actions.tsx';
import { Page } from '../../components/page.tsx';
import { type TagEntry, TagFields, tagMap } from '../../components/tag-fields.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

const NAME = /^[a-zA-Z0-9\-_]{2,50}$/;

/** A new vault, standard or logically air-gapped. */
export function CreateVaultPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { backup } = useConsole();
  const [name, setName] = useState('');
  const [keyArn, setKeyArn] = useState('');
  const [isAirGapped, setAirGapped] = useState(false);
  const [retention, setRetention] = useState({ min: '7', max: '35' });
  const [tags, setTags] = useState<readonly TagEntry[]>([]);
  const common = {
    BackupVaultName: name,
    BackupVaultTags: tagMap(tags),
    EncryptionKeyArn: keyArn === '' ? undefined : keyArn,
  };
  const airGapped = {
    ...common,
    MinRetentionDays: Number(retention.min),
    MaxRetentionDays: Number(retention.max),
  };
  const create = useAction({
    run: () =>
      backup.call(async (client, { CreateBackupVaultCommand, CreateLogicallyAirGappedBackupVaultCommand }) => {
        if (isAirGapped) await client.send(new CreateLogicallyAirGappedBackupVaultCommand(airGapped));
        else await client.send(new CreateBackupVaultCommand(common));
      }),
    success: () => t('vaults.createdMessage', { name }),
    onDone: () => void navigate(paths.vault(name)),
  });
  const isNameWrong = name !== '' && !NAME.test(name);
  return (
    <Page title={t('vaults.createTitle')} crumbs={[{ text: t('nav.vaults'), href: paths.vaults }]}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (NAME.test(name)) create.mutate();
        }}
      >
        <Form
          actions={
            <FormActions
              submitText={t('vaults.createTitle')}
              isReady={NAME.test(name)}
              isRunning={create.isPending}
              onCancel={() => void navigate(paths.vaults)}
            />
          }
        >
          <SpaceBetween size="l">
            <Container>
              <SpaceBetween size="l">
                <FormField
                  label={t('vaults.name')}
                  constraintText={t('vaults.nameRule')}
                  errorText={isNameWrong ? t('vaults.nameRule') : undefined}
                >
                  <Input value={name} autoFocus onChange={({ detail }) => setName(detail.value)} />
                </FormField>
                <FormField label={t('vaults.type')}>
                  <RadioGroup
                    value={isAirGapped ? 'air-gapped' : 'standard'}
                    items={[
                      {
                        value: 'standard',
                        label: t('vaults.types.BACKUP_VAULT'),
                        description: t('vaults.standardHint'),
                      },
                      {
                        value: 'air-gapped',
                        label: t('vaults.types.LOGICALLY_AIR_GAPPED_BACKUP_VAULT'),
                        description: t('vaults.airGappedHint'),
                      },
                    ]}
                    onChange={({ detail }) => setAirGapped(detail.value === 'air-gapped')}
                  />
                </FormField>
                {isAirGapped && (
                  <SpaceBetween size="l">
                    <FormField label={t('vaults.minRetention')} description={t('vaults.airGappedFixed')}>
                      <Input
                        type="number"
                        value={retention.min}
                        onChange={({ detail }) => setRetention({ ...retention, min: detail.value })}
                      />
                    </FormField>
                    <FormField label={t('vaults.maxRetention')}>
                      <Input
                        type="number"
                        value={retention.max}
                        onChange={({ detail }) => setRetention({ ...retention, max: detail.value })}
                      />
                    </FormField>
                  </SpaceBetween>
                )}
                {!isAirGapped && (
                  <FormField
                    label={
                      <span>
                        {t('vaults.key')} - <i>{t('common.optional')}</i>
                      </span>
                    }
                    description={t('vaults.keyHint')}
                  >
                    <Input
                      value={keyArn}
                      placeholder="arn:aws:kms:..."
                      onChange={({ detail }) => setKeyArn(detail.value)}
                    />
                  </FormField>
                )}
                <FormField label={t('common.tags')} stretch>
                  <TagFields tags={tags} onChange={setTags} />
                </FormField>
              </SpaceBetween>
            </Container>
            <CliCommand
              operation={isAirGapped ? 'CreateLogicallyAirGappedBackupVault' : 'CreateBackupVault'}
              input={isAirGapped ? airGapped : common}
            />
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
