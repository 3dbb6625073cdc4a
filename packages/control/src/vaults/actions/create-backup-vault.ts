import type { BackupHandler } from '../../action.ts';
import type { ControlPorts } from '../../ports.ts';
import { requestFingerprint } from '../../request-fingerprint.ts';
import { createVault } from '../create-vault.ts';

/** CreateBackupVault (API-83 to API-87). */
export function createBackupVault(ports: ControlPorts): BackupHandler<'CreateBackupVault'> {
  return async (input, context) => {
    const vault = await createVault(ports, context, {
      name: input.BackupVaultName,
      type: 'BACKUP_VAULT',
      encryptionKeyArn: input.EncryptionKeyArn,
      caller: context,
      creatorRequestId: input.CreatorRequestId,
      requestFingerprint: requestFingerprint({ ...input, type: 'BACKUP_VAULT' }, ['CreatorRequestId']),
      tags: input.BackupVaultTags,
    });
    return { BackupVaultName: vault.name, BackupVaultArn: vault.arn, CreationDate: new Date(vault.createdAt) };
  };
}
