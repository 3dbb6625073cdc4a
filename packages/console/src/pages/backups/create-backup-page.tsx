import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { defaultRoleArn } from '../../api/resource-names.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { FormActions } from '../../components/form-actions.tsx';
import { KEEP_35_DAYS, LifecycleFields, lifecycleOf, lifecycleProblem } from '../../components/lifecycle-fields.tsx';
import { Page } from '../../components/page.tsx';
import { ResourceField, useResources } from '../../components/resource-field.tsx';
import { RoleField } from '../../components/role-field.tsx';
import { type TagEntry, TagFields, tagMap } from '../../components/tag-fields.tsx';
import { useAction } from '../../components/use-action.ts';
import { VaultField } from '../../components/vault-field.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** On-demand backup, with the fields of BKP-34. */
export function CreateBackupPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { backup, session } = useConsole();
  const [parameters] = useSearchParams();
  const resources = useResources();
  const [arn, setArn] = useState(parameters.get('resource') ?? '');
  const [chosenType, setChosenType] = useState('');
  const [vault, setVault] = useState('Default');
  const [lifecycle, setLifecycle] = useState(KEEP_35_DAYS);
  const [roleArn, setRoleArn] = useState(defaultRoleArn(session.accountId));
  const [tags, setTags] = useState<readonly TagEntry[]>([]);
  const all = resources.data ?? [];
  const types = [...new Set(all.map(({ ResourceType }) => ResourceType))].sort();
  const type = chosenType || (all.find(({ ResourceArn }) => ResourceArn === arn)?.ResourceType ?? types[0] ?? '');
  const input = {
    BackupVaultName: vault,
    ResourceArn: arn,
    IamRoleArn: roleArn,
    Lifecycle: lifecycleOf(lifecycle),
    RecoveryPointTags: tagMap(tags),
  };
  const start = useAction({
    run: () => backup.call((client, { StartBackupJobCommand }) => client.send(new StartBackupJobCommand(input))),
    success: () => t('backups.started'),
    onDone: ({ BackupJobId = '' }) => void navigate(paths.job('backup', BackupJobId)),
  });
  const isReady = arn !== '' && roleArn !== '' && lifecycleProblem(lifecycle) === undefined;
  const typeOptions = types.map((value) => ({ value, label: value }));
  return (
    <Page title={t('backups.create')} crumbs={[{ text: t('nav.protectedResources'), href: paths.protectedResources }]}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) start.mutate();
        }}
      >
        <Form
          actions={
            <FormActions
              submitText={t('backups.create')}
              isReady={isReady}
              isRunning={start.isPending}
              onCancel={() => void navigate(paths.protectedResources)}
            />
          }
        >
          <SpaceBetween size="l">
            <Container>
              <SpaceBetween size="l">
                <FormField label={t('common.resourceType')}>
                  <Select
                    options={typeOptions}
                    empty={t('backups.noResources')}
                    selectedOption={typeOptions.find(({ value }) => value === type) ?? null}
                    onChange={({ detail }) => {
                      setChosenType(detail.selectedOption.value ?? '');
                      setArn('');
                    }}
                  />
                </FormField>
                <ResourceField
                  resources={all.filter(({ ResourceType }) => ResourceType === type)}
                  arn={arn}
                  isLoading={resources.isPending}
                  onChange={setArn}
                />
                <FormField label={t('backups.window')}>
                  <RadioGroup
                    value="now"
                    items={[{ value: 'now', label: t('backups.now'), description: t('backups.nowHint') }]}
                  />
                </FormField>
                <LifecycleFields form={lifecycle} onChange={setLifecycle} />
                <VaultField vault={vault} onChange={setVault} />
                <RoleField roleArn={roleArn} onChange={setRoleArn} />
                <FormField label={t('backups.tags')} stretch>
                  <TagFields tags={tags} onChange={setTags} />
                </FormField>
              </SpaceBetween>
            </Container>
            <CliCommand operation="StartBackupJob" input={input} />
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
