import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { useTranslation } from 'react-i18next';
import { CliCommand } from '../../components/cli-command.tsx';

export type ChosenProtection = 'both' | 'plan' | 'now';

/** A sensible beginning: every day at five, kept for 35 days. */
export function dailyPlan(source: string) {
  return {
    BackupPlanName: `Daily-35days-${source}`.slice(0, 50),
    Rules: [
      {
        RuleName: 'DailyBackups',
        TargetBackupVaultName: 'Default',
        ScheduleExpression: 'cron(0 5 ? * * *)',
        StartWindowMinutes: 480,
        CompletionWindowMinutes: 10_080,
        Lifecycle: { DeleteAfterDays: 35 },
      },
    ],
  };
}

interface ChooseProtectionProps {
  readonly value: ChosenProtection;
  readonly source: string;
  readonly arns: readonly string[];
  readonly onChange: (value: ChosenProtection) => void;
}

/** A daily plan, a backup now, or both. */
export function ChooseProtection({ value, source, arns, onChange }: ChooseProtectionProps) {
  const { t } = useTranslation();
  const choices: readonly ChosenProtection[] = ['both', 'now', 'plan'];
  return (
    <Container>
      <SpaceBetween size="m">
        <Tiles
          ariaLabel={t('firstRun.protection')}
          value={value}
          columns={3}
          items={choices.map((each) => ({
            value: each,
            label: t(`firstRun.choices.${each}`),
            description: t(`firstRun.choicesHint.${each}`),
          }))}
          onChange={({ detail }) => onChange(detail.value as ChosenProtection)}
        />
        {value !== 'now' && <CliCommand operation="CreateBackupPlan" input={{ BackupPlan: dailyPlan(source) }} />}
        {value === 'now' && (
          <CliCommand operation="StartBackupJob" input={{ BackupVaultName: 'Default', ResourceArn: arns[0] }} />
        )}
      </SpaceBetween>
    </Container>
  );
}
