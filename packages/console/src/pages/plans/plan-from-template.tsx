import type { BackupPlanInput } from '@aws-sdk/client-backup';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readAll } from '../../api/read-all.ts';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { useAction } from '../../components/use-action.ts';
import { useConsole } from '../../session/use-console.ts';
import { keptRule } from './rule-form.ts';
import { RulesTable } from './rules-table.tsx';

/** Chooses one of the templates and shows its rules. */
export function PlanFromTemplate({ onChange }: { readonly onChange: (plan: BackupPlanInput | undefined) => void }) {
  const { t } = useTranslation();
  const { backup } = useConsole();
  const [chosen, setChosen] = useState<{ id: string; plan: BackupPlanInput } | undefined>();
  const templates = useBackupQuery(['plan-templates'], (client, { ListBackupPlanTemplatesCommand }) =>
    readAll(async (NextToken) => {
      const page = await client.send(new ListBackupPlanTemplatesCommand({ NextToken }));
      return { items: page.BackupPlanTemplatesList, nextToken: page.NextToken };
    }),
  );
  const load = useAction({
    run: (id: string) =>
      backup.call(async (client, { GetBackupPlanFromTemplateCommand }) => {
        const { BackupPlanDocument: found } = await client.send(
          new GetBackupPlanFromTemplateCommand({ BackupPlanTemplateId: id }),
        );
        return { BackupPlanName: found?.BackupPlanName, Rules: (found?.Rules ?? []).map(keptRule) };
      }),
    onDone: (plan, id) => {
      setChosen({ id, plan });
      onChange(plan);
    },
  });
  const options = (templates.data ?? []).map(({ BackupPlanTemplateId = '', BackupPlanTemplateName = '' }) => ({
    value: BackupPlanTemplateId,
    label: BackupPlanTemplateName,
  }));
  return (
    <SpaceBetween size="m">
      <FormField label={t('plans.template')}>
        <Select
          placeholder={t('plans.templateChoose')}
          statusType={templates.isPending ? 'loading' : 'finished'}
          options={options}
          selectedOption={options.find(({ value }) => value === chosen?.id) ?? null}
          onChange={({ detail }) => load.mutate(detail.selectedOption.value ?? '')}
        />
      </FormField>
      {chosen !== undefined && <RulesTable rules={chosen.plan.Rules ?? []} />}
    </SpaceBetween>
  );
}
