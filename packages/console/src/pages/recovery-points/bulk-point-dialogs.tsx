/** What can be done to many recovery points of a vault at once, besides deleting them. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BulkDialog } from '../../components/bulk-dialog.tsx';
import { KEEP_35_DAYS, LifecycleFields, lifecycleOf, lifecycleProblem } from '../../components/lifecycle-fields.tsx';
import { type TagEntry, TagFields, tagMap } from '../../components/tag-fields.tsx';
import { CopyFields, useCopyForm } from './copy-fields.tsx';

interface BulkPointDialogProps {
  readonly vault: string;
  readonly arns: readonly string[];
  readonly onClose: () => void;
}

export function BulkCopyDialog({ vault, arns, onClose }: BulkPointDialogProps) {
  const { t } = useTranslation();
  const { form, setForm, input, isReady } = useCopyForm();
  const { Lifecycle, ...where } = input;
  return (
    <BulkDialog
      title={t('bulk.copyTitle', { count: arns.length })}
      confirmText={t('points.copy')}
      request={{
        Action: 'StartCopyJob',
        Targets: arns,
        BackupVaultName: vault,
        ...where,
        ...(Lifecycle === undefined ? {} : { Lifecycle }),
      }}
      isReady={isReady}
      onClose={onClose}
    >
      <CopyFields form={form} onChange={setForm} />
    </BulkDialog>
  );
}

export function BulkLifecycleDialog({ vault, arns, onClose }: BulkPointDialogProps) {
  const { t } = useTranslation();
  const [form, setForm] = useState(KEEP_35_DAYS);
  const lifecycle = lifecycleOf(form);
  return (
    <BulkDialog
      title={t('bulk.lifecycleTitle', { count: arns.length })}
      confirmText={t('common.save')}
      request={{
        Action: 'UpdateRecoveryPointLifecycle',
        Targets: arns,
        BackupVaultName: vault,
        // What is left out stays as it is; -1 is the API's word for "never".
        Lifecycle: {
          MoveToColdStorageAfterDays: lifecycle?.MoveToColdStorageAfterDays ?? -1,
          DeleteAfterDays: lifecycle?.DeleteAfterDays ?? -1,
        },
      }}
      isReady={lifecycleProblem(form) === undefined}
      onClose={onClose}
    >
      <LifecycleFields form={form} onChange={setForm} />
    </BulkDialog>
  );
}

export function BulkTagsDialog({ vault, arns, onClose }: BulkPointDialogProps) {
  const { t } = useTranslation();
  const [tags, setTags] = useState<readonly TagEntry[]>([{ key: '', value: '' }]);
  const wanted = tagMap(tags);
  return (
    <BulkDialog
      title={t('bulk.tagsTitle', { count: arns.length })}
      confirmText={t('common.save')}
      request={{ Action: 'TagResource', Targets: arns, BackupVaultName: vault, Tags: wanted ?? {} }}
      isReady={wanted !== undefined}
      onClose={onClose}
    >
      <TagFields tags={tags} onChange={setTags} />
    </BulkDialog>
  );
}
