import type { BackupPlanInput } from '@aws-sdk/client-backup';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../components/error-alert.tsx';
import { useConsole } from '../../session/use-console.ts';
import { keptRule } from './rule-form.ts';

const EXAMPLE = JSON.stringify(
  {
    BackupPlanName: 'my-plan',
    Rules: [
      {
        RuleName: 'daily',
        TargetBackupVaultName: 'Default',
        ScheduleExpression: 'cron(0 5 ? * * *)',
        StartWindowMinutes: 480,
        CompletionWindowMinutes: 10_080,
        Lifecycle: { DeleteAfterDays: 35 },
      },
    ],
  },
  null,
  2,
);

/** A plan as JSON, validated by the server before it can be created. */
export function PlanFromJson({ onChange }: { readonly onChange: (plan: BackupPlanInput | undefined) => void }) {
  const { t } = useTranslation();
  const { backup } = useConsole();
  const [text, setText] = useState(EXAMPLE);
  const validate = useMutation({
    mutationFn: () =>
      backup.call(async (client, { GetBackupPlanFromJSONCommand }) => {
        const answer = await client.send(new GetBackupPlanFromJSONCommand({ BackupPlanTemplateJson: text }));
        const plan = answer.BackupPlan;
        return { BackupPlanName: plan?.BackupPlanName, Rules: (plan?.Rules ?? []).map(keptRule) };
      }),
    onSuccess: onChange,
    onError: () => onChange(undefined),
  });
  return (
    <SpaceBetween size="s">
      <FormField label={t('plans.json')} stretch>
        <Textarea
          rows={18}
          spellcheck={false}
          value={text}
          onChange={({ detail }) => {
            validate.reset();
            onChange(undefined);
            setText(detail.value);
          }}
        />
      </FormField>
      <Button formAction="none" loading={validate.isPending} onClick={() => validate.mutate()}>
        {t('plans.validate')}
      </Button>
      {validate.isError && <ErrorAlert header={t('plans.notValid')} error={validate.error} />}
      {validate.isSuccess && <Alert type="success">{t('plans.valid')}</Alert>}
    </SpaceBetween>
  );
}
