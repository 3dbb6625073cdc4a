import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Resource } from '../api/admin-types.ts';
import { readAll } from '../api/read-all.ts';
import { paths } from '../paths.ts';
import { useConsole } from '../session/use-console.ts';
import { NavLink } from './nav-link.tsx';

/** What the sources have shown, up to a thousand. */
export function useResources() {
  const { admin, region } = useConsole();
  return useQuery({
    queryKey: [region, 'resources', 'all'],
    queryFn: () =>
      readAll(async (nextToken) => {
        const page = await admin.resources({ nextToken, maxResults: 200 });
        return { items: page.Resources, nextToken: page.NextToken };
      }),
  });
}

interface ResourceFieldProps {
  readonly resources: readonly Resource[];
  readonly arn: string;
  readonly isLoading: boolean;
  readonly onChange: (arn: string) => void;
}

/** A resource of one type, found by name, path or ARN. */
export function ResourceField({ resources, arn, isLoading, onChange }: ResourceFieldProps) {
  const { t } = useTranslation();
  const options = resources.map(({ ResourceArn, Name, Path, Status }) => ({
    value: ResourceArn,
    label: Name,
    description: Path ?? ResourceArn,
    filteringTags: [ResourceArn],
    disabled: Status === 'vanished',
  }));
  return (
    <FormField
      label={t('backups.resource')}
      description={
        <NavLink href={paths.sources} fontSize="body-s">
          {t('backups.resourceHint')}
        </NavLink>
      }
    >
      <Select
        filteringType="auto"
        placeholder={t('backups.resourcePlaceholder')}
        statusType={isLoading ? 'loading' : 'finished'}
        empty={t('backups.noResources')}
        options={options}
        selectedOption={options.find(({ value }) => value === arn) ?? null}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}
