import { actions, allow, type BuiltInPolicy } from './policy-text.ts';

const SNAPSHOTS = 'arn:aws:ec2:*::snapshot/*';
const VAULTS = 'arn:aws:backup:*:*:backup-vault:*';

/** What a service role needs to make backups of every supported type (IAM-39, IAM-47 to IAM-55, IAM-74). */
export const serviceRolePolicyForBackup: BuiltInPolicy = {
  policyName: 'AWSBackupServiceRolePolicyForBackup',
  path: '/service-role/',
  description: 'Lets the backup service make backups of all supported types with the role that has this policy',
  updatedOn: '2023-11-27',
  statements: [
    allow(
      [
        actions(
          'dynamodb',
          'DescribeTable CreateBackup DescribeBackup DeleteBackup StartAwsBackupJob ListTagsOfResource',
        ),
      ],
      ['arn:aws:dynamodb:*:*:table/*', 'arn:aws:dynamodb:*:*:table/*/backup/*'],
    ),
    allow([
      actions(
        'rds',
        `AddTagsToResource ListTagsForResource DescribeDBSnapshots CreateDBSnapshot CopyDBSnapshot DescribeDBInstances
         CreateDBClusterSnapshot DescribeDBClusters DescribeDBClusterSnapshots CopyDBClusterSnapshot ModifyDBInstance
         DescribeDBClusterAutomatedBackups DeleteDBClusterAutomatedBackups ModifyDBCluster`,
      ),
    ]),
    allow([actions('rds', 'DeleteDBSnapshot ModifyDBSnapshotAttribute')], ['arn:aws:rds:*:*:snapshot:awsbackup:*']),
    allow(
      [actions('rds', 'DeleteDBClusterSnapshot ModifyDBClusterSnapshotAttribute')],
      ['arn:aws:rds:*:*:cluster-snapshot:awsbackup:*'],
    ),
    allow(
      [actions('storagegateway', 'CreateSnapshot ListTagsForResource')],
      ['arn:aws:storagegateway:*:*:gateway/*/volume/*'],
    ),
    allow([actions('ec2', 'CreateTags DeleteSnapshot ModifySnapshotTier')], [SNAPSHOTS]),
    allow([actions('ec2', 'CreateSnapshot')], [SNAPSHOTS, 'arn:aws:ec2:*:*:volume/*']),
    allow([actions('ec2', 'CreateTags')], ['arn:aws:ec2:*:*:image/*', 'arn:aws:ec2:*::image/*']),
    allow([
      actions(
        'ec2',
        `CreateImage DeregisterImage CopyImage CopySnapshot DescribeVolumes DescribeSnapshots DescribeTags
         DescribeImages DescribeInstances DescribeInstanceAttribute DescribeInstanceCreditSpecifications
         DescribeNetworkInterfaces DescribeElasticGpus DescribeSpotInstanceRequests DescribeSnapshotTierStatus
         ModifySnapshotAttribute ModifyImageAttribute`,
      ),
    ]),
    allow([actions('elasticfilesystem', 'Backup DescribeTags')], ['arn:aws:elasticfilesystem:*:*:file-system/*']),
    allow(
      [
        actions(
          'fsx',
          `DescribeBackups CreateBackup DescribeFileSystems ListTagsForResource DeleteBackup DescribeVolumes
           ManageBackupPrincipalAssociations CopyBackup TagResource`,
        ),
      ],
      ['arn:aws:fsx:*:*:file-system/*', 'arn:aws:fsx:*:*:backup/*', 'arn:aws:fsx:*:*:volume/*'],
    ),
    allow([actions('backup-gateway', 'Backup ListTagsForResource')], ['arn:aws:backup-gateway:*:*:vm/*'], {
      Sid: 'BackupGatewayBackupPermissions',
    }),
    allow([actions('cloudformation', 'GetTemplate DescribeStacks ListStackResources')]),
    allow([
      actions(
        'redshift',
        'CreateClusterSnapshot DescribeClusterSnapshots DescribeTags DeleteClusterSnapshot DescribeClusters CreateTags',
      ),
    ]),
    allow([
      actions(
        'timestream',
        `StartAwsBackupJob GetAwsBackupStatus ListTables ListDatabases ListTagsForResource DescribeTable
         DescribeDatabase DescribeEndpoints`,
      ),
    ]),
    allow([
      actions(
        'ssm-sap',
        'GetOperation ListDatabases BackupDatabase UpdateHanaBackupSettings GetDatabase ListTagsForResource',
      ),
    ]),
    allow([actions('ssm', 'CancelCommand GetCommandInvocation')]),
    allow(
      [actions('ssm', 'SendCommand')],
      ['arn:aws:ssm:*:*:document/AWSEC2-CreateVssSnapshot', 'arn:aws:ec2:*:*:instance/*'],
    ),
    allow([actions('tag', 'GetResources'), actions('kms', 'DescribeKey')]),
    allow([actions('kms', 'Decrypt GenerateDataKey')], ['*'], {
      Condition: { StringLike: { 'kms:ViaService': 'dynamodb.*.amazonaws.com' } },
    }),
    // For copies into air-gapped vaults (VAULT-73).
    allow([actions('kms', 'CreateGrant')], ['*'], { Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }),
    allow([actions('backup', 'DescribeBackupVault CopyIntoBackupVault')], [VAULTS]),
    // Judged on the recovery point, whose ARN is of any service (COPY-39).
    allow([actions('backup', 'CopyFromBackupVault')]),
  ],
};
