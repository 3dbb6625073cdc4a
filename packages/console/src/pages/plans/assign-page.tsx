import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { defaultRoleArn } from '../../api/resource-names.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { FormActions } from '../../components/form-actions.tsx';
import { Page } from '../../components/page.tsx';
import { useResources } from '../../components/resource-field.tsx';
import { RoleField } from '../../components/role-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { ConditionFields } from './condition-fields.tsx';
import { ASSIGNABLE_TYPES, isSelectionReady, type SelectionForm, selectionOf } from './selection-form.ts';
import { SelectionPreviewPanel } from './selection-preview-panel.tsx';
import { usePlan } from './use-plan.ts';

/** Assigns resources to a plan, with a live view of what that covers. */
export function AssignPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id = '' } = useParams();
  const { backup, session } = useConsole();
  const plan = usePlan(id);
  const resources = useResources();
  const [form, setForm] = useState<SelectionForm>({
    name: '',
    roleArn: defaultRoleArn(session.accountId),
    scope: 'all',
    types: [],
    arns: [],
    excluded: [],
    conditions: [],
  });
  const set = (part: Partial<SelectionForm>): void => setForm({ ...form, ...part });
  const selection = selectionOf(form);
  const input = { BackupPlanId: id, BackupSelection: selection };
  const assign = useAction({
    run: () =>
      backup.call((client, { CreateBackupSelectionCommand }) => client.send(new CreateBackupSelectionCommand(input))),
    success: () => t('plans.assigned'),
    onDone: () => void navigate(paths.plan(id)),
  });
  const isReady = isSelectionReady(form);
  const types = ASSIGNABLE_TYPES.map((value) => ({ value, label: value }));
  const options = (resources.data ?? []).map(({ ResourceArn, Name, ResourceType }) => ({
    value: ResourceArn,
    label: Name,
    description: `${ResourceType}, ${ResourceArn}`,
  }));
  const arnField = (name: 'arns' | 'excluded') => (
    <Multiselect
      filteringType="auto"
      placeholder={t('backups.resourcePlaceholder')}
      statusType={resources.isPending ? 'loading' : 'finished'}
      empty={t('backups.noResources')}
      options={options}
      selectedOptions={options.filter(({ value }) => form[name].includes(value))}
      onChange={({ detail }) => set({ [name]: detail.selectedOptions.map(({ value = '' }) => value) })}
    />
  );
  return (
    <Page
      title={t('plans.assign')}
      crumbs={[
        { text: t('nav.plans'), href: paths.plans },
        { text: plan.data?.BackupPlan?.BackupPlanName ?? id, href: paths.plan(id) },
      ]}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) assign.mutate();
        }}
      >
        <Form
          actions={
            <FormActions
              submitText={t('plans.assign')}
              cancelText={t('plans.later')}
              isReady={isReady}
              isRunning={assign.isPending}
              onCancel={() => void navigate(paths.plan(id))}
            />
          }
        >
          <SpaceBetween size="l">
            <Container header={<Header variant="h2">{t('plans.general')}</Header>}>
              <SpaceBetween size="l">
                <FormField label={t('plans.assignmentName')} constraintText={t('plans.ruleNameRule')}>
                  <Input value={form.name} onChange={({ detail }) => set({ name: detail.value })} />
                </FormField>
                <RoleField roleArn={form.roleArn} onChange={(roleArn) => set({ roleArn })} />
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2">{t('plans.selection')}</Header>}>
              <SpaceBetween size="l">
                <RadioGroup
                  ariaLabel={t('plans.selection')}
                  value={form.scope}
                  items={(['all', 'types', 'resources'] as const).map((value) => ({
                    value,
                    label: t(`plans.scopes.${value}`),
                    description: t(`plans.scopesHint.${value}`),
                  }))}
                  onChange={({ detail }) => set({ scope: detail.value as SelectionForm['scope'] })}
                />
                {form.scope === 'types' && (
                  <FormField label={t('common.resourceType')}>
                    <Multiselect
                      options={types}
                      selectedOptions={types.filter(({ value }) => form.types.includes(value))}
                      onChange={({ detail }) => set({ types: detail.selectedOptions.map(({ value = '' }) => value) })}
                    />
                  </FormField>
                )}
                {form.scope === 'resources' && (
                  <FormField label={t('sources.resources')} stretch>
                    {arnField('arns')}
                  </FormField>
                )}
                {form.scope !== 'resources' && (
                  <FormField label={`${t('plans.exclude')} - ${t('common.optional')}`} stretch>
                    {arnField('excluded')}
                  </FormField>
                )}
                <FormField label={t('plans.conditions')} description={t('plans.conditionsHint')} stretch>
                  <ConditionFields conditions={form.conditions} onChange={(conditions) => set({ conditions })} />
                </FormField>
              </SpaceBetween>
            </Container>
            <SelectionPreviewPanel selection={selection} />
            <CliCommand operation="CreateBackupSelection" input={input} />
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
