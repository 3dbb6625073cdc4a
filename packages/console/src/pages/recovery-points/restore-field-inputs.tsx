import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import type { RestoreField } from '../../api/admin-types.ts';
import type { RestoreValues } from './restore-fields.ts';

interface RestoreFieldInputsProps {
  readonly fields: readonly RestoreField[];
  readonly values: RestoreValues;
  /** The form was sent: what is still empty is an error from then on. */
  readonly isTried: boolean;
  readonly onChange: (values: RestoreValues) => void;
}

/** One input per key of the restore metadata: what is needed first, the rest on demand. */
export function RestoreFieldInputs({ fields, values, isTried, onChange }: RestoreFieldInputsProps) {
  const { t } = useTranslation();
  const input = (field: RestoreField) => (
    <RestoreFieldInput
      key={field.Name}
      field={field}
      value={values[field.Name] ?? ''}
      isTried={isTried}
      onChange={(value) => onChange({ ...values, [field.Name]: value })}
    />
  );
  const others = fields.filter((field) => !isFirst(field));
  return (
    <SpaceBetween size="l">
      {fields.filter(isFirst).map(input)}
      {others.length > 0 && (
        <ExpandableSection headerText={t('sources.moreSettings')}>
          <SpaceBetween size="l">{others.map(input)}</SpaceBetween>
        </ExpandableSection>
      )}
    </SpaceBetween>
  );
}

/** What everybody has to think about: the rest is optional or has a value that suits most. */
function isFirst({ Name, Required, DefaultValue }: RestoreField): boolean {
  return Required && (DefaultValue === undefined || Name === 'NewBucket');
}

interface RestoreFieldInputProps {
  readonly field: RestoreField;
  readonly value: string;
  readonly isTried: boolean;
  readonly onChange: (value: string) => void;
}

/** A choice where only some values are allowed. */
function RestoreFieldInput({ field, value, isTried, onChange }: RestoreFieldInputProps) {
  const { t } = useTranslation();
  const { Name, Required, Description, Values } = field;
  // A colon has a meaning in keys of texts.
  const key = `restore.fields.${Name.replaceAll(':', '-')}`;
  const label = t(`${key}.label`, { defaultValue: Name });
  const options = (Values ?? []).map((each) => ({ value: each, label: each }));
  return (
    <FormField
      label={Required ? label : `${label} - ${t('common.optional')}`}
      description={t(`${key}.hint`, { defaultValue: Description })}
      errorText={isTried && Required && value === '' ? t('restore.required') : undefined}
      stretch
    >
      {Values === undefined ? (
        <Input value={value} onChange={({ detail }) => onChange(detail.value)} />
      ) : (
        <Select
          options={Required ? options : [{ value: '', label: '-' }, ...options]}
          selectedOption={options.find((option) => option.value === value) ?? null}
          onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
        />
      )}
    </FormField>
  );
}
