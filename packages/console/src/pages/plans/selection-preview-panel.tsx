import type { BackupSelection } from '@aws-sdk/client-backup';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../api/admin-types.ts';
import { ErrorAlert } from '../../components/error-alert.tsx';
import { useConsole } from '../../session/use-console.ts';

/** Which resources a selection covers now, and why each is in or out. */
export function SelectionPreviewPanel({ selection }: { readonly selection: BackupSelection }) {
  const { t } = useTranslation();
  const { admin, region } = useConsole();
  const query = useQuery({
    queryKey: [region, 'preview', JSON.stringify(selection)],
    queryFn: () => admin.previewSelection(selection),
    placeholderData: keepPreviousData,
  });
  const preview = query.data;
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={preview && `(${preview.IncludedCount}/${preview.TotalCount})`}
          description={t('plans.previewHint')}
        >
          {t('plans.preview')}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {query.isError && <ErrorAlert error={query.error} />}
        <Verdicts verdicts={preview?.Included ?? []} label={t('plans.included')} isLoading={query.isPending} />
        <ExpandableSection
          headerText={`${t('plans.excluded')} (${(preview?.TotalCount ?? 0) - (preview?.IncludedCount ?? 0)})`}
        >
          <Verdicts verdicts={preview?.Excluded ?? []} label={t('plans.excluded')} isLoading={query.isPending} />
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}

interface VerdictsProps {
  readonly verdicts: readonly Verdict[];
  readonly label: string;
  readonly isLoading: boolean;
}

function Verdicts({ verdicts, label, isLoading }: VerdictsProps) {
  const { t } = useTranslation();
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      items={verdicts}
      trackBy="ResourceArn"
      loading={isLoading}
      loadingText={t('common.loading')}
      ariaLabels={{ tableLabel: label }}
      columnDefinitions={[
        { id: 'name', header: t('common.name'), cell: ({ Name }) => Name },
        { id: 'type', header: t('common.resourceType'), cell: ({ ResourceType }) => ResourceType },
        {
          id: 'why',
          header: t('plans.why'),
          cell: ({ Reason, Detail }) => t(`plans.reasons.${Reason}`, { detail: Detail }),
        },
      ]}
      empty={t('plans.noMatch')}
    />
  );
}
