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

/** One input per key of the restore metadata: a choice where only some values are allowed. */
export function RestoreFieldInputs({ fields, values, isTried, onChange }: RestoreFieldInputsProps) {
  const { t } = useTranslation();
  return (
    <SpaceBetween size="l">
      {fields.map(({ Name, Required, Description, Values }) => {
        const value = values[Name] ?? '';
        const set = (next: string): void => onChange({ ...values, [Name]: next });
        const options = (Values ?? []).map((each) => ({ value: each, label: each }));
        return (
          <FormField
            key={Name}
            label={Required ? Name : `${Name} - ${t('common.optional')}`}
            description={Description}
            errorText={isTried && Required && value === '' ? t('restore.required') : undefined}
            stretch
          >
            {Values === undefined ? (
              <Input value={value} onChange={({ detail }) => set(detail.value)} />
            ) : (
              <Select
                options={Required ? options : [{ value: '', label: '-' }, ...options]}
                selectedOption={options.find((option) => option.value === value) ?? null}
                onChange={({ detail }) => set(detail.selectedOption.value ?? '')}
              />
            )}
          </FormField>
        );
      })}
    </SpaceBetween>
  );
}
