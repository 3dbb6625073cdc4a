import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import DatePicker from '@cloudscape-design/components/date-picker';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { CliCommand } from '../../components/cli-command.tsx';
import { FormActions } from '../../components/form-actions.tsx';
import { Page } from '../../components/page.tsx';
import { useResources } from '../../components/resource-field.tsx';
import { type TagEntry, TagFields, tagMap } from '../../components/tag-fields.tsx';
import { useAction } from '../../components/use-action.ts';
import { useVaults } from '../../components/vault-field.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** A new legal hold on the recovery points of vaults or resources. */
export function CreateLegalHoldPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { backup, region, session } = useConsole();
  const vaults = useVaults();
  const resources = useResources();
  const [form, setForm] = useState({ title: '', description: '', by: 'vaults', from: '', to: '' });
  const [isDated, setDated] = useState(false);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [tags, setTags] = useState<readonly TagEntry[]>([]);
  const set = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const byVaults = form.by === 'vaults';
  const options = byVaults
    ? (vaults.data ?? []).map(({ BackupVaultName = '' }) => ({
        value: BackupVaultName,
        label: BackupVaultName,
        description: '',
      }))
    : (resources.data ?? []).map(({ ResourceArn, Name }) => ({
        value: ResourceArn,
        label: Name,
        description: ResourceArn,
      }));
  const input = {
    Title: form.title,
    Description: form.description,
    RecoveryPointSelection: {
      VaultNames: byVaults ? [...chosen] : undefined,
      ResourceIdentifiers: byVaults ? undefined : [...chosen],
      DateRange:
        isDated && form.from !== '' && form.to !== ''
          ? { FromDate: new Date(form.from), ToDate: new Date(`${form.to}T23:59:59Z`) }
          : undefined,
    },
    Tags: tagMap(tags),
  };
  const create = useAction({
    run: () => backup.call((client, { CreateLegalHoldCommand }) => client.send(new CreateLegalHoldCommand(input))),
    success: () => t('holds.created', { title: form.title }),
    onDone: ({ LegalHoldId = '' }) => void navigate(paths.legalHold(LegalHoldId)),
  });
  const isReady = form.title !== '' && form.description !== '' && chosen.length > 0;
  const date = (name: 'from' | 'to') => (
    <FormField label={t(`holds.${name}`)}>
      <DatePicker
        value={form[name]}
        placeholder="YYYY/MM/DD"
        openCalendarAriaLabel={() => t('holds.calendar')}
        onChange={({ detail }) => set({ [name]: detail.value })}
      />
    </FormField>
  );
  return (
    <Page
      title={t('holds.create')}
      description={t('holds.scope', { account: session.accountId, region })}
      crumbs={[{ text: t('nav.legalHolds'), href: paths.legalHolds }]}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) create.mutate();
        }}
      >
        <Form
          actions={
            <FormActions
              submitText={t('holds.create')}
              isReady={isReady}
              isRunning={create.isPending}
              onCancel={() => void navigate(paths.legalHolds)}
            />
          }
        >
          <SpaceBetween size="l">
            <Container>
              <SpaceBetween size="l">
                <FormField label={t('holds.title')}>
                  <Input value={form.title} onChange={({ detail }) => set({ title: detail.value })} />
                </FormField>
                <FormField label={t('holds.descriptionField')}>
                  <Textarea
                    value={form.description}
                    rows={2}
                    onChange={({ detail }) => set({ description: detail.value })}
                  />
                </FormField>
                <FormField label={t('holds.by')}>
                  <RadioGroup
                    value={form.by}
                    items={[
                      { value: 'vaults', label: t('holds.byVaults') },
                      { value: 'resources', label: t('holds.byResources') },
                    ]}
                    onChange={({ detail }) => {
                      set({ by: detail.value });
                      setChosen([]);
                    }}
                  />
                </FormField>
                <FormField label={byVaults ? t('nav.vaults') : t('sources.resources')} stretch>
                  <Multiselect
                    filteringType="auto"
                    placeholder={t(form.by === 'vaults' ? 'holds.chooseVaults' : 'holds.chooseResources')}
                    options={options}
                    selectedOptions={options.filter(({ value }) => chosen.includes(value))}
                    onChange={({ detail }) => setChosen(detail.selectedOptions.map(({ value = '' }) => value))}
                  />
                </FormField>
                <Checkbox checked={isDated} onChange={({ detail }) => setDated(detail.checked)}>
                  {t('holds.dated')}
                </Checkbox>
                {isDated && (
                  <div className="holdfast-inline">
                    {date('from')}
                    {date('to')}
                  </div>
                )}
                <FormField label={t('common.tags')} stretch>
                  <TagFields tags={tags} onChange={setTags} />
                </FormField>
              </SpaceBetween>
            </Container>
            <CliCommand operation="CreateLegalHold" input={input} />
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
