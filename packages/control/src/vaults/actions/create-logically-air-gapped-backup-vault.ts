import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { requestFingerprint } from '../../request-fingerprint.ts';
import { createVault } from '../create-vault.ts';
import { checkRetentionRange } from '../vault-lock-rules.ts';

const TYPE = 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';

/** CreateLogicallyAirGappedBackupVault (API-88 to API-96): a vault under a compliance lock from its first moment. */
export function createLogicallyAirGappedBackupVault(
  ports: ControlPorts,
): BackupHandler<'CreateLogicallyAirGappedBackupVault'> {
  return async (input, context) => {
    checkRetentionRange(input.MinRetentionDays, input.MaxRetentionDays);
    const now = ports.clock.now();
    const vault = await createVault(ports, context, {
      name: input.BackupVaultName,
      type: TYPE,
      encryptionKeyArn: input.EncryptionKeyArn,
      caller: context,
      creatorRequestId: input.CreatorRequestId,
      requestFingerprint: requestFingerprint({ ...input, type: TYPE }, ['CreatorRequestId']),
      tags: input.BackupVaultTags,
      lock: {
        minRetentionDays: input.MinRetentionDays,
        maxRetentionDays: input.MaxRetentionDays,
        lockedAt: now,
        lockDateAt: now,
      },
    });
    return {
      BackupVaultName: vault.name,
      BackupVaultArn: vault.arn,
      CreationDate: new Date(vault.createdAt),
      VaultState: vault.state,
    };
  };
}
