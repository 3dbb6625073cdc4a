import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { roleName, shortArn } from '../../api/resource-names.ts';
import { Bytes } from '../../components/bytes.tsx';
import { CliCommand } from '../../components/cli-command.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NavButton } from '../../components/nav-button.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { TagsPanel } from '../../components/tags-panel.tsx';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { DeletePointsDialog } from './delete-points-dialog.tsx';
import { LifecycleDialog } from './lifecycle-dialog.tsx';
import { useRecoveryPoint } from './use-recovery-point.ts';

type Dialog = 'delete' | 'disassociate' | 'lifecycle' | undefined;

/** One recovery point: what it is, how long it stays, and everything that can be done with it. */
export function RecoveryPointPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { backup } = useConsole();
  const { vault, arn, query } = useRecoveryPoint();
  const [dialog, setDialog] = useState<Dialog>();
  const input = { BackupVaultName: vault, RecoveryPointArn: arn };
  const disassociate = useAction({
    run: () =>
      backup.call((client, { DisassociateRecoveryPointCommand }) =>
        client.send(new DisassociateRecoveryPointCommand(input)),
      ),
    success: () => t('points.disassociated'),
  });
  return (
    <Page
      title={shortArn(arn)}
      crumbs={[
        { text: t('nav.vaults'), href: paths.vaults },
        { text: vault, href: paths.vault(vault) },
      ]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ButtonDropdown
            items={[
              { id: 'copy', text: t('points.copy') },
              { id: 'lifecycle', text: t('points.editLifecycle') },
              { id: 'disassociate', text: t('points.disassociate') },
              { id: 'delete', text: t('common.delete') },
            ]}
            onItemClick={({ detail }) => {
              if (detail.id === 'copy') void navigate(paths.copy(vault, arn));
              else setDialog(detail.id as Dialog);
            }}
          >
            {t('common.actions')}
          </ButtonDropdown>
          <NavButton href={paths.browse(vault, arn)}>{t('points.browse')}</NavButton>
          <NavButton variant="primary" href={paths.restore(vault, arn)}>
            {t('points.restore')}
          </NavButton>
        </SpaceBetween>
      }
    >
      <Loaded query={query}>
        {(point) => (
          <SpaceBetween size="l">
            {point.StatusMessage !== undefined && (
              <Alert type={point.Status === 'EXPIRED' ? 'error' : 'warning'}>{point.StatusMessage}</Alert>
            )}
            <DetailPairs
              title={t('common.details')}
              items={[
                [t('common.status'), <Status key="s" value={point.Status} message={point.StatusMessage} />],
                [t('points.arn'), <Copyable key="a" text={point.RecoveryPointArn} />],
                [t('jobs.resource'), point.ResourceName ?? '-'],
                [
                  t('jobs.resourceId'),
                  <NavLink key="r" href={paths.protectedResource(point.ResourceArn ?? '')}>
                    {shortArn(point.ResourceArn)}
                  </NavLink>,
                ],
                [t('common.resourceType'), point.ResourceType],
                [
                  t('vaults.vault'),
                  <NavLink key="v" href={paths.vault(vault)}>
                    {vault}
                  </NavLink>,
                ],
                [t('common.size'), <Bytes key="b" value={point.BackupSizeInBytes} />],
                [t('common.created'), <Time key="c" at={point.CreationDate} />],
                [t('jobs.completed'), <Time key="d" at={point.CompletionDate} />],
                [t('points.encrypted'), point.IsEncrypted === true ? t('common.yes') : t('common.no')],
                [t('vaults.key'), <Copyable key="k" text={point.EncryptionKeyArn} />],
                [t('common.role'), roleName(point.IamRoleArn)],
                [t('points.storageClass'), t(`points.classes.${point.StorageClass ?? 'WARM'}`)],
                [
                  t('points.madeBy'),
                  point.CreatedBy?.BackupPlanId === undefined ? (
                    t('jobs.onDemand')
                  ) : (
                    <NavLink key="p" href={paths.plan(point.CreatedBy.BackupPlanId)}>
                      {point.CreatedBy.BackupPlanName ?? point.CreatedBy.BackupPlanId}
                    </NavLink>
                  ),
                ],
                [t('points.lastRestore'), <Time key="l" at={point.LastRestoreTime} />],
              ]}
            />
            <DetailPairs
              title={t('points.lifecycle')}
              actions={<Button onClick={() => setDialog('lifecycle')}>{t('common.edit')}</Button>}
              items={[
                [t('points.toCold'), <Time key="m" at={point.CalculatedLifecycle?.MoveToColdStorageAt} />],
                [
                  t('points.expires'),
                  point.CalculatedLifecycle?.DeleteAt === undefined ? (
                    t('lifecycle.unit.always')
                  ) : (
                    <Time key="e" at={point.CalculatedLifecycle.DeleteAt} />
                  ),
                ],
                [t('points.freed'), t('points.freedHint')],
              ]}
            />
            <TagsPanel arn={arn} />
            <CliCommand operation="DescribeRecoveryPoint" input={input} />
            {dialog === 'lifecycle' && (
              <LifecycleDialog vault={vault} point={point} onClose={() => setDialog(undefined)} />
            )}
          </SpaceBetween>
        )}
      </Loaded>
      {dialog === 'delete' && (
        <DeletePointsDialog
          vault={vault}
          arns={[arn]}
          onClose={() => setDialog(undefined)}
          onDeleted={() => void navigate(paths.vault(vault))}
        />
      )}
      {dialog === 'disassociate' && (
        <ConfirmDialog
          title={t('points.disassociate')}
          word="disassociate"
          confirmText={t('points.disassociate')}
          isRunning={disassociate.isPending}
          onConfirm={() => disassociate.mutate(undefined, { onSettled: () => setDialog(undefined) })}
          onCancel={() => setDialog(undefined)}
        >
          {t('points.disassociateHint')}
        </ConfirmDialog>
      )}
    </Page>
  );
}
