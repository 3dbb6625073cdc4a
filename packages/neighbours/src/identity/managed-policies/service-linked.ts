import { actions, allow, type BuiltInPolicy } from './policy-text.ts';

/** The service-linked role that manages backups when no other role can (IAM-7, IAM-80). */
export const serviceLinkedRolePolicyForBackup: BuiltInPolicy = {
  policyName: 'AWSBackupServiceLinkedRolePolicyForBackup',
  path: '/aws-service-role/',
  description: 'Lets the backup service find resources, copy backups and delete expired ones',
  updatedOn: '2023-11-27',
  statements: [
    allow([
      actions('elasticfilesystem', 'Backup DescribeTags DescribeFileSystems'),
      actions('dynamodb', 'ListTables ListTagsOfResource DeleteBackup DescribeBackup'),
      actions('storagegateway', 'ListVolumes ListTagsForResource'),
      actions(
        'ec2',
        `DescribeVolumes DescribeInstances DescribeSnapshots DescribeImages DescribeTags CopySnapshot CopyImage CreateTags
         DeleteSnapshot DescribeSnapshotTierStatus ModifySnapshotTier`,
      ),
      actions(
        'rds',
        `DescribeDBInstances DescribeDBClusters DescribeDBSnapshots DescribeDBClusterSnapshots ListTagsForResource
         CopyDBSnapshot CopyDBClusterSnapshot DeleteDBSnapshot DeleteDBClusterSnapshot RestoreDBClusterToPointInTime
         AddTagsToResource`,
      ),
      actions('fsx', 'DescribeFileSystems DescribeBackups CopyBackup DeleteBackup ListTagsForResource TagResource'),
      actions('s3', 'ListAllMyBuckets GetBucketTagging'),
      actions('backup-gateway', 'ListVirtualMachines ListTagsForResource'),
      actions('redshift', 'DescribeClusterSnapshots DescribeTags DeleteClusterSnapshot DescribeClusters'),
      actions('ssm-sap', 'GetOperation'),
      actions(
        'timestream',
        `ListDatabases ListTables ListTagsForResource DescribeDatabase DescribeTable GetAwsBackupStatus
         GetAwsRestoreStatus DescribeEndpoints`,
      ),
      actions('tag', 'GetResources'),
      actions('kms', 'DescribeKey'),
      actions('organizations', 'DescribeOrganization'),
      actions('backup', 'DescribeBackupVault CopyIntoBackupVault CopyFromBackupVault'),
    ]),
  ],
};

export const servicePolicyForBackupReports: BuiltInPolicy = {
  policyName: 'AWSServiceRolePolicyForBackupReports',
  path: '/aws-service-role/',
  description: 'Lets the backup service watch backup settings, jobs and resources against frameworks',
  updatedOn: '2023-03-09',
  statements: [
    allow([
      actions('backup', 'DescribeFramework ListBackupJobs ListRestoreJobs ListCopyJobs'),
      actions(
        'config',
        `DescribeConfigurationRecorders DescribeConfigurationRecorderStatus BatchGetResourceConfig
         SelectResourceConfig DescribeConfigRules DescribeConfigRuleEvaluationStatus PutConfigRule DeleteConfigRule
         GetComplianceDetailsByConfigRule`,
      ),
    ]),
  ],
};

export const servicePolicyForBackupRestoreTesting: BuiltInPolicy = {
  policyName: 'AWSServiceRolePolicyForBackupRestoreTesting',
  path: '/aws-service-role/',
  description: 'Lets the backup service run restore tests and delete what they made',
  updatedOn: '2024-02-14',
  statements: [
    allow([
      actions(
        'backup',
        'DescribeRecoveryPoint DescribeProtectedResource ListProtectedResources ListRecoveryPointsByResource',
      ),
      actions('ec2', 'DescribeSnapshotTierStatus DescribeInstances DescribeVolumes DescribeSnapshots'),
      actions('rds', 'DescribeDBClusterAutomatedBackups DescribeDBInstances DescribeDBClusters DescribeDBSnapshots'),
      actions('redshift', 'DescribeClusters'),
      actions('s3', 'GetBucketLocation ListBucketVersions'),
    ]),
    allow(
      [
        actions('ec2', 'DeleteVolume TerminateInstances'),
        actions('rds', 'DeleteDBInstance DeleteDBCluster'),
        actions('dynamodb', 'DeleteTable'),
        actions('elasticfilesystem', 'DeleteFilesystem'),
        actions('fsx', 'DeleteFileSystem DeleteVolume'),
        actions('redshift', 'DeleteCluster'),
        actions('timestream', 'DeleteTable'),
        actions('s3', 'DeleteBucket DeleteObject'),
      ],
      ['*'],
      { Condition: { Null: { 'aws:ResourceTag/awsbackup-restore-test': 'false' } } },
    ),
  ],
};

/** Synchronising the tags of virtual machines with the inventory of their hypervisor. */
export const gatewayPolicyForMetadataSync: BuiltInPolicy = {
  policyName: 'AWSBackupGatewayServiceRolePolicyForVirtualMachineMetadataSync',
  path: '/service-role/',
  description: 'Lets the gateway synchronise tags of virtual machines',
  updatedOn: '2022-12-15',
  statements: [
    allow([actions('backup-gateway', 'ListTagsForResource')]),
    allow([actions('backup-gateway', 'TagResource UntagResource')], ['arn:aws:backup-gateway:*:*:vm/*']),
  ],
};
