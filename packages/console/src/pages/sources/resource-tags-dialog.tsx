import Box from '@cloudscape-design/components/box';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Resource } from '../../api/admin-types.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { type TagEntry, TagFields, tagMap } from '../../components/tag-fields.tsx';
import { useAction } from '../../components/use-action.ts';
import { useConsole } from '../../session/use-console.ts';

/** Tags put on a resource here, for selections; the source itself is not touched. */
export function ResourceTagsDialog({
  resource,
  onClose,
}: {
  readonly resource: Resource;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { admin } = useConsole();
  const [tags, setTags] = useState<readonly TagEntry[]>(() =>
    Object.entries(resource.LocalTags).map(([key, value]) => ({ key, value })),
  );
  const save = useAction({
    run: async () => {
      const wanted = tagMap(tags) ?? {};
      const removed = Object.keys(resource.LocalTags).filter((key) => !(key in wanted));
      if (removed.length > 0) await admin.untagResource(resource.ResourceArn, removed);
      if (Object.keys(wanted).length > 0) await admin.tagResource(resource.ResourceArn, wanted);
    },
    success: () => t('tags.saved'),
    onDone: onClose,
  });
  return (
    <FormDialog
      title={t('sources.tagsTitle', { name: resource.Name })}
      confirmText={t('common.save')}
      isRunning={save.isPending}
      onConfirm={() => save.mutate()}
      onClose={onClose}
    >
      <Box color="text-body-secondary">{t('sources.tagsHint')}</Box>
      <TagFields tags={tags} onChange={setTags} />
    </FormDialog>
  );
}
