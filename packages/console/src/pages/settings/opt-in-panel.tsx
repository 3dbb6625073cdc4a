import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { useAction } from '../../components/use-action.ts';
import { useConsole } from '../../session/use-console.ts';

type OptIn = Readonly<Record<string, boolean>>;

/** Which resource types plans and selections protect in this region. */
export function OptInPanel() {
  const { t } = useTranslation();
  const { backup, region } = useConsole();
  const [edited, setEdited] = useState<OptIn | undefined>();
  const query = useBackupQuery(
    ['region-settings'],
    async (client, { DescribeRegionSettingsCommand }) =>
      (await client.send(new DescribeRegionSettingsCommand({}))).ResourceTypeOptInPreference ?? {},
  );
  const save = useAction({
    run: (ResourceTypeOptInPreference: OptIn) =>
      backup.call((client, { UpdateRegionSettingsCommand }) =>
        client.send(new UpdateRegionSettingsCommand({ ResourceTypeOptInPreference })),
      ),
    success: () => t('settings.saved'),
    onDone: () => setEdited(undefined),
  });
  return (
    <Loaded query={query}>
      {(kept) => {
        const shown = edited ?? kept;
        return (
          <Container
            header={
              <Header
                variant="h2"
                description={t('settings.optInHint', { region })}
                actions={
                  <SpaceBetween direction="horizontal" size="xs">
                    <Button disabled={edited === undefined} variant="link" onClick={() => setEdited(undefined)}>
                      {t('common.cancel')}
                    </Button>
                    <Button
                      variant="primary"
                      disabled={edited === undefined}
                      loading={save.isPending}
                      onClick={() => save.mutate(shown)}
                    >
                      {t('common.save')}
                    </Button>
                  </SpaceBetween>
                }
              >
                {t('settings.optIn')}
              </Header>
            }
          >
            <SpaceBetween size="l">
              <ColumnLayout columns={3}>
                {Object.entries(shown).map(([type, isOn]) => (
                  <Toggle
                    key={type}
                    checked={isOn}
                    onChange={({ detail }) => setEdited({ ...shown, [type]: detail.checked })}
                  >
                    {type}
                  </Toggle>
                ))}
              </ColumnLayout>
              {Object.keys(shown).length === 0 && <Box>{t('common.none')}</Box>}
              <CliCommand operation="UpdateRegionSettings" input={{ ResourceTypeOptInPreference: shown }} />
            </SpaceBetween>
          </Container>
        );
      }}
    </Loaded>
  );
}
