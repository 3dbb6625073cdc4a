import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ConnectorKind } from '../../api/admin-types.ts';
import { ErrorAlert } from '../../components/error-alert.tsx';
import { Loading } from '../../components/loading.tsx';
import { givenSettings, SettingsForm, type SettingsValues } from '../../components/settings-form.tsx';
import { useConsole } from '../../session/use-console.ts';
import { Findings } from './findings.tsx';

export interface SourceDraft {
  readonly name: string;
  readonly kind: string;
  readonly settings: SettingsValues;
}

export const EMPTY_SOURCE: SourceDraft = { name: '', kind: '', settings: {} };
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Whether a source could be added as it stands in the form. */
export function isSourceReady({ name, kind, settings }: SourceDraft, connectors: readonly ConnectorKind[]): boolean {
  const schema = connectors.find((each) => each.Kind === kind)?.SettingsSchema;
  const needed = (schema?.required ?? []).filter((each) => schema?.properties?.[each]?.default === undefined);
  return NAME.test(name) && schema !== undefined && needed.every((each) => (settings[each] ?? '') !== '');
}

/** The kinds of sources that this server has connectors for. */
export function useConnectors() {
  const { admin, region } = useConsole();
  return useQuery({ queryKey: [region, 'connectors'], queryFn: admin.connectors, staleTime: 600_000 });
}

interface SourceFormProps {
  readonly draft: SourceDraft;
  readonly onChange: (draft: SourceDraft) => void;
}

/** Kind, name and settings of a new source, with a check that says what is wrong before anything is kept. */
export function SourceForm({ draft, onChange }: SourceFormProps) {
  const { t } = useTranslation();
  const { admin } = useConsole();
  const connectors = useConnectors();
  const check = useMutation({
    mutationFn: (tried: SourceDraft) => admin.checkSettings(tried.kind, givenSettings(tried.settings)),
  });
  if (connectors.isError) return <ErrorAlert error={connectors.error} onRetry={() => void connectors.refetch()} />;
  if (connectors.data === undefined) return <Loading />;
  const kinds = connectors.data.Connectors;
  const kind = kinds.find(({ Kind }) => Kind === draft.kind);
  const isNameWrong = draft.name !== '' && !NAME.test(draft.name);
  const change = (next: SourceDraft): void => {
    check.reset();
    onChange(next);
  };
  return (
    <SpaceBetween size="l">
      <FormField label={t('sources.kind')} stretch>
        <Tiles
          value={draft.kind === '' ? null : draft.kind}
          columns={kinds.length > 2 ? 3 : 2}
          items={kinds.map(({ Kind, Title, ResourceTypes }) => ({
            value: Kind,
            label: t(`sources.kinds.${Kind}`, { defaultValue: Title }),
            description: t('sources.resourceTypes', { types: ResourceTypes.join(', ') }),
          }))}
          onChange={({ detail }) => change({ ...draft, kind: detail.value, settings: {} })}
        />
      </FormField>
      {kind !== undefined && (
        <SpaceBetween size="l">
          <FormField
            label={t('sources.name')}
            description={t('sources.nameHint')}
            errorText={isNameWrong ? t('sources.nameRule') : undefined}
          >
            <Input
              value={draft.name}
              placeholder="documents"
              onChange={({ detail }) => onChange({ ...draft, name: detail.value })}
            />
          </FormField>
          <SettingsForm
            schema={kind.SettingsSchema}
            values={draft.settings}
            onChange={(settings) => change({ ...draft, settings })}
          />
          <SpaceBetween size="s">
            <Button
              formAction="none"
              iconName="status-positive"
              loading={check.isPending}
              onClick={() => check.mutate(draft)}
            >
              {t('sources.check')}
            </Button>
            {check.isError && <ErrorAlert header={t('sources.checkFailed')} error={check.error} />}
            {check.data !== undefined && <Findings findings={check.data.Findings} />}
            {check.data !== undefined && check.data.Resources.length > 0 && (
              <Box color="text-body-secondary">
                {t('sources.wouldFind', {
                  names: check.data.Resources.slice(0, 5)
                    .map(({ Name }) => Name)
                    .join(', '),
                  count: check.data.Resources.length,
                })}
              </Box>
            )}
          </SpaceBetween>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}
