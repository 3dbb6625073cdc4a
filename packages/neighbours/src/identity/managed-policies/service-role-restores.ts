import { actions, allow, type BuiltInPolicy } from './policy-text.ts';

const SNAPSHOTS_AND_VOLUMES = ['arn:aws:ec2:*::snapshot/*', 'arn:aws:ec2:*:*:volume/*'];
const FSX = ['arn:aws:fsx:*:*:file-system/*', 'arn:aws:fsx:*:*:volume/*'];
const FSX_BACKUPS = 'arn:aws:fsx:*:*:backup/*';

/** What a service role needs to restore backups of every supported type (IAM-40, IAM-57 to IAM-67, IAM-74). */
export const serviceRolePolicyForRestores: BuiltInPolicy = {
  policyName: 'AWSBackupServiceRolePolicyForRestores',
  path: '/service-role/',
  description: 'Lets the backup service restore backups of all supported types with the role that has this policy',
  updatedOn: '2023-11-27',
  statements: [
    allow(
      [
        actions(
          'dynamodb',
          `Scan Query UpdateItem PutItem GetItem DeleteItem BatchWriteItem DescribeTable RestoreTableFromBackup
           RestoreTableFromAwsBackup`,
        ),
      ],
      ['arn:aws:dynamodb:*:*:table/*', 'arn:aws:dynamodb:*:*:table/*/backup/*'],
    ),
    allow([actions('ec2', 'CreateVolume DeleteVolume RestoreSnapshotTier')], SNAPSHOTS_AND_VOLUMES),
    allow([
      actions('ec2', 'DescribeImages DescribeInstances DescribeSnapshots DescribeVolumes DescribeSnapshotTierStatus'),
    ]),
    allow([actions('ec2', 'RunInstances')]),
    allow([actions('ec2', 'TerminateInstances')], ['arn:aws:ec2:*:*:instance/*']),
    allow([actions('ec2', 'CreateTags')], ['*'], {
      Condition: { StringEquals: { 'ec2:CreateAction': ['RunInstances', 'CreateVolume'] } },
    }),
    allow(
      [
        actions(
          'storagegateway',
          'DeleteVolume DescribeCachediSCSIVolumes DescribeStorediSCSIVolumes AddTagsToResource',
        ),
      ],
      ['arn:aws:storagegateway:*:*:gateway/*/volume/*'],
    ),
    allow(
      [actions('storagegateway', 'DescribeGatewayInformation CreateStorediSCSIVolume CreateCachediSCSIVolume')],
      ['arn:aws:storagegateway:*:*:gateway/*'],
    ),
    allow([actions('storagegateway', 'ListVolumes')], ['arn:aws:storagegateway:*:*:*']),
    allow([
      actions(
        'rds',
        `DescribeDBInstances DescribeDBSnapshots ListTagsForResource RestoreDBInstanceFromDBSnapshot DeleteDBInstance
         AddTagsToResource DescribeDBClusters RestoreDBClusterFromSnapshot DeleteDBCluster CreateDBInstance
         RestoreDBInstanceToPointInTime RestoreDBClusterToPointInTime DescribeDBClusterSnapshots`,
      ),
    ]),
    allow(
      [actions('elasticfilesystem', 'Restore CreateFilesystem DescribeFilesystems DeleteFilesystem TagResource')],
      ['arn:aws:elasticfilesystem:*:*:file-system/*'],
    ),
    allow([actions('kms', 'DescribeKey')]),
    allow(
      [actions('kms', 'Decrypt Encrypt GenerateDataKey ReEncryptTo ReEncryptFrom GenerateDataKeyWithoutPlaintext')],
      ['*'],
      {
        Condition: {
          StringLike: {
            'kms:ViaService': [
              'dynamodb.*.amazonaws.com',
              'ec2.*.amazonaws.com',
              'elasticfilesystem.*.amazonaws.com',
              'rds.*.amazonaws.com',
              'redshift.*.amazonaws.com',
            ],
          },
        },
      },
    ),
    allow([actions('fsx', 'CreateFileSystemFromBackup CreateVolumeFromBackup')], [...FSX, FSX_BACKUPS]),
    allow([actions('fsx', 'DescribeFileSystems DescribeVolumes TagResource')], FSX),
    allow([actions('fsx', 'DescribeBackups')], [FSX_BACKUPS]),
    allow([actions('fsx', 'DeleteFileSystem DeleteVolume UntagResource')], FSX, {
      Condition: { Null: { 'aws:ResourceTag/aws:backup:source-resource': 'false' } },
    }),
    allow([actions('ds', 'DescribeDirectories')]),
    allow([actions('backup-gateway', 'Restore')], ['arn:aws:backup-gateway:*:*:hypervisor/*'], {
      Sid: 'GatewayRestorePermissions',
    }),
    allow([actions('cloudformation', 'CreateChangeSet DescribeChangeSet TagResource')]),
    allow([
      actions(
        'redshift',
        'RestoreFromClusterSnapshot RestoreTableFromClusterSnapshot DescribeClusters DescribeTableRestoreStatus',
      ),
    ]),
    allow([
      actions(
        'timestream',
        `StartAwsRestoreJob GetAwsRestoreStatus ListTables ListDatabases ListTagsForResource DescribeTable
         DescribeDatabase DescribeEndpoints`,
      ),
    ]),
    allow([actions('s3', 'GetBucketAcl')], ['arn:aws:s3:::*']),
  ],
};
