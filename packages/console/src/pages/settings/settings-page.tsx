import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { DetailPairs } from '../../components/detail-pairs.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Time } from '../../components/time.tsx';
import { useConsole } from '../../session/use-console.ts';
import { GlobalSettingsPanel } from './global-settings-panel.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { OptInPanel } from './opt-in-panel.tsx';
import { WorkersPanel } from './workers-panel.tsx';

/** Opt-in, account settings, keys, workers, and what server this is. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { admin, region } = useConsole();
  const status = useQuery({ queryKey: [region, 'status'], queryFn: admin.status });
  return (
    <Page title={t('nav.settings')} description={t('settings.description', { region })}>
      <SpaceBetween size="l">
        <OptInPanel />
        <GlobalSettingsPanel />
        <KeysPanel />
        <WorkersPanel />
        <Loaded query={status}>
          {(server) => (
            <DetailPairs
              title={t('settings.server')}
              items={[
                [t('settings.version'), server.Version],
                [t('settings.startedAt'), <Time key="s" at={server.StartDate} />],
                [t('settings.connectors'), server.ConnectorKinds.join(', ')],
              ]}
            />
          )}
        </Loaded>
      </SpaceBetween>
    </Page>
  );
}
