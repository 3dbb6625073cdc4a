import type { GetBackupPlanOutput } from '@aws-sdk/client-backup';
import Form from '@cloudscape-design/components/form';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { CliCommand } from '../../components/cli-command.tsx';
import { FormActions } from '../../components/form-actions.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { RuleFields } from './rule-fields.tsx';
import { keptRule, NEW_RULE, ruleForm, ruleInput, ruleProblem } from './rule-form.ts';
import { usePlan } from './use-plan.ts';

/** Adds a rule to a plan, or changes one. */
export function EditRulePage() {
  const { t } = useTranslation();
  const { id = '', rule = 'new' } = useParams();
  const query = usePlan(id);
  const name = query.data?.BackupPlan?.BackupPlanName ?? id;
  return (
    <Page
      title={rule === 'new' ? t('plans.addRule') : t('plans.editRule')}
      crumbs={[
        { text: t('nav.plans'), href: paths.plans },
        { text: name, href: paths.plan(id) },
      ]}
    >
      <Loaded query={query}>{(data) => <EditRule plan={data} ruleId={rule} />}</Loaded>
    </Page>
  );
}

function EditRule({ plan, ruleId }: { readonly plan: GetBackupPlanOutput; readonly ruleId: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { backup } = useConsole();
  const rules = plan.BackupPlan?.Rules ?? [];
  const [form, setForm] = useState(() => {
    const existing = rules.find(({ RuleId }) => RuleId === ruleId);
    return existing === undefined ? NEW_RULE : ruleForm(existing);
  });
  const problem = ruleProblem(form);
  const others = rules.map((each) => (each.RuleId === ruleId ? ruleInput(form) : keptRule(each)));
  const input = {
    BackupPlanId: plan.BackupPlanId,
    BackupPlan: {
      BackupPlanName: plan.BackupPlan?.BackupPlanName,
      Rules: ruleId === 'new' ? [...others, ruleInput(form)] : others,
      AdvancedBackupSettings: plan.BackupPlan?.AdvancedBackupSettings,
    },
  };
  const back = (): void => void navigate(paths.plan(plan.BackupPlanId ?? ''));
  const save = useAction({
    run: () => backup.call((client, { UpdateBackupPlanCommand }) => client.send(new UpdateBackupPlanCommand(input))),
    success: () => t('plans.ruleSaved'),
    onDone: back,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === undefined) save.mutate();
      }}
    >
      <Form
        errorText={problem === undefined || form.name === '' ? undefined : t(problem)}
        actions={
          <FormActions
            submitText={t('plans.saveRule')}
            isReady={problem === undefined}
            isRunning={save.isPending}
            onCancel={back}
          />
        }
      >
        <SpaceBetween size="l">
          <RuleFields form={form} onChange={setForm} />
          <CliCommand operation="UpdateBackupPlan" input={input} />
        </SpaceBetween>
      </Form>
    </form>
  );
}
