import { parseVaultArn } from '../arn.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { regionSettings } from '../settings/region-settings.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { CopyPorts } from './copy-ports.ts';
import type { CopyFacts } from './copy-rules.ts';

/** The vault that an ARN names, in whichever account and region; undefined when there is none. */
export async function destinationVault(
  ports: Pick<CopyPorts, 'stores'>,
  vaultArn: string,
): Promise<BackupVaultRecord | undefined> {
  const named = parseVaultArn(vaultArn);
  return named === undefined ? undefined : await ports.stores.vaults.get(named, named.name);
}

/** Gathers what the rules of copying look at. */
export async function copyFacts(
  ports: Pick<CopyPorts, 'stores' | 'organization'>,
  source: RecoveryPointRecord,
  destination: BackupVaultRecord,
  isOnDemand: boolean,
): Promise<CopyFacts> {
  const settings = await regionSettings(ports, source);
  return {
    source,
    destination,
    isOnDemand,
    isDynamoDbAdvanced: settings.management['DynamoDB'] !== false,
    isCrossAccountBackupEnabled: await isCrossAccountBackupEnabled(ports, source.accountId, destination.accountId),
  };
}

async function isCrossAccountBackupEnabled(
  ports: Pick<CopyPorts, 'stores' | 'organization'>,
  from: string,
  to: string,
): Promise<boolean> {
  if (from === to) return false;
  const membership = await ports.organization.membership(from);
  if (membership === undefined || !membership.accountIds.includes(to)) return false;
  const stored = await ports.stores.settings.getGlobalSettings(membership.managementAccountId);
  return stored?.settings['isCrossAccountBackupEnabled'] === 'true';
}
