import { actions, allow, type BuiltInPolicy } from './policy-text.ts';

/** What an administrator and an operator both look at to choose resources and follow restores (IAM-74). */
const READ_RESOURCES: readonly (readonly string[])[] = [
  actions(
    'rds',
    'DescribeDBSnapshots ListTagsForResource DescribeDBInstances DescribeDBEngineVersions DescribeOptionGroups DescribeOrderableDBInstanceOptions DescribeDBSubnetGroups DescribeDBClusterSnapshots DescribeDBClusters DescribeDBParameterGroups DescribeDBClusterParameterGroups DescribeDBInstanceAutomatedBackups DescribeDBClusterAutomatedBackups',
  ),
  actions('dynamodb', 'ListBackups ListTables'),
  actions('elasticfilesystem', 'DescribeFilesystems'),
  actions(
    'ec2',
    'DescribeSnapshots DescribeVolumes DescribeAvailabilityZones DescribeVpcs DescribeAccountAttributes DescribeSecurityGroups DescribeImages DescribeSubnets DescribeInstances DescribeInstanceTypes DescribePlacementGroups DescribeKeyPairs DescribeInternetGateways DescribeAddresses',
  ),
  actions('tag', 'GetTagKeys GetTagValues GetResources'),
  actions(
    'storagegateway',
    'DescribeCachediSCSIVolumes DescribeStorediSCSIVolumes ListGateways ListVolumes ListLocalDisks',
  ),
  actions('fsx', 'DescribeFileSystems DescribeBackups DescribeVolumes DescribeStorageVirtualMachines'),
  actions('cloudformation', 'ListStacks'),
  actions(
    'redshift',
    'DescribeClusters DescribeClusterSubnetGroups DescribeNodeConfigurationOptions DescribeOrderableClusterOptions DescribeClusterParameterGroups DescribeClusterTracks DescribeSnapshotSchedules',
  ),
  actions('timestream', 'ListTables ListDatabases DescribeEndpoints'),
  actions('s3', 'ListAllMyBuckets'),
  actions('ssm-sap', 'GetOperation ListDatabases GetDatabase ListTagsForResource'),
  actions('ram', 'GetResourceShareAssociations'),
  actions('iam', 'ListRoles GetRole'),
  actions('kms', 'ListKeys DescribeKey ListAliases'),
  actions('organizations', 'DescribeOrganization'),
];

/** A role may be passed to these services only. */
const BACKUP_SERVICES = ['backup.amazonaws.com', 'restore-testing.backup.amazonaws.com'];

export const backupFullAccess: BuiltInPolicy = {
  policyName: 'AWSBackupFullAccess',
  path: '/',
  description: 'For backup administrators: everything, including plans, assignments and restores',
  updatedOn: '2023-11-27',
  statements: [
    allow([['backup:*', 'backup-storage:*', 'backup-gateway:*']], ['*'], { Sid: 'AwsBackupAllAccessPermissions' }),
    allow(READ_RESOURCES, ['*'], { Sid: 'ResourceReadPermissions' }),
    allow([actions('kms', 'CreateGrant GenerateDataKey Decrypt RetireGrant')], ['*'], {
      Sid: 'KmsPermissions',
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
    allow([actions('iam', 'PassRole')], ['arn:aws:iam::*:role/*AwsBackup*', 'arn:aws:iam::*:role/*AWSBackup*'], {
      Sid: 'IamPassRolePermissions',
      Condition: { StringLike: { 'iam:PassedToService': BACKUP_SERVICES } },
    }),
    allow([actions('iam', 'CreateServiceLinkedRole')], ['*'], {
      Sid: 'IamCreateServiceLinkedRolePermissions',
      Condition: {
        StringEquals: { 'iam:AWSServiceName': [...BACKUP_SERVICES, 'reports.backup.amazonaws.com'] },
      },
    }),
  ],
};

export const backupOperatorAccess: BuiltInPolicy = {
  policyName: 'AWSBackupOperatorAccess',
  path: '/',
  description: 'For backup operators: assign resources to plans, back up on demand, restore (IAM-70)',
  updatedOn: '2023-09-06',
  statements: [
    allow([
      actions(
        'backup',
        `Get* List* Describe* CreateBackupSelection DeleteBackupSelection StartBackupJob StartRestoreJob StartCopyJob
         StopBackupJob`,
      ),
      actions(
        'backup-gateway',
        `ListGateways ListHypervisors ListTagsForResource ListVirtualMachines GetHypervisorPropertyMappings
         GetVirtualMachine GetBandwidthRateLimitSchedule GetHypervisor`,
      ),
    ]),
    allow(READ_RESOURCES),
    allow([actions('iam', 'PassRole')], ['arn:aws:iam::*:role/*AwsBackup*', 'arn:aws:iam::*:role/*AWSBackup*'], {
      Condition: { StringLike: { 'iam:PassedToService': ['backup.amazonaws.com'] } },
    }),
  ],
};

export const backupOrganizationAdminAccess: BuiltInPolicy = {
  policyName: 'AWSBackupOrganizationAdminAccess',
  path: '/',
  description: 'For organisation administrators: backup policies and their assignment to accounts and units',
  updatedOn: '2022-11-27',
  statements: [
    allow([
      actions(
        'organizations',
        `DisableAWSServiceAccess EnableAWSServiceAccess ListAWSServiceAccessForOrganization ListDelegatedAdministrators
         ListDelegatedAdministrator RegisterDelegatedAdministrator DeregisterDelegatedAdministrator AttachPolicy
         ListPoliciesForTarget ListTargetsForPolicy DetachPolicy DisablePolicyType DescribePolicy
         DescribeEffectivePolicy ListPolicies EnablePolicyType CreatePolicy UpdatePolicy DeletePolicy ListRoots
         ListParents ListOrganizationalUnitsForParent ListAccountsForParent ListAccounts ListChildren
         DescribeOrganizationalUnit DescribeAccount DescribeOrganization ListTagsForResource TagResource UntagResource`,
      ),
      actions('backup', 'UpdateGlobalSettings DescribeGlobalSettings ListBackupJobs ListCopyJobs ListRestoreJobs'),
    ]),
  ],
};

export const backupAuditAccess: BuiltInPolicy = {
  policyName: 'AWSBackupAuditAccess',
  path: '/',
  description: 'For auditors: frameworks, controls and report plans',
  updatedOn: '2023-04-11',
  statements: [
    allow([
      actions(
        'backup',
        `CreateFramework UpdateFramework ListFrameworks DescribeFramework DeleteFramework ListBackupPlans
         ListBackupVaults CreateReportPlan UpdateReportPlan ListReportPlans DescribeReportPlan DeleteReportPlan
         StartReportJob ListReportJobs DescribeReportJob`,
      ),
      actions(
        'config',
        `DescribeConfigurationRecorders DescribeConfigurationRecorderStatus DescribeComplianceByConfigRule
         GetComplianceDetailsByConfigRule`,
      ),
      actions('s3', 'GetBucketLocation'),
    ]),
    allow([actions('s3', 'ListBucket GetObject')], ['arn:aws:s3:::*']),
  ],
};

export const backupDataTransferAccess: BuiltInPolicy = {
  policyName: 'AWSBackupDataTransferAccess',
  path: '/',
  description: 'For machines whose agent sends backup data itself (IAM-76)',
  updatedOn: '2022-11-20',
  statements: [
    allow([
      actions(
        'backup-storage',
        'StartObject PutChunk GetChunk ListChunks ListObjects GetObjectMetadata NotifyObjectComplete',
      ),
    ]),
  ],
};

export const backupRestoreAccessForSapHana: BuiltInPolicy = {
  policyName: 'AWSBackupRestoreAccessForSAPHANA',
  path: '/',
  description: 'Restore of SAP HANA backups',
  updatedOn: '2022-11-20',
  statements: [
    allow([
      actions('backup', 'Get* List* Describe* StartBackupJob StartRestoreJob'),
      actions(
        'ssm-sap',
        `GetOperation ListDatabases BackupDatabase RestoreDatabase UpdateHanaBackupSettings GetDatabase
         ListTagsForResource`,
      ),
    ]),
  ],
};

export const administratorAccess: BuiltInPolicy = {
  policyName: 'AdministratorAccess',
  path: '/',
  description: 'Full access to everything in the account',
  updatedOn: '2021-03-10',
  statements: [allow([['*']])],
};
