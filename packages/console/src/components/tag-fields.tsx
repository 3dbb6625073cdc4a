import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import { useTranslation } from 'react-i18next';

export interface TagEntry {
  readonly key: string;
  readonly value: string;
}

const MOST_TAGS = 50;

/** A form's list of tags. */
export function TagFields({
  tags,
  onChange,
}: {
  readonly tags: readonly TagEntry[];
  readonly onChange: (tags: readonly TagEntry[]) => void;
}) {
  const { t } = useTranslation();
  const set = (index: number, part: Partial<TagEntry>): void =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...part } : tag)));
  return (
    <AttributeEditor
      items={tags}
      addButtonText={t('tags.add')}
      removeButtonText={t('common.remove')}
      disableAddButton={tags.length >= MOST_TAGS}
      empty={t('tags.none')}
      definition={[
        {
          label: t('tags.key'),
          control: ({ key }, index) => (
            <Input value={key} ariaLabel={t('tags.key')} onChange={({ detail }) => set(index, { key: detail.value })} />
          ),
          errorText: ({ key }) => problemOf(key, tags, t),
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
      onAddButtonClick={() => onChange([...tags, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(tags.filter((_tag, index) => index !== detail.itemIndex))}
    />
  );
}

function problemOf(key: string, tags: readonly TagEntry[], t: (key: string) => string): string | undefined {
  if (key.toLowerCase().startsWith('aws:')) return t('tags.reserved');
  return tags.filter((tag) => tag.key === key && key !== '').length > 1 ? t('tags.twice') : undefined;
}

/** The tags as the API takes them; undefined when there are none. */
export function tagMap(tags: readonly TagEntry[]): Record<string, string> | undefined {
  const given = tags.filter(({ key }) => key !== '');
  return given.length === 0 ? undefined : Object.fromEntries(given.map(({ key, value }) => [key, value]));
}
