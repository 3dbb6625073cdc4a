import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { defaultRoleArn, shortArn } from '../../api/resource-names.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { KEEP_35_DAYS, LifecycleFields, lifecycleOf, lifecycleProblem } from '../../components/lifecycle-fields.tsx';
import { Page } from '../../components/page.tsx';
import { RoleField } from '../../components/role-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { pointCrumbs, useRecoveryPoint } from './use-recovery-point.ts';

/** Copies a recovery point to another vault, region or account. */
export function CopyPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { backup, region, session } = useConsole();
  const { vault, arn } = useRecoveryPoint();
  const [place, setPlace] = useState({ region, vault: '', account: '' });
  const [isOtherAccount, setOtherAccount] = useState(false);
  const [lifecycle, setLifecycle] = useState(KEEP_35_DAYS);
  const [roleArn, setRoleArn] = useState(defaultRoleArn(session.accountId));
  const account = isOtherAccount ? place.account : session.accountId;
  const input = {
    RecoveryPointArn: arn,
    SourceBackupVaultName: vault,
    DestinationBackupVaultArn: `arn:aws:backup:${place.region}:${account}:backup-vault:${place.vault}`,
    IamRoleArn: roleArn,
    Lifecycle: lifecycleOf(lifecycle),
  };
  const copy = useAction({
    run: () => backup.call((client, { StartCopyJobCommand }) => client.send(new StartCopyJobCommand(input))),
    success: () => t('points.copyStarted'),
    onDone: ({ CopyJobId = '' }) => void navigate(paths.job('copy', CopyJobId)),
  });
  const isReady = place.vault !== '' && /^\d{12}$/.test(account) && lifecycleProblem(lifecycle) === undefined;
  const regions = session.regions.map((value) => ({ value, label: value }));
  return (
    <Page title={t('points.copy')} crumbs={pointCrumbs(t, vault, arn, shortArn(arn))}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) copy.mutate();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="none" variant="link" onClick={() => void navigate(paths.recoveryPoint(vault, arn))}>
                {t('common.cancel')}
              </Button>
              <Button variant="primary" disabled={!isReady} loading={copy.isPending}>
                {t('points.copy')}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <Container>
              <SpaceBetween size="l">
                <FormField label={t('points.copyRegion')}>
                  <Select
                    options={regions}
                    selectedOption={regions.find(({ value }) => value === place.region) ?? null}
                    onChange={({ detail }) => setPlace({ ...place, region: detail.selectedOption.value ?? region })}
                  />
                </FormField>
                <FormField label={t('points.copyAccount')}>
                  <RadioGroup
                    value={isOtherAccount ? 'other' : 'own'}
                    items={[
                      { value: 'own', label: t('points.copyOwnAccount') },
                      { value: 'other', label: t('points.copyOtherAccount') },
                    ]}
                    onChange={({ detail }) => setOtherAccount(detail.value === 'other')}
                  />
                </FormField>
                {isOtherAccount && (
                  <FormField label={t('points.copyAccountId')}>
                    <Input
                      value={place.account}
                      onChange={({ detail }) => setPlace({ ...place, account: detail.value })}
                    />
                  </FormField>
                )}
                <FormField label={t('points.copyVault')} description={t('points.copyVaultHint')}>
                  <Input value={place.vault} onChange={({ detail }) => setPlace({ ...place, vault: detail.value })} />
                </FormField>
                <LifecycleFields form={lifecycle} onChange={setLifecycle} />
                <RoleField roleArn={roleArn} onChange={setRoleArn} />
              </SpaceBetween>
            </Container>
            <CliCommand operation="StartCopyJob" input={input} />
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
