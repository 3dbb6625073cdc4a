import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { awsCommand } from '../api/aws-command.ts';
import { useConsole } from '../session/use-console.ts';

interface CliCommandProps {
  readonly operation: string;
  readonly input: Parameters<typeof awsCommand>[1];
  readonly service?: string;
}

/** The same action for a terminal or a script. */
export function CliCommand({ operation, input, service }: CliCommandProps) {
  const { region } = useConsole();
  const command = awsCommand(operation, input, service === undefined ? { region } : { service, region });
  return <CommandText command={command} />;
}

/** A command with the button that copies it. */
export function CommandText({ command }: { readonly command: string }) {
  const { t } = useTranslation();
  return (
    <ExpandableSection headerText={t('common.cliCommand')} variant="footer">
      <SpaceBetween size="xs">
        <Box variant="code">
          <pre className="holdfast-command">{command}</pre>
        </Box>
        <CopyToClipboard
          textToCopy={command}
          copyButtonText={t('common.copyCommand')}
          copySuccessText={t('common.copied')}
          copyErrorText={t('common.copyFailed')}
        />
      </SpaceBetween>
    </ExpandableSection>
  );
}
