import Box from '@cloudscape-design/components/box';
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
  const query = useBackupQuery(['global-settings'], async (client, { DescribeGlobalSettingsCommand }) => {
    try {
      return (await client.send(new DescribeGlobalSettingsCommand({}))).GlobalSettings ?? {};
    } catch (error) {
      // Outside an organization there is nothing to set, which is no failure.
      if (error instanceof Error && /not a member of an organization/.test(error.message)) return {};
      throw error;
    }
  });
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
            {Object.keys(kept).length === 0 && <Box color="text-body-secondary">{t('settings.noOrganization')}</Box>}
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
