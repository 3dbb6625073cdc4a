/**
 * What backups of each kind of resource can do (CORE-13), as data: one record per row of the feature table. An ability
 * that is not stated here does not exist (CORE-10).
 */

/** Between which places backups of a row can be copied by one copy. */
export interface CopyAbility {
  readonly crossRegion: boolean;
  readonly crossAccount: boolean;
  /** One copy crosses regions or accounts, never both (CORE-14). */
  readonly onlyOneAtOnce: boolean;
}

export interface CapabilityRow {
  readonly row: string;
  /** The type as the API names it (CORE-8). */
  readonly resourceType: string;
  readonly copy: CopyAbility;
  /** Whether audit controls cover it; ONTAP lacks the two controls about copies (CORE-17). */
  readonly auditManager: 'yes' | 'no' | 'without-copy-controls';
  readonly incremental: boolean;
  /** Continuous backup and restore to a point in time. */
  readonly pointInTime: boolean;
  /** Backups are encrypted and named by the backup service itself. */
  readonly fullManagement: boolean;
  /** `archive-opt-in`: only with OptInToArchiveForSupportedResources (CORE-23). */
  readonly coldStorage: 'yes' | 'no' | 'archive-opt-in';
  /** Whether backups in cold storage hold all data themselves (PLAN-84). */
  readonly coldForm?: 'full' | 'incremental';
  /** What one item of an item-level restore is; absent when whole resources only. */
  readonly item?: string;
  readonly restoreTesting: boolean;
}

const ANYWHERE: CopyAbility = { crossRegion: true, crossAccount: true, onlyOneAtOnce: false };
const ONE_AT_ONCE: CopyAbility = { crossRegion: true, crossAccount: true, onlyOneAtOnce: true };
const NOWHERE: CopyAbility = { crossRegion: false, crossAccount: false, onlyOneAtOnce: false };

const PLAIN = {
  copy: ANYWHERE,
  auditManager: 'yes',
  incremental: true,
  pointInTime: false,
  fullManagement: false,
  coldStorage: 'no',
  restoreTesting: true,
} as const;

export const CAPABILITY_MATRIX: readonly CapabilityRow[] = [
  { ...PLAIN, row: 'EC2', resourceType: 'EC2' },
  { ...PLAIN, row: 'S3', resourceType: 'S3', pointInTime: true, fullManagement: true, item: 'object' },
  { ...PLAIN, row: 'EBS', resourceType: 'EBS', coldStorage: 'archive-opt-in', coldForm: 'full' },
  { ...PLAIN, row: 'RDS single instance', resourceType: 'RDS', copy: ONE_AT_ONCE, pointInTime: true },
  { ...PLAIN, row: 'RDS Multi-AZ cluster', resourceType: 'RDS', copy: NOWHERE },
  { ...PLAIN, row: 'Aurora', resourceType: 'Aurora', copy: ONE_AT_ONCE, pointInTime: true },
  {
    ...PLAIN,
    row: 'EFS',
    resourceType: 'EFS',
    fullManagement: true,
    coldStorage: 'yes',
    coldForm: 'incremental',
    item: 'file or directory',
  },
  { ...PLAIN, row: 'FSx for Lustre', resourceType: 'FSx' },
  { ...PLAIN, row: 'FSx for Windows File Server', resourceType: 'FSx' },
  { ...PLAIN, row: 'FSx for ONTAP', resourceType: 'FSx', copy: NOWHERE, auditManager: 'without-copy-controls' },
  { ...PLAIN, row: 'FSx for OpenZFS', resourceType: 'FSx' },
  { ...PLAIN, row: 'Storage Gateway volume', resourceType: 'Storage Gateway', restoreTesting: false },
  { ...PLAIN, row: 'DocumentDB', resourceType: 'DocumentDB', copy: ONE_AT_ONCE, incremental: false },
  { ...PLAIN, row: 'Neptune', resourceType: 'Neptune', copy: ONE_AT_ONCE, incremental: false },
  {
    ...PLAIN,
    row: 'Redshift',
    resourceType: 'Redshift',
    copy: NOWHERE,
    auditManager: 'no',
    incremental: false,
    item: 'table',
  },
  {
    ...PLAIN,
    row: 'Timestream',
    resourceType: 'Timestream',
    fullManagement: true,
    coldStorage: 'yes',
    coldForm: 'incremental',
    item: 'table',
  },
  { ...PLAIN, row: 'EC2 with Windows VSS', resourceType: 'EC2', restoreTesting: false },
  {
    ...PLAIN,
    row: 'Virtual machine',
    resourceType: 'VirtualMachine',
    fullManagement: true,
    coldStorage: 'yes',
    coldForm: 'incremental',
    item: 'disk',
    restoreTesting: false,
  },
  {
    ...PLAIN,
    row: 'CloudFormation',
    resourceType: 'CloudFormation',
    auditManager: 'no',
    fullManagement: true,
    coldStorage: 'yes',
    coldForm: 'incremental',
    restoreTesting: false,
  },
  { ...PLAIN, row: 'DynamoDB, basic', resourceType: 'DynamoDB', copy: NOWHERE, incremental: false },
  {
    ...PLAIN,
    row: 'DynamoDB, advanced',
    resourceType: 'DynamoDB',
    incremental: false,
    fullManagement: true,
    coldStorage: 'yes',
    coldForm: 'full',
  },
  {
    ...PLAIN,
    row: 'SAP HANA on EC2',
    resourceType: 'SAP HANA on Amazon EC2',
    copy: NOWHERE,
    auditManager: 'no',
    pointInTime: true,
    fullManagement: true,
    coldStorage: 'yes',
    coldForm: 'incremental',
    restoreTesting: false,
  },
];
