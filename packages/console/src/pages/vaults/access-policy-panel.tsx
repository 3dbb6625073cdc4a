import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { CliCommand } from '../../components/cli-command.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { useAction } from '../../components/use-action.ts';
import { useConsole } from '../../session/use-console.ts';
import { POLICY_TEMPLATES, policyTemplate } from './policy-templates.ts';

/** The vault's access policy: read, changed, removed, begun from a template. */
export function AccessPolicyPanel({ vault, arn }: { readonly vault: string; readonly arn: string }) {
  const { t } = useTranslation();
  const { backup, session } = useConsole();
  const [edited, setEdited] = useState<string | undefined>();
  const query = useBackupQuery(['vault-policy', vault], async (client, { GetBackupVaultAccessPolicyCommand }) => {
    try {
      const { Policy } = await client.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName: vault }));
      return Policy ?? '';
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return '';
      throw error;
    }
  });
  const save = useAction({
    run: (Policy: string) =>
      backup.call((client, { PutBackupVaultAccessPolicyCommand }) =>
        client.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName: vault, Policy })),
      ),
    success: () => t('vaults.policySaved'),
    onDone: () => setEdited(undefined),
  });
  const remove = useAction({
    run: () =>
      backup.call((client, { DeleteBackupVaultAccessPolicyCommand }) =>
        client.send(new DeleteBackupVaultAccessPolicyCommand({ BackupVaultName: vault })),
      ),
    success: () => t('vaults.policyRemoved'),
    onDone: () => setEdited(undefined),
  });
  return (
    <Loaded query={query}>
      {(policy) => {
        const shown = edited ?? pretty(policy);
        const problem = shown === '' ? undefined : jsonProblem(shown);
        return (
          <Container
            header={
              <Header
                variant="h2"
                description={t('vaults.policyHint')}
                actions={
                  <SpaceBetween direction="horizontal" size="xs">
                    <Button disabled={policy === ''} loading={remove.isPending} onClick={() => remove.mutate()}>
                      {t('vaults.policyDetach')}
                    </Button>
                    <ButtonDropdown
                      items={POLICY_TEMPLATES.map((id) => ({ id, text: t(`vaults.templates.${id}`) }))}
                      onItemClick={({ detail }) =>
                        setEdited(policyTemplate(detail.id, { vaultArn: arn, accountId: session.accountId }))
                      }
                    >
                      {t('vaults.policyTemplate')}
                    </ButtonDropdown>
                  </SpaceBetween>
                }
              >
                {t('vaults.policy')}
              </Header>
            }
          >
            <SpaceBetween size="m">
              <FormField label={t('vaults.policyJson')} errorText={problem} stretch>
                <Textarea
                  value={shown}
                  rows={16}
                  spellcheck={false}
                  placeholder={t('vaults.policyNone')}
                  onChange={({ detail }) => setEdited(detail.value)}
                />
              </FormField>
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  variant="primary"
                  disabled={edited === undefined || shown === '' || problem !== undefined}
                  loading={save.isPending}
                  onClick={() => save.mutate(shown)}
                >
                  {t('vaults.policyAttach')}
                </Button>
                <Button variant="link" disabled={edited === undefined} onClick={() => setEdited(undefined)}>
                  {t('common.cancel')}
                </Button>
              </SpaceBetween>
              <CliCommand
                operation="PutBackupVaultAccessPolicy"
                input={{ BackupVaultName: vault, Policy: compact(shown) }}
              />
            </SpaceBetween>
          </Container>
        );
      }}
    </Loaded>
  );
}

function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function pretty(text: string): string {
  return text === '' || jsonProblem(text) !== undefined ? text : JSON.stringify(JSON.parse(text), null, 2);
}

function compact(text: string): string {
  return text === '' || jsonProblem(text) !== undefined ? text : JSON.stringify(JSON.parse(text));
}
