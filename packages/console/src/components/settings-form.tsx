import Checkbox from '@cloudscape-design/components/checkbox';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useTranslation } from 'react-i18next';
import type { SettingsSchema } from '../api/admin-types.ts';

export type SettingsValues = Readonly<Record<string, unknown>>;

interface SettingsFormProps {
  readonly schema: SettingsSchema;
  readonly values: SettingsValues;
  readonly onChange: (values: SettingsValues) => void;
}

/** The settings of a source, as its connector describes them: what is needed first, the rest on demand. */
export function SettingsForm({ schema, values, onChange }: SettingsFormProps) {
  const { t } = useTranslation();
  const properties = Object.entries(schema.properties ?? {});
  const isNeeded = ([name, part]: (typeof properties)[number]): boolean =>
    schema.required?.includes(name) === true && part.default === undefined;
  const field = ([name, part]: (typeof properties)[number]) => (
    <SettingField
      key={name}
      name={name}
      schema={part}
      isNeeded={isNeeded([name, part])}
      value={values[name]}
      onChange={(value) => onChange({ ...values, [name]: value })}
    />
  );
  const optional = properties.filter((entry) => !isNeeded(entry));
  return (
    <SpaceBetween size="l">
      {properties.filter(isNeeded).map(field)}
      {optional.length > 0 && (
        <ExpandableSection headerText={t('sources.moreSettings')}>
          <SpaceBetween size="l">{optional.map(field)}</SpaceBetween>
        </ExpandableSection>
      )}
    </SpaceBetween>
  );
}

interface SettingFieldProps {
  readonly name: string;
  readonly schema: SettingsSchema;
  readonly isNeeded: boolean;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function SettingField({ name, schema, isNeeded, value, onChange }: SettingFieldProps) {
  const { t } = useTranslation();
  const label = t(`sources.fields.${name}`, { defaultValue: name });
  const hint = t(`sources.hints.${name}`, { defaultValue: schema.description ?? '' });
  if (schema.type === 'boolean') {
    return (
      <Checkbox
        checked={(value ?? schema.default) === true}
        description={hint}
        onChange={({ detail }) => onChange(detail.checked)}
      >
        {label}
      </Checkbox>
    );
  }
  if (schema.properties !== undefined) {
    return (
      <FormField label={isNeeded ? label : `${label} - ${t('common.optional')}`} description={hint} stretch>
        <SettingsGroup schema={schema} value={value} onChange={onChange} />
      </FormField>
    );
  }
  return (
    <FormField label={isNeeded ? label : `${label} - ${t('common.optional')}`} description={hint} stretch>
      <SettingControl schema={schema} value={value} onChange={onChange} />
    </FormField>
  );
}

/** Settings that belong together, such as the two halves of an access key. */
function SettingsGroup({ schema, value, onChange }: Pick<SettingFieldProps, 'schema' | 'value' | 'onChange'>) {
  const values = (value ?? {}) as SettingsValues;
  return (
    <div className="holdfast-group">
      <SpaceBetween size="m">
        {Object.entries(schema.properties ?? {}).map(([name, part]) => (
          <SettingField
            key={name}
            name={name}
            schema={part}
            isNeeded={schema.required?.includes(name) === true && part.default === undefined}
            value={values[name]}
            onChange={(next) => onChange({ ...values, [name]: next })}
          />
        ))}
      </SpaceBetween>
    </div>
  );
}

function SettingControl({ schema, value, onChange }: Pick<SettingFieldProps, 'schema' | 'value' | 'onChange'>) {
  const choices = choicesOf(schema);
  if (choices.length > 0) {
    const options = choices.map((choice) => ({ value: choice, label: choice }));
    return (
      <Select
        options={options}
        selectedOption={options.find((option) => option.value === (value ?? schema.default)) ?? null}
        onChange={({ detail }) => onChange(detail.selectedOption.value)}
      />
    );
  }
  if (schema.type === 'array') {
    return (
      <Textarea
        rows={3}
        value={Array.isArray(value) ? value.join('\n') : ''}
        onChange={({ detail }) => onChange(detail.value === '' ? undefined : detail.value.split('\n'))}
      />
    );
  }
  if (schema.type === 'object') {
    return (
      <Textarea
        rows={3}
        value={mapText(value)}
        placeholder={'key=value'}
        onChange={({ detail }) => onChange(mapOf(detail.value))}
      />
    );
  }
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  return (
    <Input
      type={isNumber ? 'number' : 'text'}
      value={value === undefined ? '' : String(value)}
      placeholder={schema.default === undefined ? '' : String(schema.default)}
      spellcheck={false}
      onChange={({ detail }) =>
        onChange(detail.value === '' ? undefined : isNumber ? Number(detail.value) : detail.value)
      }
    />
  );
}

function choicesOf(schema: SettingsSchema): readonly string[] {
  if (schema.enum !== undefined) return schema.enum.map(String);
  return (schema.anyOf ?? []).flatMap((each) => (each.const === undefined ? [] : [String(each.const)]));
}

function mapText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, each]) => (each === undefined ? key : `${key}=${String(each)}`))
    .join('\n');
}

function mapOf(text: string): Record<string, string | undefined> | undefined {
  if (text === '') return undefined;
  return Object.fromEntries(
    text.split('\n').map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line, undefined] : [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** The settings to send: without what was left empty. */
export function givenSettings(values: SettingsValues): Record<string, unknown> {
  const given = Object.entries(values).map(([name, value]) => [name, givenValue(value)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ''));
}

function givenValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((line) => String(line).trim()).filter((line) => line !== '');
  if (typeof value !== 'object' || value === null) return value;
  const inside = givenSettings(value as SettingsValues);
  return Object.keys(inside).length === 0 ? undefined : inside;
}
