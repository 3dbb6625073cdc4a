import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConsole } from '../session/use-console.ts';
import { CliCommand } from './cli-command.tsx';
import { ErrorAlert } from './error-alert.tsx';
import { type TagEntry, TagFields, tagMap } from './tag-fields.tsx';
import { useAction } from './use-action.ts';

/** The tags of something that has an ARN: shown, added, changed, removed. */
export function TagsPanel({ arn }: { readonly arn: string }) {
  const { t } = useTranslation();
  const { backup, region } = useConsole();
  const [edited, setEdited] = useState<readonly TagEntry[] | undefined>();
  const query = useQuery({
    queryKey: [region, 'tags', arn],
    queryFn: () =>
      backup.call(
        async (client, { ListTagsCommand }) =>
          (await client.send(new ListTagsCommand({ ResourceArn: arn }))).Tags ?? {},
      ),
  });
  const tags = query.data ?? {};
  const save = useAction({
    run: (next: readonly TagEntry[]) =>
      backup.call(async (client, { TagResourceCommand, UntagResourceCommand }) => {
        const wanted = tagMap(next) ?? {};
        const removed = Object.keys(tags).filter((key) => !(key in wanted));
        const changed = Object.entries(wanted).filter(([key, value]) => tags[key] !== value);
        if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeyList: removed }));
        if (changed.length > 0)
          await client.send(new TagResourceCommand({ ResourceArn: arn, Tags: Object.fromEntries(changed) }));
      }),
    success: () => t('tags.saved'),
    onDone: () => setEdited(undefined),
  });
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${Object.keys(tags).length})`}
          actions={
            edited === undefined && (
              <Button onClick={() => setEdited(Object.entries(tags).map(([key, value]) => ({ key, value })))}>
                {t('tags.manage')}
              </Button>
            )
          }
        >
          {t('common.tags')}
        </Header>
      }
    >
      {query.isError && <ErrorAlert error={query.error} onRetry={() => void query.refetch()} />}
      {edited === undefined && Object.keys(tags).length === 0 ? (
        <Box color="text-body-secondary">{t('tags.none')}</Box>
      ) : edited === undefined ? (
        <KeyValuePairs
          columns={3}
          items={Object.entries(tags).map(([label, value]) => ({ label, value: value === '' ? '-' : value }))}
        />
      ) : (
        <SpaceBetween size="m">
          <TagFields tags={edited} onChange={setEdited} />
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="primary" loading={save.isPending} onClick={() => save.mutate(edited)}>
              {t('common.save')}
            </Button>
            <Button variant="link" onClick={() => setEdited(undefined)}>
              {t('common.cancel')}
            </Button>
          </SpaceBetween>
          <CliCommand operation="TagResource" input={{ ResourceArn: arn, Tags: tagMap(edited) }} />
        </SpaceBetween>
      )}
    </Container>
  );
}
