import Select from '@cloudscape-design/components/select';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { SearchFilter } from '../../api/search-api.ts';
import { useBackupQuery } from '../../api/use-backup-query.ts';

const HOURS: Readonly<Record<string, number>> = { '24h': 24, '7d': 168, '14d': 336, '30d': 720 };

/** What a list of jobs is narrowed to; kept in the address, so that a link shows the same. */
export interface JobFilter {
  readonly state: string | undefined;
  readonly type: string | undefined;
  readonly since: string | undefined;
}

export function useJobFilter(): readonly [JobFilter, (part: Partial<JobFilter>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const read = (name: string): string | undefined => parameters.get(name) ?? undefined;
  const filter = { state: read('state'), type: read('type'), since: read('since') };
  const change = (part: Partial<JobFilter>): void => {
    const next = new URLSearchParams(parameters);
    for (const [name, value] of Object.entries(part)) {
      if (value === undefined || value === '') next.delete(name);
      else next.set(name, value);
    }
    setParameters(next, { replace: true });
  };
  return [filter, change];
}

/** The same for the server's search. */
export function searchFilter({ state, type, since }: JobFilter): SearchFilter {
  return { state, resourceType: type, createdAfter: sinceDate(since) };
}

/** The moment from which jobs are wanted, rounded to minutes, so that it is the same for a while. */
export function sinceDate(since: string | undefined): Date | undefined {
  const hours = HOURS[since ?? ''];
  if (hours === undefined) return undefined;
  return new Date(Math.floor(Date.now() / 60_000) * 60_000 - hours * 3_600_000);
}

export function useResourceTypes() {
  return useBackupQuery(
    ['resource-types'],
    async (client, { GetSupportedResourceTypesCommand }) =>
      (await client.send(new GetSupportedResourceTypesCommand({}))).ResourceTypes ?? [],
    { staleTime: 600_000 },
  );
}

interface JobFiltersProps {
  readonly states: readonly string[];
  readonly filter: JobFilter;
  readonly onChange: (part: Partial<JobFilter>) => void;
}

export function JobFilters({ states, filter, onChange }: JobFiltersProps) {
  const { t } = useTranslation();
  const types = useResourceTypes();
  const choice = (name: keyof JobFilter, label: string, values: readonly (readonly [string, string])[]) => {
    const options = [{ value: '', label }, ...values.map(([value, text]) => ({ value, label: text }))];
    return (
      <Select
        ariaLabel={label}
        options={options}
        selectedOption={options.find(({ value }) => value === (filter[name] ?? '')) ?? options[0] ?? null}
        onChange={({ detail }) => onChange({ [name]: detail.selectedOption.value })}
      />
    );
  };
  return (
    <>
      {choice(
        'state',
        t('jobs.anyStatus'),
        states.map((state) => [state, t(`status.${state}`)] as const),
      )}
      {choice(
        'type',
        t('jobs.anyType'),
        (types.data ?? []).map((type) => [type, type] as const),
      )}
      {choice(
        'since',
        t('jobs.anyTime'),
        Object.keys(HOURS).map((key) => [key, t(`jobs.since.${key}`)] as const),
      )}
    </>
  );
}
