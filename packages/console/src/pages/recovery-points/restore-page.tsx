import type { DescribeRecoveryPointOutput } from '@aws-sdk/client-backup';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import type { ConnectorKind, ContinuousCapture } from '../../api/admin-types.ts';
import { defaultRoleArn, shortArn } from '../../api/resource-names.ts';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { ErrorAlert } from '../../components/error-alert.tsx';
import { Loading } from '../../components/loading.tsx';
import { Page } from '../../components/page.tsx';
import { RoleField } from '../../components/role-field.tsx';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { FileSystemFields } from './file-system-fields.tsx';
import { restorableWindow, type WantedMoment, type WindowGap, withMoment, withoutWindow } from './point-in-time.ts';
import { PointInTimeField } from './point-in-time-field.tsx';
import { RestoreFieldInputs } from './restore-field-inputs.tsx';
import {
  areItemsNamed,
  chosenItems,
  filledValues,
  hasField,
  missingFields,
  plainFields,
  startValues,
} from './restore-fields.ts';
import { pointCrumbs, useRecoveryPoint } from './use-recovery-point.ts';

/** Restores a recovery point; the form is made from what its connector needs. */
export function RestorePage() {
  const { t } = useTranslation();
  const { admin, region } = useConsole();
  const { vault, arn, query } = useRecoveryPoint();
  const connectors = useQuery({ queryKey: [region, 'connectors'], queryFn: admin.connectors, staleTime: 600_000 });
  const metadata = useBackupQuery(
    ['restore-metadata', arn],
    async (client, { GetRecoveryPointRestoreMetadataCommand }) => {
      const input = { BackupVaultName: vault, RecoveryPointArn: arn };
      return (await client.send(new GetRecoveryPointRestoreMetadataCommand(input))).RestoreMetadata ?? {};
    },
  );
  const isContinuous = metadata.data !== undefined && restorableWindow(metadata.data) !== undefined;
  const gaps = useQuery({
    queryKey: [region, 'window-gaps', arn],
    queryFn: async () => (await admin.continuousBackup(arn)).Capture.Gaps.map(gapOf),
    enabled: isContinuous,
  });
  const point = query.data;
  const connector = connectors.data?.Connectors.find(({ ResourceTypes }) =>
    ResourceTypes.includes(point?.ResourceType ?? ''),
  );
  const error = query.error ?? connectors.error ?? metadata.error ?? gaps.error;
  const isLoaded =
    point !== undefined && metadata.data !== undefined && connectors.data !== undefined && !gaps.isLoading;
  return (
    <Page title={t('restore.title')} crumbs={pointCrumbs(t, vault, arn, shortArn(arn))}>
      {error !== null ? (
        <ErrorAlert error={error} />
      ) : isLoaded ? (
        <RestoreForm
          vault={vault}
          point={point}
          connector={connector}
          metadata={metadata.data}
          gaps={gaps.data ?? []}
        />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

interface RestoreFormProps {
  readonly vault: string;
  readonly point: DescribeRecoveryPointOutput;
  readonly connector: ConnectorKind | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly gaps: readonly WindowGap[];
}

function RestoreForm({ vault, point, connector, metadata, gaps }: RestoreFormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { backup, session } = useConsole();
  const [parameters] = useSearchParams();
  const fields = connector?.RestoreFields ?? [];
  const window = restorableWindow(metadata, gaps);
  const [given, setValues] = useState(() => firstValues(fields, withoutWindow(metadata), parameters.get('items')));
  const [moment, setMoment] = useState<WantedMoment>('latest');
  const values = window === undefined ? given : withMoment(given, fields, moment);
  const [roleArn, setRoleArn] = useState(defaultRoleArn(session.accountId));
  const [copiesTags, setCopiesTags] = useState(false);
  const isFileSystem = hasField(fields, 'newFileSystem');
  const [isTried, setTried] = useState(false);
  const isComplete = missingFields(fields, values).length === 0 && areItemsNamed(values) && moment !== undefined;
  const input = {
    RecoveryPointArn: point.RecoveryPointArn,
    ResourceType: point.ResourceType,
    IamRoleArn: roleArn,
    Metadata: filledValues(values),
    CopySourceTagsToRestoredResource: copiesTags ? true : undefined,
  };
  const restore = useAction({
    run: () =>
      backup.call((client, { StartRestoreJobCommand }) =>
        client.send(new StartRestoreJobCommand({ ...input, IdempotencyToken: crypto.randomUUID?.() })),
      ),
    success: () => t('restore.started'),
    onDone: ({ RestoreJobId = '' }) => void navigate(paths.job('restore', RestoreJobId)),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isComplete) restore.mutate();
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              formAction="none"
              variant="link"
              onClick={() => void navigate(paths.recoveryPoint(vault, point.RecoveryPointArn ?? ''))}
            >
              {t('common.cancel')}
            </Button>
            <Button variant="primary" loading={restore.isPending}>
              {t('restore.submit')}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Alert type="info">
            {t(window === undefined ? 'restore.from' : 'restore.fromContinuous', {
              type: point.ResourceType,
              name: point.ResourceName ?? shortArn(point.ResourceArn),
            })}{' '}
            {window === undefined && <Time at={point.CreationDate} />}
          </Alert>
          {connector === undefined && <Alert type="warning">{t('restore.noConnector')}</Alert>}
          {window !== undefined && <PointInTimeField window={window} wanted={moment} onChange={setMoment} />}
          {isFileSystem && (
            <FileSystemFields vault={vault} point={point} values={values} isTried={isTried} onChange={setValues} />
          )}
          {plainFields(fields).length > 0 && (
            <Container header={<Header variant="h2">{t('restore.settings')}</Header>}>
              <RestoreFieldInputs fields={plainFields(fields)} values={values} isTried={isTried} onChange={setValues} />
            </Container>
          )}
          <Container header={<Header variant="h2">{t('restore.tagsTitle')}</Header>}>
            <Checkbox
              checked={copiesTags}
              description={t('restore.tagsHint')}
              onChange={({ detail }) => setCopiesTags(detail.checked)}
            >
              {t('restore.tags')}
            </Checkbox>
          </Container>
          <Container header={<Header variant="h2">{t('restore.role')}</Header>}>
            <RoleField roleArn={roleArn} onChange={setRoleArn} />
          </Container>
          <CliCommand operation="StartRestoreJob" input={input} />
        </SpaceBetween>
      </Form>
    </form>
  );
}

function gapOf({ FromDate, ToDate }: ContinuousCapture['Gaps'][number]): WindowGap {
  return { fromAt: Math.round(FromDate * 1000), untilAt: Math.round(ToDate * 1000) };
}

/** A token of the form's own makes the request unique; items come from the page where they were chosen. */
function firstValues(
  fields: ConnectorKind['RestoreFields'],
  metadata: RestoreFormProps['metadata'],
  items: string | null,
) {
  const values: Record<string, string> = { ...startValues(fields, metadata) };
  if (hasField(fields, 'CreationToken')) values['CreationToken'] = `console-${Date.now().toString(36)}`;
  if (hasField(fields, 'newFileSystem')) values['newFileSystem'] = 'true';
  if (items !== null && hasField(fields, 'ItemsToRestore')) values['ItemsToRestore'] = chosenItems(fields, items);
  return values;
}
