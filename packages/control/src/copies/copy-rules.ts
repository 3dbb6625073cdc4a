/** May a recovery point be copied into a vault (COPY-1 to COPY-7, COPY-16 to COPY-31, COPY-42)? Pure. */
import { capabilitiesOf } from '../capabilities/capabilities-of.ts';
import type { MessageCategory } from '../job-messages/message-category.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';

/** `Default` is encrypted with a key that cannot be shared with other accounts (COPY-42). */
export const DEFAULT_VAULT_NAME = 'Default';

export interface CopyFacts {
  readonly source: RecoveryPointRecord;
  readonly destination: BackupVaultRecord;
  /** Whether somebody asked for this copy, rather than a plan (BKP-73). */
  readonly isOnDemand: boolean;
  /** Whether both accounts belong to one organisation whose management account has switched cross-account backup on. */
  readonly isCrossAccountBackupEnabled: boolean;
  readonly isDynamoDbAdvanced: boolean;
}

export interface CopyRefusal {
  readonly category: MessageCategory;
  readonly reason: string;
}

/** Known without looking whether the account has one. */
export const FOREIGN_DEFAULT_VAULT: CopyRefusal = {
  category: 'INVALID_PARAMETERS',
  reason: 'The default backup vault of another account cannot receive copies. Name another vault.',
};

/** Why the copy is refused; undefined when the rules allow it. Policies, locks and limits are judged elsewhere. */
export function copyRefusal(facts: CopyFacts): CopyRefusal | undefined {
  return sourceRefusal(facts) ?? destinationRefusal(facts) ?? abilityRefusal(facts) ?? accountRefusal(facts);
}

function sourceRefusal({ source, isOnDemand }: CopyFacts): CopyRefusal | undefined {
  if (isOnDemand && source.isContinuous) {
    return {
      category: 'UNSUPPORTED_OPERATION',
      reason: `${source.arn} is a continuous backup, which cannot be copied on demand. Use a copy action in its backup plan.`,
    };
  }
  const usable: readonly RecoveryPointRecord['status'][] = ['COMPLETED', 'PARTIAL', 'AVAILABLE', 'EXPIRED'];
  if (usable.includes(source.status)) return undefined;
  return { category: 'INVALID_STATE', reason: `${source.arn} is ${source.status} and cannot be copied.` };
}

function destinationRefusal({ source, destination }: CopyFacts): CopyRefusal | undefined {
  if (destination.vaultId === source.vaultId) {
    return {
      category: 'INVALID_PARAMETERS',
      reason: `${source.arn} lies in backup vault "${destination.name}" already. Name another vault.`,
    };
  }
  if (destination.state === 'AVAILABLE') return undefined;
  return {
    category: 'INVALID_STATE',
    reason: `Backup vault ${destination.arn} is ${destination.state} and takes no copies.`,
  };
}

function abilityRefusal({ source, destination, isDynamoDbAdvanced }: CopyFacts): CopyRefusal | undefined {
  const { resourceType, resourceArn } = source;
  const row = capabilitiesOf({ resourceType, resourceArn, isDynamoDbAdvanced });
  const crossesRegion = destination.region !== source.region;
  const crossesAccount = destination.accountId !== source.accountId;
  const unsupported = (what: string): CopyRefusal => ({
    category: 'UNSUPPORTED_OPERATION',
    reason: `Backups of ${row?.row ?? resourceType} cannot be copied${what}.`,
  });
  if (row === undefined)
    return crossesRegion || crossesAccount ? unsupported(' to another region or account') : undefined;
  if (!row.copy.crossRegion && !row.copy.crossAccount) return unsupported('');
  if (crossesRegion && !row.copy.crossRegion) return unsupported(' to another region');
  if (crossesAccount && !row.copy.crossAccount) return unsupported(' to another account');
  if (crossesRegion && crossesAccount && row.copy.onlyOneAtOnce) {
    return unsupported(' to another region and another account at once; make two copies, one after the other');
  }
  return undefined;
}

function accountRefusal({ source, destination, isCrossAccountBackupEnabled }: CopyFacts): CopyRefusal | undefined {
  if (destination.accountId === source.accountId) return undefined;
  if (!isCrossAccountBackupEnabled) {
    return {
      category: 'ACCESS_DENIED',
      reason:
        `Copies from account ${source.accountId} to ${destination.accountId} need both accounts in one organization and ` +
        'cross-account backup switched on by its management account (UpdateGlobalSettings).',
    };
  }
  if (destination.name === DEFAULT_VAULT_NAME) return FOREIGN_DEFAULT_VAULT;
  if (destination.type !== 'BACKUP_VAULT' || destination.encryptionKeyType === 'CUSTOMER_MANAGED_KMS_KEY')
    return undefined;
  return {
    category: 'KMS_KEY_ERROR',
    reason: `Backup vault ${destination.arn} is encrypted with a service-owned key; a vault that receives copies from other accounts needs a customer managed key.`,
  };
}
