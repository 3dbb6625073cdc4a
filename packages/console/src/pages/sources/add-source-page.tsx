import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { FormActions } from '../../components/form-actions.tsx';
import { Page } from '../../components/page.tsx';
import { givenSettings } from '../../components/settings-form.tsx';
import { useAction } from '../../components/use-action.ts';
import { paths } from '../../paths.ts';
import { useConsole } from '../../session/use-console.ts';
import { EMPTY_SOURCE, isSourceReady, SourceForm, useConnectors } from './source-form.tsx';

/** A new source. */
export function AddSourcePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { admin } = useConsole();
  const connectors = useConnectors();
  const [draft, setDraft] = useState(EMPTY_SOURCE);
  const add = useAction({
    run: () => admin.addSource(draft.name, draft.kind, givenSettings(draft.settings)),
    success: () => t('sources.added', { name: draft.name }),
    onDone: () => void navigate(paths.source(draft.name)),
  });
  const isReady = isSourceReady(draft, connectors.data?.Connectors ?? []);
  return (
    <Page title={t('sources.add')} crumbs={[{ text: t('nav.sources'), href: paths.sources }]}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) add.mutate();
        }}
      >
        <Form
          actions={
            <FormActions
              submitText={t('sources.add')}
              isReady={isReady}
              isRunning={add.isPending}
              onCancel={() => void navigate(paths.sources)}
            />
          }
        >
          <Container>
            <SourceForm draft={draft} onChange={setDraft} />
          </Container>
        </Form>
      </form>
    </Page>
  );
}
