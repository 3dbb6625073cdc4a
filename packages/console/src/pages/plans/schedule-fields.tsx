import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import { useTranslation } from 'react-i18next';
import { expressionOf, FREQUENCIES, type Frequency, type RuleForm, WEEKDAYS } from './rule-form.ts';

const TIME_ZONES = ['Etc/UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'Etc/UTC')];

interface ScheduleFieldsProps {
  readonly form: RuleForm;
  readonly onChange: (part: Partial<RuleForm>) => void;
}

/** How often and when; the expression that comes of it is shown. */
export function ScheduleFields({ form, onChange }: ScheduleFieldsProps) {
  const { t, i18n } = useTranslation();
  const frequencies = FREQUENCIES.map((value) => ({ value, label: t(`plans.frequencies.${value}`) }));
  const zones = TIME_ZONES.map((value) => ({ value, label: value }));
  const weekdays = WEEKDAYS.map((value, index) => ({ value, label: weekdayName(index, i18n.language) }));
  const days = [...Array.from({ length: 31 }, (_none, index) => String(index + 1)), 'L'].map((value) => ({
    value,
    label: value === 'L' ? t('plans.lastDay') : value,
  }));
  return (
    <SpaceBetween size="l">
      <FormField label={t('plans.frequency')} constraintText={expressionOf(form)}>
        <Select
          options={frequencies}
          selectedOption={frequencies.find(({ value }) => value === form.frequency) ?? null}
          onChange={({ detail }) => onChange({ frequency: detail.selectedOption.value as Frequency })}
        />
      </FormField>
      {form.frequency === 'weekly' && (
        <FormField label={t('plans.weekdays')}>
          <Multiselect
            options={weekdays}
            selectedOptions={weekdays.filter(({ value }) => form.weekdays.includes(value))}
            onChange={({ detail }) => onChange({ weekdays: detail.selectedOptions.map(({ value = '' }) => value) })}
          />
        </FormField>
      )}
      {form.frequency === 'monthly' && (
        <FormField label={t('plans.dayOfMonth')}>
          <Select
            options={days}
            selectedOption={days.find(({ value }) => value === form.dayOfMonth) ?? null}
            onChange={({ detail }) => onChange({ dayOfMonth: detail.selectedOption.value ?? '1' })}
          />
        </FormField>
      )}
      {form.frequency === 'cron' ? (
        <FormField label={t('plans.expression')} description={t('plans.expressionHint')}>
          <Input value={form.expression} onChange={({ detail }) => onChange({ expression: detail.value })} />
        </FormField>
      ) : (
        <FormField label={t('plans.startTime')}>
          <TimeInput
            format="hh:mm"
            placeholder="hh:mm"
            value={form.startTime}
            onChange={({ detail }) => onChange({ startTime: detail.value })}
          />
        </FormField>
      )}
      <FormField label={t('plans.timeZone')}>
        <Select
          filteringType="auto"
          virtualScroll
          options={zones}
          selectedOption={{ value: form.timeZone, label: form.timeZone }}
          onChange={({ detail }) => onChange({ timeZone: detail.selectedOption.value ?? 'Etc/UTC' })}
        />
      </FormField>
    </SpaceBetween>
  );
}

/** 4 January 1970 was a Sunday. */
function weekdayName(index: number, language: string): string {
  return new Date(Date.UTC(1970, 0, 4 + index)).toLocaleDateString(language, { weekday: 'long', timeZone: 'UTC' });
}
