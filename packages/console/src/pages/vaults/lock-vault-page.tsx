import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { CliCommand } from '../../components/cli-command.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Page } from '../../components/page.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

const [SHORTEST_GRACE_DAYS, LONGEST_DAYS] = [3, 36_500];

/** Locks a vault: governance can be lifted by those who may, compliance by nobody once its grace time is over. */
export function LockVaultPage() {
  const { t } = useTranslation();
  const { vault = '' } = useParams();
  const navigate = useNavigate();
  const { backup } = useConsole();
  const [form, setForm] = useState({ mode: 'governance', min: '', max: '', grace: '3' });
  const [isConfirming, setConfirming] = useState(false);
  const isCompliance = form.mode === 'compliance';
  const days = (text: string): number | undefined => (text === '' ? undefined : Number(text));
  const input = {
    BackupVaultName: vault,
    MinRetentionDays: days(form.min),
    MaxRetentionDays: days(form.max),
    ChangeableForDays: isCompliance ? days(form.grace) : undefined,
  };
  const lock = useAction({
    run: () =>
      backup.call((client, { PutBackupVaultLockConfigurationCommand }) =>
        client.send(new PutBackupVaultLockConfigurationCommand(input)),
      ),
    success: () => t('vaults.lockedMessage', { name: vault }),
    onDone: () => void navigate(`${paths.vault(vault)}?tab=lock`),
  });
  const wrong = (value: number | undefined): boolean =>
    value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= LONGEST_DAYS);
  const isGraceWrong = isCompliance && !((input.ChangeableForDays ?? 0) >= SHORTEST_GRACE_DAYS);
  const isOrderWrong = (input.MinRetentionDays ?? 0) > (input.MaxRetentionDays ?? LONGEST_DAYS);
  const isWrong = wrong(input.MinRetentionDays) || wrong(input.MaxRetentionDays) || isGraceWrong || isOrderWrong;
  const number = (name: 'min' | 'max' | 'grace') => (
    <Input
      type="number"
      inputMode="numeric"
      value={form[name]}
      onChange={({ detail }) => setForm({ ...form, [name]: detail.value })}
    />
  );
  return (
    <Page
      title={t('vaults.lockCreate')}
      crumbs={[
        { text: t('nav.vaults'), href: paths.vaults },
        { text: vault, href: paths.vault(vault) },
      ]}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => void navigate(paths.vault(vault))}>
              {t('common.cancel')}
            </Button>
            <Button
              variant="primary"
              disabled={isWrong}
              disabledReason={t('common.incomplete')}
              onClick={() => setConfirming(true)}
            >
              {t('vaults.lockCreate')}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Container>
            <SpaceBetween size="l">
              <FormField label={t('vaults.lockMode')}>
                <RadioGroup
                  value={form.mode}
                  items={[
                    { value: 'governance', label: t('vaults.governance'), description: t('vaults.governanceHint') },
                    { value: 'compliance', label: t('vaults.compliance'), description: t('vaults.complianceHint') },
                  ]}
                  onChange={({ detail }) => setForm({ ...form, mode: detail.value })}
                />
              </FormField>
              <FormField
                label={`${t('vaults.minRetention')} - ${t('common.optional')}`}
                description={t('vaults.lockRetentionHint')}
                errorText={wrong(input.MinRetentionDays) ? t('lifecycle.retentionRange') : undefined}
              >
                {number('min')}
              </FormField>
              <FormField
                label={`${t('vaults.maxRetention')} - ${t('common.optional')}`}
                errorText={
                  wrong(input.MaxRetentionDays)
                    ? t('lifecycle.retentionRange')
                    : isOrderWrong
                      ? t('vaults.lockOrder')
                      : undefined
                }
              >
                {number('max')}
              </FormField>
              {isCompliance && (
                <SpaceBetween size="l">
                  <FormField
                    label={t('vaults.grace')}
                    description={t('vaults.graceHint')}
                    errorText={isGraceWrong ? t('vaults.graceRange') : undefined}
                  >
                    {number('grace')}
                  </FormField>
                  <Alert type="warning" header={t('vaults.complianceWarningTitle')}>
                    {t('vaults.complianceWarning')}
                  </Alert>
                </SpaceBetween>
              )}
            </SpaceBetween>
          </Container>
          <CliCommand operation="PutBackupVaultLockConfiguration" input={input} />
        </SpaceBetween>
      </Form>
      {isConfirming && (
        <ConfirmDialog
          title={t('vaults.lockConfirmTitle', { name: vault })}
          warning={isCompliance ? t('vaults.complianceWarning') : t('vaults.governanceHint')}
          word="confirm"
          acknowledgement={t('vaults.lockAcknowledge')}
          confirmText={t('vaults.lockCreate')}
          isRunning={lock.isPending}
          onConfirm={() => lock.mutate(undefined, { onSettled: () => setConfirming(false) })}
          onCancel={() => setConfirming(false)}
        >
          {t('vaults.lockConfirmHint')}
        </ConfirmDialog>
      )}
    </Page>
  );
}
