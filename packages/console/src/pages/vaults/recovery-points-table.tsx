import type { RecoveryPointByBackupVault } from '@aws-sdk/client-backup';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { shortArn } from '../../api/resource-names.ts';
import { searchRecoveryPoints } from '../../api/search-api.ts';
import { Bytes } from '../../components/bytes.tsx';
import { Empty } from '../../components/empty.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import type { Column } from '../../components/table-column.ts';
import { Time } from '../../components/time.tsx';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { useResourceTypes } from '../jobs/job-filters.tsx';
import { BulkCopyDialog, BulkLifecycleDialog, BulkTagsDialog } from '../recovery-points/bulk-point-dialogs.tsx';
import { DeletePointsDialog } from '../recovery-points/delete-points-dialog.tsx';

/** Actions on one recovery point that have a page of their own. */
const PAGES_OF_ONE: Readonly<Record<string, (vault: string, arn: string) => string>> = {
  restore: paths.restore,
  browse: paths.browse,
  copy: paths.copy,
};

const DIALOGS = { copy: BulkCopyDialog, edit: BulkLifecycleDialog, tags: BulkTagsDialog, delete: DeletePointsDialog };

/** The dialog of an action on the recovery points that were chosen. */
function BulkOf({
  id,
  ...props
}: {
  readonly id: string;
  readonly vault: string;
  readonly arns: readonly string[];
  readonly onClose: () => void;
}) {
  const Dialog = DIALOGS[id as keyof typeof DIALOGS];
  return <Dialog {...props} />;
}

/** The recovery points of a vault. */
export function RecoveryPointsTable({ vault }: { readonly vault: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { backup, admin } = useConsole();
  const types = useResourceTypes();
  const [type, setType] = useState('');
  const [bulk, setBulk] = useState<{ readonly id: string; readonly arns: readonly string[] } | undefined>();
  const arnOf = (point: RecoveryPointByBackupVault): string => point.RecoveryPointArn ?? '';
  const columns: readonly Column<RecoveryPointByBackupVault>[] = [
    {
      id: 'id',
      header: t('points.id'),
      value: (point) => shortArn(point.RecoveryPointArn),
      cell: (point) => <NavLink href={paths.recoveryPoint(vault, arnOf(point))}>{shortArn(arnOf(point))}</NavLink>,
      width: 280,
    },
    {
      id: 'status',
      header: t('common.status'),
      value: (point) => point.Status,
      cell: (point) => <Status value={point.Status} message={point.StatusMessage} />,
      width: 140,
    },
    {
      id: 'name',
      header: t('jobs.resource'),
      value: (point) => point.ResourceName ?? shortArn(point.ResourceArn),
      width: 180,
    },
    {
      id: 'resource',
      header: t('jobs.resourceId'),
      value: (point) => shortArn(point.ResourceArn),
      width: 240,
      isHidden: true,
    },
    { id: 'type', header: t('common.resourceType'), value: (point) => point.ResourceType, width: 130 },
    {
      id: 'created',
      header: t('common.created'),
      value: (point) => point.CreationDate?.getTime(),
      cell: (point) => <Time at={point.CreationDate} />,
      width: 215,
    },
    {
      id: 'expires',
      header: t('points.expires'),
      value: (point) => point.CalculatedLifecycle?.DeleteAt?.getTime(),
      cell: (point) => <Time at={point.CalculatedLifecycle?.DeleteAt} />,
      width: 215,
    },
    {
      id: 'size',
      header: t('common.size'),
      value: (point) => point.BackupSizeInBytes,
      cell: (point) => <Bytes value={point.BackupSizeInBytes} />,
      width: 110,
    },
  ];
  const typeOptions = [
    { value: '', label: t('jobs.anyType') },
    ...(types.data ?? []).map((value) => ({ value, label: value })),
  ];
  return (
    <>
      <PagedTable<RecoveryPointByBackupVault>
        id="recovery-points"
        title={t('vaults.points')}
        columns={columns}
        keyOf={arnOf}
        queryKey={['recovery-points', vault, type]}
        load={(NextToken, MaxResults) =>
          backup.call(async (client, { ListRecoveryPointsByBackupVaultCommand }) => {
            const page = await client.send(
              new ListRecoveryPointsByBackupVaultCommand({
                BackupVaultName: vault,
                NextToken,
                MaxResults,
                ByResourceType: type === '' ? undefined : type,
              }),
            );
            return { items: page.RecoveryPoints ?? [], nextToken: page.NextToken };
          })
        }
        search={{
          sorts: { created: 'created', resource: 'resource', type: 'resource-type' },
          load: (request) =>
            searchRecoveryPoints(admin, vault, request, { resourceType: type === '' ? undefined : type }),
        }}
        selection="multi"
        refreshMs={(points) => (points.some(({ Status: status }) => status === 'DELETING') ? 2000 : 30_000)}
        filters={
          <Select
            ariaLabel={t('jobs.anyType')}
            options={typeOptions}
            selectedOption={typeOptions.find(({ value }) => value === type) ?? null}
            onChange={({ detail }) => setType(detail.selectedOption.value ?? '')}
          />
        }
        actions={(selected, clear) => {
          const [only] = selected;
          const isOne = selected.length === 1 && only !== undefined;
          return (
            <ButtonDropdown
              disabled={selected.length === 0}
              items={[
                { id: 'restore', text: t('points.restore'), disabled: !isOne },
                { id: 'browse', text: t('points.browse'), disabled: !isOne },
                { id: 'copy', text: t('points.copy') },
                { id: 'edit', text: t('points.editLifecycle') },
                { id: 'tags', text: t('tags.add') },
                { id: 'delete', text: t('common.delete') },
              ]}
              onItemClick={({ detail }) => {
                const page = isOne ? PAGES_OF_ONE[detail.id] : undefined;
                if (page !== undefined && only !== undefined) void navigate(page(vault, arnOf(only)));
                else {
                  setBulk({ id: detail.id, arns: selected.map(arnOf) });
                  clear();
                }
              }}
            >
              {t('common.actions')}
            </ButtonDropdown>
          );
        }}
        empty={
          <Empty
            title={t('points.none')}
            hint={t('points.noneHint')}
            action={<NavButton href={paths.createBackup()}>{t('backups.create')}</NavButton>}
          />
        }
      />
      {bulk !== undefined && <BulkOf id={bulk.id} vault={vault} arns={bulk.arns} onClose={() => setBulk(undefined)} />}
    </>
  );
}
