import { actions, allow, type BuiltInPolicy } from './policy-text.ts';

const BUCKETS = ['arn:aws:s3:::*'];
const OBJECTS = ['arn:aws:s3:::*/*'];
const VIA_S3 = { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } };

/** Backup of buckets (IAM-46). */
export const serviceRolePolicyForS3Backup: BuiltInPolicy = {
  policyName: 'AWSBackupServiceRolePolicyForS3Backup',
  path: '/',
  description: 'Lets the backup service back up any bucket with the role that has this policy',
  updatedOn: '2023-08-01',
  statements: [
    allow(
      [
        actions(
          's3',
          `GetInventoryConfiguration PutInventoryConfiguration ListBucketVersions ListBucket GetBucketVersioning
           GetBucketNotification PutBucketNotification GetBucketLocation GetBucketTagging GetBucketAcl`,
        ),
      ],
      BUCKETS,
      { Sid: 'S3BucketBackupPermissions' },
    ),
    allow(
      [
        actions(
          's3',
          'GetObjectAcl GetObject GetObjectVersionTagging GetObjectVersionAcl GetObjectTagging GetObjectVersion',
        ),
      ],
      OBJECTS,
      { Sid: 'S3ObjectBackupPermissions' },
    ),
    allow([actions('s3', 'ListAllMyBuckets')], ['*'], { Sid: 'S3GlobalPermissions' }),
    allow([actions('kms', 'Decrypt DescribeKey')], ['*'], { Sid: 'KMSBackupPermissions', Condition: VIA_S3 }),
    allow(
      [
        actions(
          'events',
          'DescribeRule EnableRule PutRule DeleteRule PutTargets RemoveTargets ListTargetsByRule DisableRule',
        ),
      ],
      ['arn:aws:events:*:*:rule/AwsBackupManagedRule*'],
      { Sid: 'EventsPermissions' },
    ),
    allow([actions('cloudwatch', 'GetMetricData'), actions('events', 'ListRules')], ['*'], {
      Sid: 'EventsMetricsGlobalPermissions',
    }),
  ],
};

/** Restore of buckets (IAM-56). */
export const serviceRolePolicyForS3Restore: BuiltInPolicy = {
  policyName: 'AWSBackupServiceRolePolicyForS3Restore',
  path: '/',
  description: 'Lets the backup service restore buckets with the role that has this policy',
  updatedOn: '2023-02-13',
  statements: [
    allow(
      [
        actions(
          's3',
          `CreateBucket ListBucketVersions ListBucket GetBucketVersioning GetBucketLocation PutBucketVersioning
           PutBucketOwnershipControls GetBucketOwnershipControls`,
        ),
      ],
      BUCKETS,
      { Sid: 'S3BucketRestorePermissions' },
    ),
    allow(
      [
        actions(
          's3',
          `GetObject GetObjectVersion DeleteObject PutObjectVersionAcl GetObjectVersionAcl GetObjectTagging
           PutObjectTagging GetObjectAcl PutObjectAcl PutObject ListMultipartUploadParts`,
        ),
      ],
      OBJECTS,
      { Sid: 'S3ObjectRestorePermissions' },
    ),
    allow([actions('kms', 'Decrypt DescribeKey GenerateDataKey')], ['*'], {
      Sid: 'S3KMSPermissions',
      Condition: VIA_S3,
    }),
  ],
};
