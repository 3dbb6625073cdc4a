import type { BackupRule } from '@aws-sdk/client-backup';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../components/empty.tsx';

interface RulesTableProps {
  readonly rules: readonly Partial<BackupRule>[];
  readonly actions?: ReactNode;
  readonly selected?: Partial<BackupRule> | undefined;
  readonly onSelect?: (rule: Partial<BackupRule> | undefined) => void;
}

/** The rules of a plan. */
export function RulesTable({ rules, actions, selected, onSelect }: RulesTableProps) {
  const { t } = useTranslation();
  return (
    <Table
      items={rules}
      trackBy={(rule) => rule.RuleId ?? rule.RuleName ?? ''}
      {...(onSelect === undefined
        ? {}
        : {
            selectionType: 'single' as const,
            selectedItems: selected === undefined ? [] : [selected],
            onSelectionChange: ({ detail }: { detail: { selectedItems: Partial<BackupRule>[] } }) =>
              onSelect(detail.selectedItems[0]),
          })}
      ariaLabels={{
        tableLabel: t('plans.rules'),
        selectionGroupLabel: t('plans.rules'),
        itemSelectionLabel: (_state, rule) => t('common.selectItem', { name: rule.RuleName }),
      }}
      header={
        <Header variant="h2" counter={`(${rules.length})`} actions={actions}>
          {t('plans.rules')}
        </Header>
      }
      columnDefinitions={[
        { id: 'name', header: t('plans.ruleName'), cell: (rule) => rule.RuleName },
        { id: 'vault', header: t('vaults.vault'), cell: (rule) => rule.TargetBackupVaultName },
        { id: 'schedule', header: t('plans.schedule'), cell: (rule) => rule.ScheduleExpression ?? '-' },
        {
          id: 'retention',
          header: t('lifecycle.retention'),
          cell: ({ Lifecycle }) =>
            Lifecycle?.DeleteAfterDays === undefined
              ? t('lifecycle.unit.always')
              : `${Lifecycle.DeleteAfterDays} ${t('common.days')}`,
        },
        { id: 'copies', header: t('plans.copies'), cell: ({ CopyActions }) => CopyActions?.length ?? 0 },
        {
          id: 'continuous',
          header: t('plans.continuousShort'),
          cell: ({ EnableContinuousBackup }) => (EnableContinuousBackup === true ? t('common.yes') : t('common.no')),
        },
      ]}
      empty={<Empty title={t('plans.noRules')} hint={t('plans.noRulesHint')} />}
    />
  );
}
