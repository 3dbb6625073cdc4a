/** Operations on vaults. */
import { BAD_NAME, list, type Table, vault, vaultErrors } from './case-forms.ts';
import { SCOPE } from './world.ts';

export const vaultCases: Table = {
  CreateBackupVault: {
    good: (world) => ({ BackupVaultName: world.fresh() }),
    errors: {
      MissingParameterValueException: { missing: 'BackupVaultName' },
      InvalidParameterValueException: () => ({ BackupVaultName: BAD_NAME }),
      AlreadyExistsException: ({ vaultName }) => ({ BackupVaultName: vaultName }),
      LimitExceededException: ({ server }) => {
        server.quotas.service.vaultsPerRegion = 1;
        return {};
      },
    },
  },
  CreateLogicallyAirGappedBackupVault: {
    good: (world) => ({ BackupVaultName: world.fresh(), MinRetentionDays: 7, MaxRetentionDays: 10 }),
    errors: {
      MissingParameterValueException: { missing: 'MinRetentionDays' },
      InvalidParameterValueException: () => ({ MinRetentionDays: 11 }),
      InvalidRequestException: () => ({ MinRetentionDays: 'seven' as never }),
      AlreadyExistsException: ({ vaultName }) => ({ BackupVaultName: vaultName }),
      LimitExceededException: ({ server }) => {
        server.quotas.service.vaultsPerRegion = 1;
        return {};
      },
    },
  },
  DescribeBackupVault: { good: vault, errors: vaultErrors },
  ListBackupVaults: list,
  DeleteBackupVault: {
    good: vault,
    errors: { ...vaultErrors, InvalidRequestException: () => ({}) },
  },
  PutBackupVaultAccessPolicy: {
    good: (world) => ({ ...vault(world), Policy: '{"Version":"2012-10-17","Statement":[]}' }),
    errors: {
      ...vaultErrors,
      InvalidParameterValueException: () => ({
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${SCOPE.accountId}:role/nobody` },
              Action: 'backup:StartRestoreJob',
              Resource: '*',
            },
          ],
        }),
      }),
    },
  },
  GetBackupVaultAccessPolicy: {
    good: vault,
    errors: { ...vaultErrors, ResourceNotFoundException: async (world) => ({ BackupVaultName: await world.vault() }) },
  },
  DeleteBackupVaultAccessPolicy: { good: vault, errors: vaultErrors },
  PutBackupVaultLockConfiguration: {
    good: (world) => ({ ...vault(world), MinRetentionDays: 1 }),
    errors: {
      ...vaultErrors,
      InvalidParameterValueException: () => ({ ChangeableForDays: 2 }),
      InvalidRequestException: ({ lockedVaultName }) => ({ BackupVaultName: lockedVaultName }),
    },
  },
  DeleteBackupVaultLockConfiguration: {
    good: vault,
    errors: {
      ...vaultErrors,
      InvalidRequestException: ({ lockedVaultName }) => ({ BackupVaultName: lockedVaultName }),
    },
  },
  PutBackupVaultNotifications: {
    good: (world) => ({
      ...vault(world),
      SNSTopicArn: `arn:aws:sns:us-east-1:${SCOPE.accountId}:topic`,
      BackupVaultEvents: ['BACKUP_JOB_STARTED'],
    }),
    errors: { ...vaultErrors, InvalidParameterValueException: () => ({ SNSTopicArn: 'a-topic' }) },
  },
  GetBackupVaultNotifications: {
    good: vault,
    errors: { ...vaultErrors, ResourceNotFoundException: async (world) => ({ BackupVaultName: await world.vault() }) },
  },
  DeleteBackupVaultNotifications: { good: vault, errors: vaultErrors },
};
