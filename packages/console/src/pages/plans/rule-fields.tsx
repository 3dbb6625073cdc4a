import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { KEEP_35_DAYS, LifecycleFields } from '../../components/lifecycle-fields.tsx';
import { TagFields } from '../../components/tag-fields.tsx';
import { VaultField } from '../../components/vault-field.tsx';
import type { RuleForm } from './rule-form.ts';
import { ScheduleFields } from './schedule-fields.tsx';

interface RuleFieldsProps {
  readonly form: RuleForm;
  readonly onChange: (form: RuleForm) => void;
}

/** The form of a backup rule: schedule, window, lifecycle, copies, tags (PLAN-59). */
export function RuleFields({ form, onChange }: RuleFieldsProps) {
  const { t } = useTranslation();
  const set = (part: Partial<RuleForm>): void => onChange({ ...form, ...part });
  const setCopy = (index: number, part: Partial<RuleForm['copies'][number]>): void =>
    set({ copies: form.copies.map((copy, at) => (at === index ? { ...copy, ...part } : copy)) });
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t('plans.schedule')}</Header>}>
        <SpaceBetween size="l">
          <FormField label={t('plans.ruleName')} constraintText={t('plans.ruleNameRule')}>
            <Input value={form.name} onChange={({ detail }) => set({ name: detail.value })} />
          </FormField>
          <VaultField vault={form.vault} onChange={(vault) => set({ vault })} />
          <ScheduleFields form={form} onChange={set} />
          <FormField label={t('plans.startWithin')} description={t('plans.startWithinHint')}>
            <Input type="number" value={form.startHours} onChange={({ detail }) => set({ startHours: detail.value })} />
          </FormField>
          <FormField label={t('plans.completeWithin')} description={t('plans.completeWithinHint')}>
            <Input
              type="number"
              value={form.completeHours}
              onChange={({ detail }) => set({ completeHours: detail.value })}
            />
          </FormField>
          <Checkbox
            checked={form.isContinuous}
            description={t('plans.continuousHint')}
            onChange={({ detail }) => set({ isContinuous: detail.checked })}
          >
            {t('plans.continuous')}
          </Checkbox>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">{t('points.lifecycle')}</Header>}>
        <LifecycleFields form={form.lifecycle} onChange={(lifecycle) => set({ lifecycle })} />
      </Container>
      <Container
        header={
          <Header
            variant="h2"
            description={t('plans.copiesHint')}
            actions={
              <Button
                formAction="none"
                onClick={() => set({ copies: [...form.copies, { vaultArn: '', lifecycle: KEEP_35_DAYS }] })}
              >
                {t('plans.addCopy')}
              </Button>
            }
          >
            {t('plans.copies')}
          </Header>
        }
      >
        <SpaceBetween size="l">
          {form.copies.map((copy, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: copies are told apart by their place alone
            <SpaceBetween size="s" key={index}>
              <FormField
                label={t('plans.copyVault')}
                secondaryControl={
                  <Button
                    formAction="none"
                    onClick={() => set({ copies: form.copies.filter((_each, at) => at !== index) })}
                  >
                    {t('common.remove')}
                  </Button>
                }
              >
                <Input
                  value={copy.vaultArn}
                  placeholder="arn:aws:backup:us-west-2:123456789012:backup-vault:Default"
                  onChange={({ detail }) => setCopy(index, { vaultArn: detail.value })}
                />
              </FormField>
              <LifecycleFields form={copy.lifecycle} onChange={(lifecycle) => setCopy(index, { lifecycle })} />
            </SpaceBetween>
          ))}
          {form.copies.length === 0 && t('plans.noCopies')}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">{t('backups.tags')}</Header>}>
        <TagFields tags={form.tags} onChange={(tags) => set({ tags })} />
      </Container>
    </SpaceBetween>
  );
}
