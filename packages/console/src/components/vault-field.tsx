import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useTranslation } from 'react-i18next';
import { readAll } from '../api/read-all.ts';
import { useBackupQuery } from '../api/use-backup-query.ts';
import { paths } from '../paths.ts';
import { NavLink } from './nav-link.tsx';

interface VaultFieldProps {
  readonly vault: string;
  readonly onChange: (vault: string) => void;
  readonly label?: string;
}

/** The vaults of the account and region. */
export function useVaults() {
  return useBackupQuery(['vaults', 'all'], (client, { ListBackupVaultsCommand }) =>
    readAll(async (NextToken) => {
      const page = await client.send(new ListBackupVaultsCommand({ NextToken, MaxResults: 100 }));
      return { items: page.BackupVaultList, nextToken: page.NextToken };
    }),
  );
}

export function VaultField({ vault, onChange, label }: VaultFieldProps) {
  const { t } = useTranslation();
  const vaults = useVaults();
  const options = (vaults.data ?? []).map(({ BackupVaultName = '', Locked }) => ({
    value: BackupVaultName,
    label: BackupVaultName,
    ...(Locked === true ? { labelTag: t('vaults.locked') } : {}),
  }));
  return (
    <FormField
      label={label ?? t('vaults.vault')}
      description={
        <NavLink href={paths.createVault} fontSize="body-s">
          {t('vaults.createTitle')}
        </NavLink>
      }
    >
      <Select
        statusType={vaults.isPending ? 'loading' : vaults.isError ? 'error' : 'finished'}
        options={options}
        selectedOption={options.find(({ value }) => value === vault) ?? { value: vault, label: vault }}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? vault)}
      />
    </FormField>
  );
}
