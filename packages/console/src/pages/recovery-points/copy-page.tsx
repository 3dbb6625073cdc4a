import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { shortArn } from '../../api/resource-names.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { FormActions } from '../../components/form-actions.tsx';
import { Page } from '../../components/page.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { CopyFields, useCopyForm } from './copy-fields.tsx';
import { pointCrumbs, useRecoveryPoint } from './use-recovery-point.ts';

/** Copies a recovery point to another vault, region or account. */
export function CopyPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { backup } = useConsole();
  const { vault, arn } = useRecoveryPoint();
  const { form, setForm, input: where, isReady } = useCopyForm();
  const input = { RecoveryPointArn: arn, SourceBackupVaultName: vault, ...where };
  const copy = useAction({
    run: () => backup.call((client, { StartCopyJobCommand }) => client.send(new StartCopyJobCommand(input))),
    success: () => t('points.copyStarted'),
    onDone: ({ CopyJobId = '' }) => void navigate(paths.job('copy', CopyJobId)),
  });
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
            <FormActions
              submitText={t('points.copy')}
              isReady={isReady}
              isRunning={copy.isPending}
              onCancel={() => void navigate(paths.recoveryPoint(vault, arn))}
            />
          }
        >
          <SpaceBetween size="l">
            <Container>
              <CopyFields form={form} onChange={setForm} />
            </Container>
            <CliCommand operation="StartCopyJob" input={input} />
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  );
}
