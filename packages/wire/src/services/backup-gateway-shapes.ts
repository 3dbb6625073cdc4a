/** Values that travel between the gateway service and its clients, with their limits (GW-9, GW-10). */
import * as d from '../model/describe.ts';

export const GatewayArn = d.string({
  minLength: 50,
  maxLength: 180,
  pattern: 'arn:(aws|aws-cn|aws-us-gov):backup-gateway(:[a-zA-Z-0-9]+){3}\\/[a-zA-Z-0-9]+',
});
export const ServerArn = d.string({
  minLength: 50,
  maxLength: 500,
  pattern: 'arn:(aws|aws-cn|aws-us-gov):backup-gateway(:[a-zA-Z-0-9]+){3}\\/[a-zA-Z-0-9]+',
});
export const ActivationKey = d.string({ minLength: 1, maxLength: 50, pattern: '[0-9a-zA-Z\\-]+' });
export const Name = d.string({ minLength: 1, maxLength: 100, pattern: '[a-zA-Z0-9-]*' });
export const GatewayType = d.enumeration('BACKUP_VM');
export const TagKey = d.string({ minLength: 1, maxLength: 128, pattern: '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)' });
export const TagValue = d.string({ maxLength: 256, pattern: '[^\\x00]*' });
export const Tag = d.structure('Tag', { Key: d.required(TagKey), Value: d.required(TagValue) });
export const BandwidthRateLimitInterval = d.structure('BandwidthRateLimitInterval', {
  AverageUploadRateLimitInBitsPerSec: d.integer({ min: 51200, max: 8000000000000 }),
  StartHourOfDay: d.required(d.integer({ min: 0, max: 23 })),
  EndHourOfDay: d.required(d.integer({ min: 0, max: 23 })),
  StartMinuteOfHour: d.required(d.integer({ min: 0, max: 59 })),
  EndMinuteOfHour: d.required(d.integer({ min: 0, max: 59 })),
  DaysOfWeek: d.required(d.list(d.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 })),
});
export const MaintenanceStartTime = d.structure('MaintenanceStartTime', {
  DayOfMonth: d.integer({ min: 1, max: 31 }),
  DayOfWeek: d.integer({ min: 0, max: 6 }),
  HourOfDay: d.required(d.integer({ min: 0, max: 23 })),
  MinuteOfHour: d.required(d.integer({ min: 0, max: 59 })),
});
export const GatewayDetails = d.structure('GatewayDetails', {
  GatewayArn: GatewayArn,
  GatewayDisplayName: Name,
  GatewayType: GatewayType,
  HypervisorId: d.string({ minLength: 1, maxLength: 100 }),
  LastSeenTime: d.timestamp(),
  MaintenanceStartTime: MaintenanceStartTime,
  NextUpdateAvailabilityTime: d.timestamp(),
  VpcEndpoint: d.string({ minLength: 1, maxLength: 255 }),
  DeprecationDate: d.timestamp(),
  SoftwareVersion: Name,
});
export const Host = d.string({ minLength: 3, maxLength: 128, pattern: '.+' });
export const KmsKeyArn = d.string({
  minLength: 50,
  maxLength: 500,
  pattern: '(^arn:(aws|aws-cn|aws-us-gov):kms:([a-zA-Z0-9-]+):([0-9]+):(key|alias)/(\\S+)$)|(^alias/(\\S+)$)',
});
export const LogGroupArn = d.string({
  maxLength: 2048,
  pattern: '$|^arn:(aws|aws-cn|aws-us-gov):logs:([a-zA-Z0-9-]+):([0-9]+):log-group:[a-zA-Z0-9_\\-\\/\\.]+:\\*',
});
export const HypervisorState = d.enumeration('PENDING', 'ONLINE', 'OFFLINE', 'ERROR');
export const SyncMetadataStatus = d.enumeration('CREATED', 'RUNNING', 'FAILED', 'PARTIALLY_FAILED', 'SUCCEEDED');
export const HypervisorDetails = d.structure('HypervisorDetails', {
  Host: Host,
  HypervisorArn: ServerArn,
  KmsKeyArn: KmsKeyArn,
  Name: Name,
  LogGroupArn: LogGroupArn,
  State: HypervisorState,
  LastSuccessfulMetadataSyncTime: d.timestamp(),
  LatestMetadataSyncStatusMessage: d.string(),
  LatestMetadataSyncStatus: SyncMetadataStatus,
});
export const VmwareToAwsTagMapping = d.structure('VmwareToAwsTagMapping', {
  VmwareCategory: d.required(d.string({ minLength: 1, maxLength: 80 })),
  VmwareTagName: d.required(d.string({ minLength: 1, maxLength: 80 })),
  AwsTagKey: d.required(TagKey),
  AwsTagValue: d.required(TagValue),
});
export const IamRoleArn = d.string({
  minLength: 20,
  maxLength: 2048,
  pattern: 'arn:(aws|aws-cn|aws-us-gov):iam::([0-9]+):role/(\\S+)',
});
export const ResourceArn = d.string({
  minLength: 50,
  maxLength: 500,
  pattern: 'arn:(aws|aws-cn|aws-us-gov):backup-gateway(:[a-zA-Z-0-9]+){3}\\/[a-zA-Z-0-9]+',
});
export const Path = d.string({ minLength: 1, maxLength: 4096, pattern: '[^\\x00]+' });
export const VmwareTag = d.structure('VmwareTag', {
  VmwareCategory: d.string({ minLength: 1, maxLength: 80 }),
  VmwareTagName: d.string({ minLength: 1, maxLength: 80 }),
  VmwareTagDescription: d.string(),
});
export const VirtualMachineDetails = d.structure('VirtualMachineDetails', {
  HostName: Name,
  HypervisorId: d.string(),
  Name: Name,
  Path: Path,
  ResourceArn: ResourceArn,
  LastBackupDate: d.timestamp(),
  VmwareTags: d.list(VmwareTag),
});
export const Username = d.string({
  minLength: 1,
  maxLength: 100,
  pattern: '[ -\\.0-\\[\\]-~]*[!-\\.0-\\[\\]-~][ -\\.0-\\[\\]-~]*',
});
export const Password = d.string({ minLength: 1, maxLength: 100, pattern: '[ -~]+' });
export const NextToken = d.string({ minLength: 1, maxLength: 1000, pattern: '.+' });
export const Gateway = d.structure('Gateway', {
  GatewayArn: GatewayArn,
  GatewayDisplayName: Name,
  GatewayType: GatewayType,
  HypervisorId: d.string({ minLength: 1, maxLength: 100 }),
  LastSeenTime: d.timestamp(),
});
export const Hypervisor = d.structure('Hypervisor', {
  Host: Host,
  HypervisorArn: ServerArn,
  KmsKeyArn: KmsKeyArn,
  Name: Name,
  State: HypervisorState,
});
export const VirtualMachine = d.structure('VirtualMachine', {
  HostName: Name,
  HypervisorId: d.string(),
  Name: Name,
  Path: Path,
  ResourceArn: ResourceArn,
  LastBackupDate: d.timestamp(),
});
