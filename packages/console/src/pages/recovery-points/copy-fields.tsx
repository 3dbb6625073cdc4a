import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { defaultRoleArn } from '../../api/resource-names.ts';
import {
  KEEP_35_DAYS,
  LifecycleFields,
  type LifecycleForm,
  lifecycleOf,
  lifecycleProblem,
} from '../../components/lifecycle-fields.tsx';
import { RoleField } from '../../components/role-field.tsx';
import { useConsole } from '../../session/use-console.ts';

/** Where copies go, and how long they stay there. */
export interface CopyForm {
  readonly region: string;
  readonly vault: string;
  readonly isOtherAccount: boolean;
  readonly otherAccount: string;
  readonly lifecycle: LifecycleForm;
  readonly roleArn: string;
}

/** The form, and the members of StartCopyJob that follow from it; those are undefined until it is filled in. */
export function useCopyForm() {
  const { region, session } = useConsole();
  const [form, setForm] = useState<CopyForm>(() => ({
    region,
    vault: '',
    isOtherAccount: false,
    otherAccount: '',
    lifecycle: KEEP_35_DAYS,
    roleArn: defaultRoleArn(session.accountId),
  }));
  const account = form.isOtherAccount ? form.otherAccount : session.accountId;
  const input = {
    DestinationBackupVaultArn: `arn:aws:backup:${form.region}:${account}:backup-vault:${form.vault}`,
    IamRoleArn: form.roleArn,
    Lifecycle: lifecycleOf(form.lifecycle),
  };
  const isReady = form.vault !== '' && /^\d{12}$/.test(account) && lifecycleProblem(form.lifecycle) === undefined;
  return { form, setForm, input, isReady };
}

interface CopyFieldsProps {
  readonly form: CopyForm;
  readonly onChange: (form: CopyForm) => void;
}

export function CopyFields({ form, onChange }: CopyFieldsProps) {
  const { t } = useTranslation();
  const { session } = useConsole();
  const regions = session.regions.map((value) => ({ value, label: value }));
  const set = (part: Partial<CopyForm>): void => onChange({ ...form, ...part });
  return (
    <SpaceBetween size="l">
      <FormField label={t('points.copyRegion')}>
        <Select
          options={regions}
          selectedOption={regions.find(({ value }) => value === form.region) ?? null}
          onChange={({ detail }) => set({ region: detail.selectedOption.value ?? form.region })}
        />
      </FormField>
      <FormField label={t('points.copyAccount')}>
        <RadioGroup
          value={form.isOtherAccount ? 'other' : 'own'}
          items={[
            { value: 'own', label: t('points.copyOwnAccount') },
            { value: 'other', label: t('points.copyOtherAccount') },
          ]}
          onChange={({ detail }) => set({ isOtherAccount: detail.value === 'other' })}
        />
      </FormField>
      {form.isOtherAccount && (
        <FormField label={t('points.copyAccountId')}>
          <Input value={form.otherAccount} onChange={({ detail }) => set({ otherAccount: detail.value })} />
        </FormField>
      )}
      <FormField label={t('points.copyVault')} description={t('points.copyVaultHint')}>
        <Input value={form.vault} onChange={({ detail }) => set({ vault: detail.value })} />
      </FormField>
      <LifecycleFields form={form.lifecycle} onChange={(lifecycle) => set({ lifecycle })} />
      <RoleField roleArn={form.roleArn} onChange={(roleArn) => set({ roleArn })} />
    </SpaceBetween>
  );
}
