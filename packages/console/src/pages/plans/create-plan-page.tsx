import type { BackupPlanInput } from '@aws-sdk/client-backup';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
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
import { PlanFromJson } from './plan-from-json.tsx';
import { PlanFromTemplate } from './plan-from-template.tsx';
import { RuleFields } from './rule-fields.tsx';
import { NEW_RULE, ruleInput, ruleProblem } from './rule-form.ts';

type Start = 'template' | 'new' | 'json';

/** A new plan, from a template, from nothing, or from JSON (PLAN-58). */
export function CreatePlanPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { backup } = useConsole();
  const [start, setStart] = useState<Start>('template');
  const [name, setName] = useState('');
  const [rule, setRule] = useState(NEW_RULE);
  const [given, setGiven] = useState<BackupPlanInput | undefined>();
  const [tags, setTags] = useState<readonly TagEntry[]>([]);
  const problem = start === 'new' ? ruleProblem(rule) : undefined;
  const plan: BackupPlanInput | undefined =
    start === 'new'
      ? { BackupPlanName: name, Rules: [ruleInput(rule)] }
      : given && { ...given, BackupPlanName: name || given.BackupPlanName };
  const isReady = plan !== undefined && (plan.BackupPlanName ?? '') !== '' && problem === undefined;
  const create = useAction({
    run: () =>
      backup.call((client, { CreateBackupPlanCommand }) =>
        client.send(new CreateBackupPlanCommand({ BackupPlan: plan, BackupPlanTags: tagMap(tags) })),
      ),
    success: () => t('plans.created', { name: plan?.BackupPlanName }),
    onDone: ({ BackupPlanId = '' }) => void navigate(paths.assign(BackupPlanId)),
  });
  return (
    <Page title={t('plans.create')} crumbs={[{ text: t('nav.plans'), href: paths.plans }]}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) create.mutate();
        }}
      >
        <Form
          errorText={problem === undefined || rule.name === '' ? undefined : t(problem)}
          actions={
            <FormActions
              submitText={t('plans.createAndAssign')}
              isReady={isReady}
              isRunning={create.isPending}
              onCancel={() => void navigate(paths.plans)}
            />
          }
        >
          <SpaceBetween size="l">
            <Container>
              <SpaceBetween size="l">
                <Tiles
                  ariaLabel={t('plans.start')}
                  value={start}
                  columns={3}
                  items={(['template', 'new', 'json'] as const).map((value) => ({
                    value,
                    label: t(`plans.starts.${value}`),
                    description: t(`plans.startsHint.${value}`),
                  }))}
                  onChange={({ detail }) => {
                    setGiven(undefined);
                    setStart(detail.value as Start);
                  }}
                />
                {start === 'template' && <PlanFromTemplate onChange={setGiven} />}
                {start === 'json' && <PlanFromJson onChange={setGiven} />}
                <FormField label={t('plans.name')} constraintText={t('plans.nameRule')}>
                  <Input
                    value={name}
                    placeholder={given?.BackupPlanName ?? ''}
                    onChange={({ detail }) => setName(detail.value)}
                  />
                </FormField>
                <FormField label={t('plans.tags')} stretch>
                  <TagFields tags={tags} onChange={setTags} />
                </FormField>
              </SpaceBetween>
            </Container>
            {start === 'new' && <RuleFields form={rule} onChange={setRule} />}
            <CliCommand operation="CreateBackupPlan" input={{ BackupPlan: plan, BackupPlanTags: tagMap(tags) }} />
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
