import Button from '@cloudscape-design/components/button';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../components/empty.tsx';
import { ErrorAlert } from '../../components/error-alert.tsx';
import { Status } from '../../components/status.tsx';
import { useConsole } from '../../session/use-console.ts';

interface ChooseResourcesProps {
  readonly source: string | undefined;
  readonly arns: readonly string[];
  readonly onChange: (arns: readonly string[]) => void;
}

const MOST_SHOWN = 100;

/** What the new source has shown; all of it is chosen at first. */
export function ChooseResources({ source, arns, onChange }: ChooseResourcesProps) {
  const { t } = useTranslation();
  const { admin, region } = useConsole();
  const query = useQuery({
    queryKey: [region, 'resources', 'first-run', source],
    queryFn: () => admin.resources({ source, maxResults: MOST_SHOWN }),
    enabled: source !== undefined,
  });
  const found = query.data?.Resources ?? [];
  // Runs when the list arrives, not when the choice changes: an empty choice is the viewer's own.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const available = found.filter((resource) => resource.Status === 'available');
    if (arns.length === 0) onChange(available.map(({ ResourceArn }) => ResourceArn));
  }, [query.data]);
  if (query.isError) return <ErrorAlert error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Table
      variant="container"
      items={found}
      trackBy="ResourceArn"
      loading={query.isPending}
      loadingText={t('common.loading')}
      selectionType="multi"
      selectedItems={found.filter(({ ResourceArn }) => arns.includes(ResourceArn))}
      isItemDisabled={({ Status: status }) => status !== 'available'}
      onSelectionChange={({ detail }) => onChange(detail.selectedItems.map(({ ResourceArn }) => ResourceArn))}
      ariaLabels={{
        tableLabel: t('firstRun.resources'),
        selectionGroupLabel: t('firstRun.resources'),
        allItemsSelectionLabel: () => t('common.selectItem', { name: t('common.all') }),
        itemSelectionLabel: (_state, { Name }) => t('common.selectItem', { name: Name }),
      }}
      columnDefinitions={[
        { id: 'name', header: t('common.name'), cell: ({ Name }) => Name },
        { id: 'type', header: t('common.resourceType'), cell: ({ ResourceType }) => ResourceType },
        {
          id: 'status',
          header: t('common.status'),
          cell: ({ Status: status, StatusMessage }) => <Status value={status} message={StatusMessage} />,
        },
        { id: 'path', header: t('sources.path'), cell: ({ Path, ResourceArn }) => Path ?? ResourceArn },
      ]}
      empty={
        <Empty
          title={t('sources.noResources')}
          hint={t('sources.noResourcesHint')}
          action={<Button onClick={() => void query.refetch()}>{t('common.refresh')}</Button>}
        />
      }
    />
  );
}
