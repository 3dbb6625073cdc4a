/**
 * What a service role must be allowed for each type of resource (IAM-27, IAM-46 to IAM-67, BKP-57, RST-33), as data. Of
 * the policy templates of the guide those rights that the job makes use of, so that a role made from a template passes.
 */

/** `actions place`, with the actions of one service in one text. Places are spelled out in `role-rights.ts`. */
export interface RightsRow {
  readonly on: RightPlace;
  readonly actions: string;
  readonly conditions?: Readonly<Record<string, string | boolean>>;
}

export type RightPlace =
  | 'resource'
  | 'objects'
  | 'anything'
  | 'snapshots'
  | 'volumes'
  | 'images'
  | 'file systems'
  | 'fsx backups'
  | 'db snapshots'
  | 'db cluster snapshots'
  | 'hypervisors';

export interface ResourceTypeRights {
  readonly backup: readonly RightsRow[];
  /** To read the resource's tags and write them to the backup. */
  readonly tags: readonly RightsRow[];
  /** Besides `backup`, to keep a continuous backup. */
  readonly continuous?: readonly RightsRow[];
  readonly restore: readonly RightsRow[];
  /** Instead of `restore`, when it is to a point in time. */
  readonly restoreToTime?: readonly RightsRow[];
  /** Besides `restore`, when the job makes a new resource of a type that can also be restored in place. */
  readonly restoreToNew?: readonly RightsRow[];
  readonly restoreTags?: readonly RightsRow[];
  /** Besides the rights on both vaults. */
  readonly copy?: readonly RightsRow[];
  /** Empty where backups belong to the backup service alone (CORE-46). */
  readonly delete?: readonly RightsRow[];
  /** The service that uses a key for a restore (IAM-67): `kms:ViaService`. */
  readonly keyService?: string;
}

const row = (on: RightPlace, actions: string, conditions?: RightsRow['conditions']): RightsRow => ({
  on,
  actions,
  ...(conditions === undefined ? {} : { conditions }),
});

const DELETE_SNAPSHOT = row('snapshots', 'ec2:DeleteSnapshot');
const SNAPSHOT_TAGS = [row('snapshots', 'ec2:CreateTags'), row('anything', 'ec2:DescribeTags')];

/** Aurora, DocumentDB and Neptune share one API. */
const CLUSTERS: ResourceTypeRights = {
  backup: [row('resource', 'rds:CreateDBClusterSnapshot rds:DescribeDBClusters rds:DescribeDBClusterSnapshots')],
  tags: [row('resource', 'rds:ListTagsForResource rds:AddTagsToResource')],
  restore: [row('resource', 'rds:DescribeDBClusters rds:RestoreDBClusterFromSnapshot')],
  restoreTags: [row('resource', 'rds:AddTagsToResource')],
  copy: [row('resource', 'rds:CopyDBClusterSnapshot')],
  delete: [row('db cluster snapshots', 'rds:DeleteDBClusterSnapshot')],
  keyService: 'rds',
};

export const RESOURCE_TYPE_RIGHTS: Readonly<Record<string, ResourceTypeRights>> = {
  EFS: {
    backup: [row('resource', 'elasticfilesystem:Backup')],
    tags: [row('resource', 'elasticfilesystem:DescribeTags')],
    restore: [row('resource', 'elasticfilesystem:Restore')],
    restoreToNew: [row('file systems', 'elasticfilesystem:CreateFilesystem')],
    restoreTags: [row('file systems', 'elasticfilesystem:TagResource')],
    keyService: 'elasticfilesystem',
  },
  S3: {
    backup: [
      row(
        'resource',
        's3:ListBucket s3:ListBucketVersions s3:GetBucketVersioning s3:GetBucketLocation s3:GetBucketAcl',
      ),
      row('objects', 's3:GetObject s3:GetObjectVersion s3:GetObjectAcl s3:GetObjectVersionAcl'),
    ],
    tags: [row('resource', 's3:GetBucketTagging'), row('objects', 's3:GetObjectTagging s3:GetObjectVersionTagging')],
    restore: [
      row('resource', 's3:ListBucket s3:GetBucketLocation'),
      row('objects', 's3:PutObject s3:PutObjectAcl s3:PutObjectTagging'),
    ],
    restoreToNew: [row('resource', 's3:CreateBucket')],
    keyService: 's3',
  },
  EBS: {
    backup: [
      row('resource', 'ec2:CreateSnapshot'),
      row('snapshots', 'ec2:CreateSnapshot'),
      row('anything', 'ec2:DescribeVolumes ec2:DescribeSnapshots'),
    ],
    tags: SNAPSHOT_TAGS,
    restore: [
      row('snapshots', 'ec2:CreateVolume'),
      row('volumes', 'ec2:CreateVolume'),
      row('anything', 'ec2:DescribeSnapshots ec2:DescribeVolumes'),
    ],
    restoreTags: [row('volumes', 'ec2:CreateTags', { 'ec2:CreateAction': 'CreateVolume' })],
    copy: [row('anything', 'ec2:CopySnapshot')],
    delete: [DELETE_SNAPSHOT],
    keyService: 'ec2',
  },
  EC2: {
    backup: [row('anything', 'ec2:CreateImage ec2:DescribeInstances ec2:DescribeImages ec2:DescribeInstanceAttribute')],
    tags: [row('images', 'ec2:CreateTags'), ...SNAPSHOT_TAGS],
    restore: [row('anything', 'ec2:RunInstances ec2:DescribeImages ec2:DescribeInstances')],
    restoreTags: [row('anything', 'ec2:CreateTags', { 'ec2:CreateAction': 'RunInstances' })],
    copy: [row('anything', 'ec2:CopyImage ec2:CopySnapshot')],
    delete: [row('anything', 'ec2:DeregisterImage'), DELETE_SNAPSHOT],
    keyService: 'ec2',
  },
  RDS: {
    backup: [row('resource', 'rds:CreateDBSnapshot rds:DescribeDBInstances rds:DescribeDBSnapshots')],
    tags: [row('resource', 'rds:ListTagsForResource rds:AddTagsToResource')],
    continuous: [row('resource', 'rds:ModifyDBInstance')],
    restore: [row('resource', 'rds:DescribeDBInstances rds:RestoreDBInstanceFromDBSnapshot')],
    restoreToTime: [row('resource', 'rds:DescribeDBInstances rds:RestoreDBInstanceToPointInTime')],
    restoreTags: [row('resource', 'rds:AddTagsToResource')],
    copy: [row('resource', 'rds:CopyDBSnapshot')],
    delete: [row('db snapshots', 'rds:DeleteDBSnapshot')],
    keyService: 'rds',
  },
  Aurora: {
    ...CLUSTERS,
    continuous: [row('resource', 'rds:ModifyDBCluster')],
    restoreToTime: [row('resource', 'rds:DescribeDBClusters rds:RestoreDBClusterToPointInTime')],
  },
  DocumentDB: CLUSTERS,
  Neptune: CLUSTERS,
  'Storage Gateway': {
    backup: [row('resource', 'storagegateway:CreateSnapshot'), row('anything', 'ec2:DescribeSnapshots')],
    tags: [row('resource', 'storagegateway:ListTagsForResource'), row('snapshots', 'ec2:CreateTags')],
    restore: [row('resource', 'storagegateway:DescribeCachediSCSIVolumes storagegateway:DescribeStorediSCSIVolumes')],
    restoreTags: [row('resource', 'storagegateway:AddTagsToResource')],
    delete: [DELETE_SNAPSHOT],
  },
  FSx: {
    backup: [row('resource', 'fsx:CreateBackup'), row('fsx backups', 'fsx:CreateBackup')],
    tags: [row('resource', 'fsx:ListTagsForResource'), row('fsx backups', 'fsx:TagResource')],
    restore: [row('fsx backups', 'fsx:DescribeBackups fsx:CreateFileSystemFromBackup')],
    restoreTags: [row('resource', 'fsx:TagResource')],
    copy: [row('fsx backups', 'fsx:CopyBackup')],
    delete: [row('fsx backups', 'fsx:DeleteBackup')],
  },
  DynamoDB: {
    backup: [row('resource', 'dynamodb:StartAwsBackupJob')],
    tags: [row('resource', 'dynamodb:ListTagsOfResource')],
    restore: [row('resource', 'dynamodb:RestoreTableFromAwsBackup')],
    keyService: 'dynamodb',
  },
  Timestream: {
    backup: [row('resource', 'timestream:StartAwsBackupJob timestream:GetAwsBackupStatus')],
    tags: [row('resource', 'timestream:ListTagsForResource')],
    restore: [row('resource', 'timestream:StartAwsRestoreJob timestream:GetAwsRestoreStatus')],
  },
  Redshift: {
    backup: [row('resource', 'redshift:CreateClusterSnapshot redshift:DescribeClusters')],
    tags: [row('resource', 'redshift:DescribeTags redshift:CreateTags')],
    restore: [row('resource', 'redshift:RestoreFromClusterSnapshot redshift:DescribeClusters')],
    delete: [row('resource', 'redshift:DeleteClusterSnapshot')],
    keyService: 'redshift',
  },
  CloudFormation: {
    backup: [
      row('resource', 'cloudformation:GetTemplate cloudformation:DescribeStacks cloudformation:ListStackResources'),
    ],
    tags: [],
    restore: [row('resource', 'cloudformation:CreateChangeSet cloudformation:DescribeChangeSet')],
    restoreTags: [row('resource', 'cloudformation:TagResource')],
  },
  VirtualMachine: {
    backup: [row('resource', 'backup-gateway:Backup')],
    tags: [row('resource', 'backup-gateway:ListTagsForResource')],
    restore: [row('hypervisors', 'backup-gateway:Restore')],
  },
  'SAP HANA on Amazon EC2': {
    backup: [row('resource', 'ssm-sap:BackupDatabase ssm-sap:GetOperation ssm-sap:GetDatabase')],
    tags: [row('resource', 'ssm-sap:ListTagsForResource')],
    restore: [row('resource', 'ssm-sap:RestoreDatabase ssm-sap:GetOperation')],
  },
};
