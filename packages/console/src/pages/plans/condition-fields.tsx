import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useTranslation } from 'react-i18next';
import { OPERATORS, type Operator, type SelectionForm } from './selection-form.ts';

type Conditions = SelectionForm['conditions'];

interface ConditionFieldsProps {
  readonly conditions: Conditions;
  readonly onChange: (conditions: Conditions) => void;
}

/** Tags that refine an assignment; all of them must hold (PLAN-109). */
export function ConditionFields({ conditions, onChange }: ConditionFieldsProps) {
  const { t } = useTranslation();
  const operators = OPERATORS.map((value) => ({ value, label: t(`plans.operators.${value}`) }));
  const set = (index: number, part: Partial<Conditions[number]>): void =>
    onChange(conditions.map((condition, at) => (at === index ? { ...condition, ...part } : condition)));
  return (
    <AttributeEditor
      items={conditions}
      addButtonText={t('tags.add')}
      removeButtonText={t('common.remove')}
      empty={t('plans.noConditions')}
      onAddButtonClick={() => onChange([...conditions, { key: '', operator: 'equals', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(conditions.filter((_each, at) => at !== detail.itemIndex))}
      definition={[
        {
          label: t('tags.key'),
          control: ({ key }, index) => (
            <Input value={key} ariaLabel={t('tags.key')} onChange={({ detail }) => set(index, { key: detail.value })} />
          ),
        },
        {
          label: t('plans.operator'),
          control: ({ operator }, index) => (
            <Select
              ariaLabel={t('plans.operator')}
              options={operators}
              selectedOption={operators.find(({ value }) => value === operator) ?? null}
              onChange={({ detail }) => set(index, { operator: detail.selectedOption.value as Operator })}
            />
          ),
        },
        {
          label: t('tags.value'),
          control: ({ value }, index) => (
            <Input
              value={value}
              ariaLabel={t('tags.value')}
              onChange={({ detail }) => set(index, { value: detail.value })}
            />
          ),
        },
      ]}
    />
  );
}
