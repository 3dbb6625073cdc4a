import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '../../policy/parse-policy.ts';
import { compilePattern, matchesPattern } from '../../policy/wildcard-pattern.ts';
import { currentDocument } from '../find-policy.ts';
import { BUILT_IN_POLICIES } from './built-in-policies.ts';

/** Permissions that the change log discloses (IAM-74): policy, then service and actions. */
const DISCLOSED: Readonly<Record<string, readonly string[]>> = {
  AWSServiceRolePolicyForBackupRestoreTesting: [
    'backup: DescribeRecoveryPoint DescribeProtectedResource ListProtectedResources ListRecoveryPointsByResource',
    'ec2: DescribeSnapshotTierStatus',
    'rds: DescribeDBClusterAutomatedBackups',
    'redshift: DescribeClusters DeleteCluster',
    'timestream: DeleteTable',
  ],
  AWSBackupServiceRolePolicyForRestores: [
    'ec2: DescribeSnapshotTierStatus RestoreSnapshotTier CreateTags DescribeImages DescribeInstances',
    'rds: RestoreDBClusterToPointInTime DescribeDBClusterSnapshots CreateDBInstance RestoreDBInstanceToPointInTime',
    'storagegateway: AddTagsToResource',
    'elasticfilesystem: TagResource',
    'fsx: TagResource DescribeVolumes CreateVolumeFromBackup DeleteVolume UntagResource',
    'cloudformation: TagResource CreateChangeSet DescribeChangeSet',
    'kms: GenerateDataKeyWithoutPlaintext',
    'timestream: StartAwsRestoreJob GetAwsRestoreStatus ListTables ListDatabases ListTagsForResource DescribeTable DescribeDatabase DescribeEndpoints',
    's3: GetBucketAcl',
    'redshift: RestoreFromClusterSnapshot RestoreTableFromClusterSnapshot DescribeClusters DescribeTableRestoreStatus',
    'backup-gateway: Restore',
    'dynamodb: RestoreTableFromAwsBackup',
  ],
  AWSBackupServiceRolePolicyForBackup: [
    'ec2: DescribeSnapshotTierStatus ModifySnapshotTier',
    'rds: DescribeDBClusterAutomatedBackups DeleteDBClusterAutomatedBackups ModifyDBCluster ModifyDBInstance',
    'timestream: StartAwsBackupJob GetAwsBackupStatus ListTables ListDatabases ListTagsForResource DescribeTable DescribeDatabase DescribeEndpoints',
    'redshift: CreateClusterSnapshot DescribeClusterSnapshots DescribeTags DeleteClusterSnapshot DescribeClusters CreateTags',
    'ssm-sap: GetOperation ListDatabases BackupDatabase UpdateHanaBackupSettings GetDatabase ListTagsForResource',
    'cloudformation: GetTemplate DescribeStacks ListStackResources',
    'fsx: DescribeVolumes CopyBackup CreateBackup ListTagsForResource',
    'backup-gateway: Backup ListTagsForResource',
    'dynamodb: StartAwsBackupJob ListTagsOfResource',
    'kms: Decrypt GenerateDataKey',
  ],
  AWSBackupServiceLinkedRolePolicyForBackup: [
    'ec2: DescribeSnapshotTierStatus ModifySnapshotTier DescribeVolumes DescribeInstances',
    'rds: DescribeDBClusterSnapshots RestoreDBClusterToPointInTime DescribeDBInstances DescribeDBClusters',
    'timestream: ListDatabases ListTables ListTagsForResource DescribeDatabase DescribeTable GetAwsBackupStatus GetAwsRestoreStatus DescribeEndpoints',
    'redshift: DescribeClusterSnapshots DescribeTags DeleteClusterSnapshot DescribeClusters',
    'ssm-sap: GetOperation',
    's3: GetBucketTagging ListAllMyBuckets',
    'backup-gateway: ListVirtualMachines ListTagsForResource',
    'dynamodb: ListTagsOfResource ListTables DeleteBackup',
    'elasticfilesystem: DescribeFileSystems',
    'storagegateway: ListVolumes',
    'fsx: DescribeFileSystems CopyBackup',
  ],
  AWSBackupFullAccess: [
    'rds: DescribeDBClusterAutomatedBackups DescribeDBInstanceAutomatedBackups',
    'ram: GetResourceShareAssociations',
    'backup-gateway: GetHypervisorPropertyMappings PutBandwidthRateLimitSchedule CreateGateway TagResource',
    'timestream: ListTables ListDatabases DescribeEndpoints',
    's3: ListAllMyBuckets',
    'redshift: DescribeClusters DescribeClusterSubnetGroups DescribeNodeConfigurationOptions DescribeOrderableClusterOptions DescribeClusterParameterGroups DescribeClusterTracks DescribeSnapshotSchedules',
    'ec2: DescribeAddresses',
    'cloudformation: ListStacks',
    'ssm-sap: GetOperation ListDatabases GetDatabase ListTagsForResource',
    'iam: CreateServiceLinkedRole PassRole',
  ],
  AWSBackupOperatorAccess: [
    'rds: DescribeDBClusterAutomatedBackups',
    'ram: GetResourceShareAssociations',
    'backup-gateway: GetHypervisorPropertyMappings GetVirtualMachine GetBandwidthRateLimitSchedule GetHypervisor ListGateways ListHypervisors ListTagsForResource ListVirtualMachines',
    'timestream: ListTables ListDatabases DescribeEndpoints',
    'redshift: DescribeClusters DescribeSnapshotSchedules',
    'ssm-sap: GetOperation ListDatabases GetDatabase ListTagsForResource',
    'backup: GetRecoveryPointRestoreMetadata StartBackupJob StartRestoreJob',
  ],
  AWSBackupServiceRolePolicyForS3Backup: [
    's3: PutInventoryConfiguration GetBucketAcl GetBucketNotification PutBucketNotification GetObjectVersion ListAllMyBuckets',
    'events: DescribeRule EnableRule PutRule DeleteRule PutTargets RemoveTargets ListTargetsByRule DisableRule ListRules',
    'cloudwatch: GetMetricData',
    'kms: Decrypt DescribeKey',
  ],
  AWSBackupServiceRolePolicyForS3Restore: [
    's3: PutBucketOwnershipControls GetBucketOwnershipControls CreateBucket PutObject ListMultipartUploadParts',
    'kms: Decrypt DescribeKey GenerateDataKey',
  ],
  AWSBackupOrganizationAdminAccess: [
    'organizations: ListDelegatedAdministrator RegisterDelegatedAdministrator DeregisterDelegatedAdministrator',
  ],
  AWSBackupDataTransferAccess: [
    'backup-storage: StartObject PutChunk GetChunk ListChunks ListObjects GetObjectMetadata NotifyObjectComplete',
  ],
  AWSBackupRestoreAccessForSAPHANA: [
    'backup: GetBackupPlan ListTags DescribeBackupJob StartBackupJob StartRestoreJob',
    'ssm-sap: GetOperation ListDatabases BackupDatabase RestoreDatabase UpdateHanaBackupSettings GetDatabase ListTagsForResource',
  ],
  AWSBackupGatewayServiceRolePolicyForVirtualMachineMetadataSync: [
    'backup-gateway: ListTagsForResource TagResource UntagResource',
  ],
  AWSBackupAuditAccess: ['config: DescribeComplianceByConfigRule', 'backup: CreateFramework StartReportJob'],
  AWSServiceRolePolicyForBackupReports: ['config: DescribeConfigRules DescribeConfigRuleEvaluationStatus'],
};

const byName = new Map([...BUILT_IN_POLICIES.values()].map((policy) => [policy.policyName, policy]));

for (const [name, lines] of Object.entries(DISCLOSED)) {
  test(`IAM-74: ${name} has every permission that the change log discloses`, () => {
    const policy = byName.get(name);
    assert.ok(policy !== undefined);
    const allowed = parsePolicy(currentDocument(policy), 'identity').statements.flatMap(
      ({ actions }) => actions.patterns,
    );
    for (const line of lines) {
      const [service = '', names = ''] = line.split(': ');
      for (const action of names.split(' ')) {
        const full = `${service}:${action}`.toLowerCase();
        const isAllowed = allowed.some((text) => {
          const pattern = compilePattern(text.toLowerCase());
          return pattern !== undefined && matchesPattern(pattern, full);
        });
        assert.ok(isAllowed, full);
      }
    }
  });
}

test('IAM-69: every managed policy of the guide exists, and none is larger than a policy may be', () => {
  for (const name of Object.keys(DISCLOSED)) assert.ok(byName.has(name), name);
  for (const policy of byName.values()) {
    const size = currentDocument(policy).replace(/\s/g, '').length;
    assert.ok(size <= 6144, `${policy.policyName}: ${size}`);
    assert.match(policy.policyId, /^ANPA[A-Z0-9]{16}$/);
  }
});

test('IAM-64: what a restore may delete or untag bears the system tag of a restore', () => {
  const policy = byName.get('AWSBackupServiceRolePolicyForRestores');
  assert.ok(policy !== undefined);
  const { statements } = parsePolicy(currentDocument(policy), 'identity');
  const deleting = statements.filter(({ actions }) => actions.patterns.includes('fsx:DeleteFileSystem'));
  assert.deepEqual(
    deleting.map(({ conditions }) => conditions.map(({ key }) => key)),
    [['aws:resourcetag/aws:backup:source-resource']],
  );
});
