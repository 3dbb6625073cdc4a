import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { CommandText } from '../../components/cli-command.tsx';
import { Copyable } from '../../components/copyable.tsx';
import { useVaults } from '../../components/vault-field.tsx';
import { useConsole } from '../../session/use-console.ts';

/** The keys that the vaults of this region use, and how to manage them. */
export function KeysPanel() {
  const { t } = useTranslation();
  const { region } = useConsole();
  const vaults = useVaults();
  const keys = [...new Set((vaults.data ?? []).flatMap(({ EncryptionKeyArn }) => EncryptionKeyArn ?? []))];
  return (
    <Container
      header={
        <Header variant="h2" description={t('settings.keysHint')}>
          {t('settings.keys')}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {keys.map((key) => (
          <Copyable key={key} text={key} />
        ))}
        <CommandText command={`aws kms list-aliases --region ${region} --profile holdfast`} />
      </SpaceBetween>
    </Container>
  );
}
