import { useParams } from 'react-router';
import { useBackupQuery } from '../../api/use-backup-query.ts';
import { paths } from '../../paths.ts';

/** The recovery point that the address names. */
export function useRecoveryPoint() {
  const { vault = '', arn = '' } = useParams();
  const query = useBackupQuery(
    ['recovery-point', vault, arn],
    (client, { DescribeRecoveryPointCommand }) =>
      client.send(new DescribeRecoveryPointCommand({ BackupVaultName: vault, RecoveryPointArn: arn })),
    { refreshMs: (point) => (point?.Status === 'DELETING' ? 2000 : false) },
  );
  return { vault, arn, query };
}

/** The way to a page below a recovery point. */
export function pointCrumbs(t: (key: string) => string, vault: string, arn: string, name: string) {
  return [
    { text: t('nav.vaults'), href: paths.vaults },
    { text: vault, href: paths.vault(vault) },
    { text: name, href: paths.recoveryPoint(vault, arn) },
  ];
}
