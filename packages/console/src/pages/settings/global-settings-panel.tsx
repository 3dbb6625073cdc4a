import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useTranslation } from 'react-i18next';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { useAction } from '../../components/use-action.ts';
import { useConsole } from '../../session/use-console.ts';

/** Settings of the account across regions, such as cross-account backup. */
export function GlobalSettingsPanel() {
  const { t } = useTranslation();
  const { backup } = useConsole();
  const query = useBackupQuery(
    ['global-settings'],
    async (client, { DescribeGlobalSettingsCommand }) =>
      (await client.send(new DescribeGlobalSettingsCommand({}))).GlobalSettings ?? {},
  );
  const save = useAction({
    run: (GlobalSettings: Readonly<Record<string, string>>) =>
      backup.call((client, { UpdateGlobalSettingsCommand }) =>
        client.send(new UpdateGlobalSettingsCommand({ GlobalSettings })),
      ),
    success: () => t('settings.saved'),
  });
  return (
    <Loaded query={query}>
      {(kept) => (
        <Container
          header={
            <Header variant="h2" description={t('settings.globalHint')}>
              {t('settings.global')}
            </Header>
          }
        >
          <SpaceBetween size="m">
            {Object.entries(kept).map(([name, value]) => (
              <Toggle
                key={name}
                checked={value === 'true'}
                disabled={save.isPending}
                onChange={({ detail }) => save.mutate({ [name]: String(detail.checked) })}
              >
                {t(`settings.globals.${name}`, { defaultValue: name })}
              </Toggle>
            ))}
            <CliCommand operation="UpdateGlobalSettings" input={{ GlobalSettings: kept }} />
          </SpaceBetween>
        </Container>
      )}
    </Loaded>
  );
}
