import type { RecoveryPointMember } from '@aws-sdk/client-backup';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { shortArn } from '../../api/resource-names.ts';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import { TagsPanel } from '../../components/tags-panel.tsx';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';

/** One legal hold: what it keeps, and its release (HOLD-25). */
export function LegalHoldPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { backup } = useConsole();
  const [isReleasing, setReleasing] = useState(false);
  const [reason, setReason] = useState('');
  const query = useBackupQuery(
    ['legal-hold', id],
    (client, { GetLegalHoldCommand }) => client.send(new GetLegalHoldCommand({ LegalHoldId: id })),
    { refreshMs: (hold) => (hold?.Status?.endsWith('ING') === true ? 2000 : false) },
  );
  const release = useAction({
    run: () =>
      backup.call((client, { CancelLegalHoldCommand }) =>
        client.send(new CancelLegalHoldCommand({ LegalHoldId: id, CancelDescription: reason })),
      ),
    success: () => t('holds.released'),
  });
  const hold = query.data;
  const range = hold?.RecoveryPointSelection?.DateRange;
  return (
    <Page
      title={hold?.Title ?? id}
      crumbs={[{ text: t('nav.legalHolds'), href: paths.legalHolds }]}
      actions={
        <Button disabled={hold?.Status !== 'ACTIVE'} onClick={() => setReleasing(true)}>
          {t('holds.release')}
        </Button>
      }
    >
      <Loaded query={query}>
        {(data) => (
          <SpaceBetween size="l">
            <DetailPairs
              title={t('common.details')}
              items={[
                [t('common.status'), <Status key="s" value={data.Status} />],
                ['ARN', <Copyable key="a" text={data.LegalHoldArn} />],
                [t('holds.descriptionField'), data.Description],
                [t('common.created'), <Time key="c" at={data.CreationDate} />],
                [t('holds.releasedAt'), <Time key="r" at={data.CancellationDate} />],
                [t('holds.reason'), data.CancelDescription ?? '-'],
                [t('nav.vaults'), data.RecoveryPointSelection?.VaultNames?.join(', ') ?? '-'],
                [
                  t('sources.resources'),
                  data.RecoveryPointSelection?.ResourceIdentifiers?.map(shortArn).join(', ') ?? '-',
                ],
                [t('holds.from'), <Time key="f" at={range?.FromDate} />],
                [t('holds.to'), <Time key="t" at={range?.ToDate} />],
              ]}
            />
            <PagedTable<RecoveryPointMember>
              id="held-recovery-points"
              title={t('vaults.points')}
              columns={[
                {
                  id: 'arn',
                  header: t('points.id'),
                  value: (point) => shortArn(point.RecoveryPointArn),
                  cell: (point) => (
                    <NavLink href={paths.recoveryPoint(point.BackupVaultName ?? '', point.RecoveryPointArn ?? '')}>
                      {shortArn(point.RecoveryPointArn)}
                    </NavLink>
                  ),
                  width: 320,
                },
                {
                  id: 'resource',
                  header: t('jobs.resourceId'),
                  value: (point) => shortArn(point.ResourceArn),
                  width: 280,
                },
                { id: 'vault', header: t('vaults.vault'), value: (point) => point.BackupVaultName, width: 160 },
                { id: 'type', header: t('common.resourceType'), value: (point) => point.ResourceType, width: 130 },
              ]}
              keyOf={(point) => point.RecoveryPointArn ?? ''}
              queryKey={['held-recovery-points', id]}
              load={(NextToken, MaxResults) =>
                backup.call(async (client, { ListRecoveryPointsByLegalHoldCommand }) => {
                  const page = await client.send(
                    new ListRecoveryPointsByLegalHoldCommand({ LegalHoldId: id, NextToken, MaxResults }),
                  );
                  return { items: page.RecoveryPoints ?? [], nextToken: page.NextToken };
                })
              }
              empty={<Empty title={t('points.none')} hint={t('holds.noPoints')} />}
            />
            <TagsPanel arn={data.LegalHoldArn ?? ''} />
            <CliCommand operation="GetLegalHold" input={{ LegalHoldId: id }} />
          </SpaceBetween>
        )}
      </Loaded>
      {isReleasing && (
        <ConfirmDialog
          title={t('holds.release')}
          warning={t('holds.releaseWarning')}
          word="confirm"
          acknowledgement={t('common.understood')}
          confirmText={t('holds.release')}
          isRunning={release.isPending}
          isConfirmDisabled={reason === ''}
          onConfirm={() => release.mutate(undefined, { onSettled: () => setReleasing(false) })}
          onCancel={() => setReleasing(false)}
        >
          <FormField label={t('holds.reason')}>
            <Input value={reason} onChange={({ detail }) => setReason(detail.value)} />
          </FormField>
        </ConfirmDialog>
      )}
    </Page>
  );
}
