import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import type { Resource } from '../../api/admin-types.ts';
import { Bytes } from '../../components/bytes.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorAlert } from '../../components/error-alert.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { PagedTable } from '../../components/paged-table.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { Findings } from './findings.tsx';
import { ResourceTagsDialog } from './resource-tags-dialog.tsx';

/** One source: whether it works, and the resources that it shows. */
export function SourcePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { name = '' } = useParams();
  const { admin, region } = useConsole();
  const [isRemoving, setRemoving] = useState(false);
  const [tagged, setTagged] = useState<Resource | undefined>();
  const query = useQuery({ queryKey: [region, 'source', name], queryFn: () => admin.source(name) });
  const check = useMutation({ mutationFn: () => admin.checkSource(name) });
  const discover = useAction({
    run: () => admin.discoverSource(name),
    success: ({ Discovery }) => t('sources.discovered', { count: Discovery.Found }),
  });
  const remove = useAction({
    run: () => admin.removeSource(name),
    success: () => t('sources.removed', { name }),
    onDone: () => void navigate(paths.sources),
  });
  const source = query.data?.Source;
  return (
    <Page
      title={name}
      crumbs={[{ text: t('nav.sources'), href: paths.sources }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={source?.Origin !== 'api'} onClick={() => setRemoving(true)}>
            {t('common.remove')}
          </Button>
          <Button loading={check.isPending} onClick={() => check.mutate()}>
            {t('sources.check')}
          </Button>
          <Button loading={discover.isPending} onClick={() => discover.mutate()}>
            {t('sources.discover')}
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {check.isError && <ErrorAlert header={t('sources.checkFailed')} error={check.error} />}
        {check.data !== undefined && <Findings findings={check.data.Findings} />}
        <Loaded query={query}>
          {({ Source }) => (
            <SpaceBetween size="l">
              {Source.Status === 'unreachable' && <Alert type="error">{Source.StatusMessage}</Alert>}
              <DetailPairs
                title={t('common.details')}
                items={[
                  [t('sources.kind'), t(`sources.kinds.${Source.Kind}`, { defaultValue: Source.Kind })],
                  [t('common.status'), <Status key="s" value={Source.Status} message={Source.StatusMessage} />],
                  [t('sources.origin'), t(`sources.origins.${Source.Origin}`)],
                  [t('common.created'), <Time key="c" at={Source.CreationDate} />],
                  [t('sources.lastDiscovery'), <Time key="l" at={Source.LastDiscoveryDate} />],
                ]}
              />
              <Container header={<Header variant="h2">{t('sources.settings')}</Header>}>
                <Box variant="code">
                  <pre className="holdfast-command">{JSON.stringify(Source.Settings, null, 2)}</pre>
                </Box>
              </Container>
            </SpaceBetween>
          )}
        </Loaded>
        <PagedTable<Resource>
          id="resources"
          title={t('sources.resources')}
          columns={[
            { id: 'name', header: t('common.name'), value: ({ Name }) => Name, width: 200 },
            { id: 'type', header: t('common.resourceType'), value: ({ ResourceType }) => ResourceType, width: 130 },
            {
              id: 'status',
              header: t('common.status'),
              value: ({ Status: status }) => status,
              cell: ({ Status: status, StatusMessage }) => <Status value={status} message={StatusMessage} />,
              width: 140,
            },
            {
              id: 'arn',
              header: 'ARN',
              value: ({ ResourceArn }) => ResourceArn,
              cell: ({ ResourceArn }) => <Copyable text={ResourceArn} />,
              width: 380,
            },
            {
              id: 'size',
              header: t('common.size'),
              value: ({ SizeInBytes }) => SizeInBytes,
              cell: ({ SizeInBytes }) => <Bytes value={SizeInBytes} />,
              width: 110,
            },
            { id: 'path', header: t('sources.path'), value: ({ Path }) => Path, isHidden: true },
            {
              id: 'tags',
              header: t('common.tags'),
              value: ({ Tags }) =>
                Object.entries(Tags)
                  .map(([key, value]) => `${key}=${value}`)
                  .join(', '),
              width: 200,
            },
          ]}
          keyOf={({ ResourceArn }) => ResourceArn}
          queryKey={['resources', name]}
          load={async (nextToken, maxResults) => {
            const page = await admin.resources({ source: name, nextToken, maxResults });
            return { items: page.Resources, nextToken: page.NextToken };
          }}
          search={{
            sorts: {},
            load: async ({ text, nextToken, pageSize }) => {
              const page = await admin.resources({ source: name, text, nextToken, maxResults: pageSize });
              return { items: page.Resources, nextToken: page.NextToken };
            },
          }}
          selection="single"
          actions={([resource]) => (
            <>
              <Button disabled={resource === undefined} onClick={() => setTagged(resource)}>
                {t('tags.manage')}
              </Button>
              <Button
                variant="primary"
                disabled={resource === undefined}
                onClick={() => resource && void navigate(paths.createBackup(resource.ResourceArn))}
              >
                {t('backups.now')}
              </Button>
            </>
          )}
          empty={<Empty title={t('sources.noResources')} hint={t('sources.noResourcesHint')} />}
        />
      </SpaceBetween>
      {tagged !== undefined && <ResourceTagsDialog resource={tagged} onClose={() => setTagged(undefined)} />}
      {isRemoving && (
        <ConfirmDialog
          title={t('sources.removeTitle', { name })}
          word={name}
          confirmText={t('common.remove')}
          isRunning={remove.isPending}
          onConfirm={() => remove.mutate(undefined, { onSettled: () => setRemoving(false) })}
          onCancel={() => setRemoving(false)}
        >
          {t('sources.removeHint')}
        </ConfirmDialog>
      )}
    </Page>
  );
}
