import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { type BulkItem, type BulkItemState, type BulkOperation, bulkApi } from '../../api/bulk-api.ts';
import { roleName, shortArn } from '../../api/resource-names.ts';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NavLink } from '../../components/nav-link.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import type { Column } from '../../components/table-column.ts';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { bulkStatus, isUnderWay } from './bulk-operations-page.tsx';

const STATES: readonly BulkItemState[] = ['FAILED', 'SUCCEEDED', 'PENDING', 'RUNNING', 'SKIPPED'];

/** A bulk operation while the server works on it, and what came of each item. */
export function BulkOperationPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { admin, region, session } = useConsole();
  const query = useQuery({
    queryKey: [session.accountId, region, 'bulk-operation', id],
    queryFn: () => bulkApi.get(admin, id),
    refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data.Operation) ? 1000 : false),
  });
  const stop = useAction({ run: () => bulkApi.stop(admin, id), success: () => t('bulk.stopping') });
  const operation = query.data?.Operation;
  return (
    <Page
      title={operation === undefined ? t('bulk.operation') : t(`bulk.actions.${operation.Action}`)}
      crumbs={[{ text: t('nav.bulk'), href: paths.bulkOperations }]}
      actions={
        <Button disabled={operation?.State !== 'RUNNING'} loading={stop.isPending} onClick={() => stop.mutate()}>
          {t('jobs.stop')}
        </Button>
      }
    >
      <Loaded query={query}>
        {({ Operation }) => (
          <SpaceBetween size="l">
            {isUnderWay(Operation) && <Alert type="info">{t('bulk.closeTab')}</Alert>}
            <Progress operation={Operation} />
            <Facts operation={Operation} />
            <Items operation={Operation} />
          </SpaceBetween>
        )}
      </Loaded>
    </Page>
  );
}

function Progress({ operation }: { readonly operation: BulkOperation }) {
  const { t } = useTranslation();
  const done = operation.SucceededCount + operation.FailedCount;
  return (
    <Container>
      <ProgressBar
        value={(100 * done) / operation.ItemCount}
        label={t('bulk.progress')}
        additionalInfo={t('bulk.done', { done, count: operation.ItemCount, failed: operation.FailedCount })}
      />
    </Container>
  );
}

function Facts({ operation }: { readonly operation: BulkOperation }) {
  const { t } = useTranslation();
  return (
    <DetailPairs
      title={t('common.details')}
      items={[
        [t('common.status'), <Status key="s" value={bulkStatus(operation)} />],
        [t('bulk.requestedBy'), roleName(operation.RequestedBy)],
        [t('vaults.vault'), operation.BackupVaultName ?? '-'],
        [t('common.created'), <Time key="c" at={operation.CreationDate} />],
        [t('jobs.completed'), <Time key="e" at={operation.CompletionDate} />],
      ]}
    />
  );
}

function Items({ operation }: { readonly operation: BulkOperation }) {
  const { t } = useTranslation();
  const { admin } = useConsole();
  const [state, setState] = useState<BulkItemState | undefined>();
  const { OperationId: id, BackupVaultName: vault } = operation;
  const columns: readonly Column<BulkItem>[] = [
    {
      id: 'target',
      header: t('bulk.item'),
      value: ({ Target }) => shortArn(Target),
      cell: ({ Target }) =>
        vault === undefined ? (
          <TargetLink operation={operation} target={Target} />
        ) : (
          <NavLink href={paths.recoveryPoint(vault, Target)}>{shortArn(Target)}</NavLink>
        ),
      width: 320,
    },
    {
      id: 'status',
      header: t('common.status'),
      value: ({ State }) => State,
      cell: ({ State, Message }) => <Status value={State} message={Message} />,
      width: 160,
    },
    {
      id: 'message',
      header: t('jobs.message'),
      value: ({ Message }) => Message,
      cell: ({ Message, CopyJobId }) =>
        CopyJobId === undefined ? Message : <NavLink href={paths.job('copy', CopyJobId)}>{CopyJobId}</NavLink>,
      width: 420,
    },
    {
      id: 'completed',
      header: t('jobs.completed'),
      value: ({ CompletionDate }) => CompletionDate,
      cell: ({ CompletionDate }) => <Time at={CompletionDate} />,
      width: 215,
    },
  ];
  const options = [
    { value: '', label: t('jobs.anyStatus') },
    ...STATES.map((value) => ({ value: value as string, label: t(`status.${value}`) })),
  ];
  return (
    <PagedTable<BulkItem>
      id="bulk-items"
      title={t('bulk.items')}
      columns={columns}
      keyOf={({ Sequence }) => String(Sequence)}
      queryKey={['bulk-items', id, state]}
      load={async (nextToken, maxResults) => {
        const page = await bulkApi.items(admin, id, { state, nextToken, maxResults });
        return { items: page.Items, nextToken: page.NextToken };
      }}
      refreshMs={() => (isUnderWay(operation) ? 2000 : false)}
      filters={
        <Select
          ariaLabel={t('jobs.anyStatus')}
          options={options}
          selectedOption={options.find(({ value }) => value === (state ?? '')) ?? null}
          onChange={({ detail }) => setState((detail.selectedOption.value || undefined) as BulkItemState | undefined)}
        />
      }
      empty={<Empty title={t('bulk.noItems')} hint={t('bulk.noItemsHint')} />}
    />
  );
}

function TargetLink({ operation, target }: { readonly operation: BulkOperation; readonly target: string }) {
  return operation.Action === 'StopBackupJob' ? (
    <NavLink href={paths.job('backup', target)}>{target}</NavLink>
  ) : (
    <span>{shortArn(target)}</span>
  );
}
