/** Operations on jobs. */
import * as sdk from '@aws-sdk/client-backup';
import { BAD_ID, badPage, list, NO_ID, type Table, TOO_MANY_TAGS, vault, vaultArn } from './case-forms.ts';
import { NO_POINT, NO_RESOURCE, RESTORE_METADATA, ROLE, SCOPE } from './world.ts';

export const jobCases: Table = {
  StartBackupJob: {
    good: (world) => ({ ...vault(world), ResourceArn: world.resource, IamRoleArn: ROLE }),
    errors: {
      MissingParameterValueException: { missing: 'IamRoleArn' },
      InvalidParameterValueException: () => ({ IamRoleArn: `arn:aws:iam::${SCOPE.accountId}:role/none` }),
      InvalidRequestException: async (world) => {
        const BackupVaultName = world.fresh();
        const days = { MinRetentionDays: 7, MaxRetentionDays: 10 };
        await world.client.send(new sdk.CreateLogicallyAirGappedBackupVaultCommand({ BackupVaultName, ...days }));
        return { BackupVaultName };
      },
      LimitExceededException: () => ({ RecoveryPointTags: TOO_MANY_TAGS }),
      ResourceNotFoundException: () => ({ BackupVaultName: 'no-such-vault' }),
    },
  },
  StopBackupJob: {
    good: ({ backupJobId }) => ({ BackupJobId: backupJobId }),
    errors: {
      MissingParameterValueException: { missing: 'BackupJobId' },
      InvalidParameterValueException: () => ({ BackupJobId: BAD_ID }),
      InvalidRequestException: async ({ client, vaultName, resource }) => {
        const { BackupJobId } = await client.send(
          new sdk.StartBackupJobCommand({ BackupVaultName: vaultName, ResourceArn: resource, IamRoleArn: ROLE }),
        );
        await client.send(new sdk.StopBackupJobCommand({ BackupJobId }));
        return { BackupJobId };
      },
      ResourceNotFoundException: () => ({ BackupJobId: NO_ID }),
    },
  },
  DescribeBackupJob: {
    good: ({ backupJobId }) => ({ BackupJobId: backupJobId }),
    errors: {
      MissingParameterValueException: { missing: 'BackupJobId' },
      InvalidParameterValueException: () => ({ BackupJobId: BAD_ID }),
      ResourceNotFoundException: () => ({ BackupJobId: NO_ID }),
    },
  },
  ListBackupJobs: list,
  StartCopyJob: {
    good: (world) => ({
      RecoveryPointArn: world.point,
      SourceBackupVaultName: world.vaultName,
      DestinationBackupVaultArn: vaultArn('Default'),
      IamRoleArn: ROLE,
    }),
    errors: {
      MissingParameterValueException: { missing: 'DestinationBackupVaultArn' },
      InvalidParameterValueException: () => ({ DestinationBackupVaultArn: 'no-arn' }),
      InvalidRequestException: async (world) => ({
        RecoveryPointArn: await world.putPoint(world.vaultName, { isContinuous: true }),
      }),
      ResourceNotFoundException: () => ({ RecoveryPointArn: NO_POINT }),
    },
  },
  DescribeCopyJob: {
    good: ({ copyJobId }) => ({ CopyJobId: copyJobId }),
    errors: {
      MissingParameterValueException: { missing: 'CopyJobId' },
      InvalidParameterValueException: () => ({ CopyJobId: BAD_ID }),
      ResourceNotFoundException: () => ({ CopyJobId: NO_ID }),
    },
  },
  ListCopyJobs: list,
  StartRestoreJob: {
    good: (world) => ({ RecoveryPointArn: world.point, Metadata: RESTORE_METADATA, IamRoleArn: ROLE }),
    errors: {
      MissingParameterValueException: { missing: 'Metadata' },
      InvalidParameterValueException: () => ({ ResourceType: 'S3' }),
      InvalidRequestException: async (world) => ({
        RecoveryPointArn: await world.putPoint(world.vaultName, { status: 'DELETING' }),
      }),
      ResourceNotFoundException: () => ({ RecoveryPointArn: NO_POINT }),
    },
  },
  DescribeRestoreJob: {
    good: ({ restoreJobId }) => ({ RestoreJobId: restoreJobId }),
    errors: {
      MissingParameterValueException: { missing: 'RestoreJobId' },
      InvalidParameterValueException: () => ({ RestoreJobId: BAD_ID }),
      ResourceNotFoundException: () => ({ RestoreJobId: NO_ID }),
    },
  },
  GetRestoreJobMetadata: {
    good: ({ restoreJobId }) => ({ RestoreJobId: restoreJobId }),
    errors: {
      MissingParameterValueException: { missing: 'RestoreJobId' },
      InvalidParameterValueException: () => ({ RestoreJobId: BAD_ID }),
      ResourceNotFoundException: () => ({ RestoreJobId: NO_ID }),
    },
  },
  ListRestoreJobs: list,
  ListRestoreJobsByProtectedResource: {
    good: ({ resource }) => ({ ResourceArn: resource }),
    errors: {
      MissingParameterValueException: { missing: 'ResourceArn' },
      InvalidParameterValueException: badPage,
      ResourceNotFoundException: () => ({ ResourceArn: NO_RESOURCE }),
    },
  },
  ListBackupJobSummaries: list,
  ListCopyJobSummaries: list,
  ListRestoreJobSummaries: list,
};
