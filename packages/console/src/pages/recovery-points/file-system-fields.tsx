import type { DescribeRecoveryPointOutput } from '@aws-sdk/client-backup';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { NavButton } from '../../components/nav-button.tsx';
import { paths } from '../../paths.ts';
import { itemsOf, type RestoreValues } from './restore-fields.ts';

const MOST_ITEMS = 5;

interface FileSystemFieldsProps {
  readonly vault: string;
  readonly point: DescribeRecoveryPointOutput;
  readonly values: RestoreValues;
  /** The form was sent: what is still empty is an error from then on. */
  readonly isTried: boolean;
  readonly onChange: (values: RestoreValues) => void;
}

/** Everything or some items, and where to: the questions of a restore of files (RST-98). */
export function FileSystemFields({ vault, point, values, isTried, onChange }: FileSystemFieldsProps) {
  const { t } = useTranslation();
  const items = itemsOf(values);
  const setItems = (next: readonly string[] | undefined): void =>
    onChange({ ...values, ItemsToRestore: next === undefined ? '' : JSON.stringify(next) });
  const isInPlace = values['holdfast:in-place'] === 'true';
  const place = values['newFileSystem'] === 'true' ? 'new' : isInPlace ? 'in-place' : 'directory';
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <NavButton formAction="none" href={paths.browse(vault, point.RecoveryPointArn ?? '')}>
                {t('restore.chooseItems')}
              </NavButton>
            }
          >
            {t('restore.what')}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <RadioGroup
            ariaLabel={t('restore.what')}
            value={items === undefined ? 'full' : 'items'}
            items={[
              { value: 'full', label: t('restore.full'), description: t('restore.fullHint') },
              { value: 'items', label: t('restore.items'), description: t('restore.itemsHint') },
            ]}
            onChange={({ detail }) => setItems(detail.value === 'items' ? [''] : undefined)}
          />
          {items?.map((item, index) => (
            <FormField
              // biome-ignore lint/suspicious/noArrayIndexKey: the items are told apart by their place alone
              key={index}
              label={t('restore.itemPath')}
              errorText={item.startsWith('/') || (item === '' && !isTried) ? undefined : t('restore.itemPathRule')}
              secondaryControl={
                <Button
                  formAction="none"
                  onClick={() => setItems(items.length === 1 ? [''] : items.filter((_each, at) => at !== index))}
                >
                  {t('common.remove')}
                </Button>
              }
            >
              <Input
                value={item}
                placeholder="/projects/plan.txt"
                onChange={({ detail }) => setItems(items.map((each, at) => (at === index ? detail.value : each)))}
              />
            </FormField>
          ))}
          {items !== undefined && (
            <Button formAction="none" disabled={items.length >= MOST_ITEMS} onClick={() => setItems([...items, ''])}>
              {t('restore.addItem')}
            </Button>
          )}
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">{t('restore.where')}</Header>}>
        <RadioGroup
          ariaLabel={t('restore.where')}
          value={place}
          items={[
            { value: 'new', label: t('restore.newFileSystem'), description: t('restore.newFileSystemHint') },
            { value: 'directory', label: t('restore.directory'), description: t('restore.directoryHint') },
            { value: 'in-place', label: t('restore.inPlace'), description: t('restore.inPlaceHint') },
          ]}
          onChange={({ detail }) =>
            onChange({
              ...values,
              newFileSystem: String(detail.value === 'new'),
              'holdfast:in-place': String(detail.value === 'in-place'),
            })
          }
        />
      </Container>
    </SpaceBetween>
  );
}
