import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';

/** How long backups are kept, as a form holds it. Empty retention: for ever. */
export interface LifecycleForm {
  readonly coldAfterDays: string;
  readonly isCold: boolean;
  readonly deleteAfter: string;
  readonly deleteUnit: RetentionUnit;
}

export type RetentionUnit = 'always' | 'days' | 'weeks' | 'months' | 'years';

const DAYS: Readonly<Record<RetentionUnit, number>> = { always: 0, days: 1, weeks: 7, months: 30, years: 365 };
const COLD_MINIMUM_DAYS = 90;

export const KEEP_35_DAYS: LifecycleForm = { isCold: false, coldAfterDays: '8', deleteAfter: '35', deleteUnit: 'days' };

/** A lifecycle of the API as a form. */
export function lifecycleForm(
  lifecycle: { MoveToColdStorageAfterDays?: number | undefined; DeleteAfterDays?: number | undefined } | undefined,
): LifecycleForm {
  const cold = lifecycle?.MoveToColdStorageAfterDays;
  const keep = lifecycle?.DeleteAfterDays;
  return {
    isCold: cold !== undefined && cold >= 0,
    coldAfterDays: cold === undefined || cold < 0 ? '8' : String(cold),
    deleteAfter: keep === undefined || keep < 0 ? '35' : String(keep),
    deleteUnit: keep === undefined || keep < 0 ? 'always' : 'days',
  };
}

/** The form as the API takes it; undefined when nothing is limited. */
export function lifecycleOf(
  form: LifecycleForm,
): { MoveToColdStorageAfterDays?: number; DeleteAfterDays?: number } | undefined {
  const keep = form.deleteUnit === 'always' ? undefined : Number(form.deleteAfter) * DAYS[form.deleteUnit];
  const cold = form.isCold ? Number(form.coldAfterDays) : undefined;
  if (keep === undefined && cold === undefined) return undefined;
  return {
    ...(cold === undefined ? {} : { MoveToColdStorageAfterDays: cold }),
    ...(keep === undefined ? {} : { DeleteAfterDays: keep }),
  };
}

/** Why a lifecycle cannot be as it stands: a key of the texts. */
export function lifecycleProblem(form: LifecycleForm): string | undefined {
  const { MoveToColdStorageAfterDays: cold, DeleteAfterDays: keep } = lifecycleOf(form) ?? {};
  if (keep !== undefined && !(Number.isInteger(keep) && keep >= 1 && keep <= 36_500)) return 'lifecycle.retentionRange';
  if (cold !== undefined && !(Number.isInteger(cold) && cold >= 1)) return 'lifecycle.coldRange';
  if (cold !== undefined && keep !== undefined && keep < cold + COLD_MINIMUM_DAYS) return 'lifecycle.coldMinimum';
  return undefined;
}

interface LifecycleFieldsProps {
  readonly form: LifecycleForm;
  readonly onChange: (form: LifecycleForm) => void;
}

/** Retention, and the move to cold storage. */
export function LifecycleFields({ form, onChange }: LifecycleFieldsProps) {
  const { t } = useTranslation();
  const problem = lifecycleProblem(form);
  const units = (['days', 'weeks', 'months', 'years', 'always'] as const).map((value) => ({
    value,
    label: t(`lifecycle.unit.${value}`),
  }));
  return (
    <SpaceBetween size="m">
      <FormField
        label={t('lifecycle.retention')}
        description={t('lifecycle.retentionHint')}
        errorText={problem === undefined || problem === 'lifecycle.coldRange' ? undefined : t(problem)}
      >
        <div className="holdfast-inline">
          {form.deleteUnit !== 'always' && (
            <Input
              type="number"
              inputMode="numeric"
              value={form.deleteAfter}
              ariaLabel={t('lifecycle.retention')}
              onChange={({ detail }) => onChange({ ...form, deleteAfter: detail.value })}
            />
          )}
          <Select
            ariaLabel={t('lifecycle.unitLabel')}
            options={units}
            selectedOption={units.find(({ value }) => value === form.deleteUnit) ?? null}
            onChange={({ detail }) => onChange({ ...form, deleteUnit: detail.selectedOption.value as RetentionUnit })}
          />
        </div>
      </FormField>
      <Checkbox
        checked={form.isCold}
        description={t('lifecycle.coldHint')}
        onChange={({ detail }) => onChange({ ...form, isCold: detail.checked })}
      >
        {t('lifecycle.cold')}
      </Checkbox>
      {form.isCold && (
        <FormField
          label={t('lifecycle.coldAfter')}
          errorText={problem === 'lifecycle.coldRange' ? t(problem) : undefined}
        >
          <Input
            type="number"
            inputMode="numeric"
            value={form.coldAfterDays}
            onChange={({ detail }) => onChange({ ...form, coldAfterDays: detail.value })}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}
