import type { RestoreField } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import type { Flavour } from './flavour.ts';

/** Parameters of RestoreDBInstanceFromDBSnapshot and information keys that mean nothing here (RST-111, RST-112). */
const RDS_KEYS =
  'DBSnapshotIdentifier DBClusterSnapshotIdentifier DBInstanceClass AvailabilityZone DBSubnetGroupName MultiAZ ' +
  'PubliclyAccessible AutoMinorVersionUpgrade LicenseModel DBName Engine Iops StorageThroughput StorageType ' +
  'AllocatedStorage OptionGroupName DBParameterGroupName Tags TdeCredentialArn TdeCredentialPassword ' +
  'VpcSecurityGroupIds Domain DomainFqdn DomainOu DomainAuthSecretArn DomainDnsIps DomainIAMRoleName ' +
  'CopyTagsToSnapshot EnableIAMDatabaseAuthentication EnableCloudwatchLogsExports ProcessorFeatures ' +
  'UseDefaultProcessorFeatures DeletionProtection EnableCustomerOwnedIp CustomIamInstanceProfile BackupTarget ' +
  'NetworkType DedicatedLogVolume CACertificateIdentifier EngineVersion KmsKeyId Encrypted vpcId';

/** The keys of Aurora's restore metadata that mean nothing here (RST-116). */
const AURORA_KEYS =
  'availabilityZones backtrackWindow copyTagsToSnapshot databaseName dbClusterParameterGroupName dbSubnetGroupName ' +
  'enableCloudwatchLogsExports enableIAMDatabaseAuthentication engine engineMode engineVersion kmsKeyId ' +
  'optionGroupName scalingConfiguration vpcSecurityGroupIds Encrypted';

const IDENTIFIER = /^[a-z](?:-?[a-z0-9])*$/i;
const LONGEST_IDENTIFIER = 63;
const IGNORED_PREFIX = 'aws:backup:';

/** What a form shows and StartRestoreJob validates. */
export function restoreFieldsOf(flavour: Flavour): readonly RestoreField[] {
  return [
    {
      name: flavour.identifierKey,
      required: true,
      description: `Name of the new ${flavour.word}: 1 to 63 letters, digits and hyphens, a letter first; kept in lower case.`,
    },
    {
      name: 'Port',
      required: false,
      description: 'TCP port of the new instance on this machine; absent: a free one is chosen.',
    },
    {
      name: 'RestoreTime',
      required: false,
      description: 'Of a continuous recovery point: the moment to restore to, for example 2024-05-01T10:00:00Z.',
    },
    {
      name: 'UseLatestRestorableTime',
      required: false,
      description: 'Of a continuous recovery point: true restores to the latest moment that can be had.',
      values: ['true', 'false'],
    },
    {
      name: 'holdfast:hand-over',
      required: false,
      description:
        'instance: the new instance is started and runs; directory: its data directory is made ready to be started by you.',
      values: ['instance', 'directory'],
      defaultValue: flavour.startsInstance ? 'instance' : 'directory',
    },
  ];
}

export interface DatabaseRestoreMetadata {
  readonly identifier: string;
  readonly port: number | undefined;
  readonly restoreTime: number | 'latest' | undefined;
  readonly startsInstance: boolean;
  /** Keys that were given and have no meaning for a database on this machine, for the job's message (RST-16). */
  readonly withoutEffect: readonly string[];
}

/**
 * Reads the restore metadata of a request; keys without regard to case (RST-116).
 * @throws ConnectorError `invalid-request` that names the key
 */
export function parseRestoreMetadata(
  flavour: Flavour,
  metadata: Readonly<Record<string, string>>,
): DatabaseRestoreMetadata {
  const values = new Map(Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value]));
  const fields = restoreFieldsOf(flavour);
  const effective = new Set(fields.map(({ name }) => name.toLowerCase()));
  const handOver = values.get('holdfast:hand-over')?.toLowerCase();
  if (handOver !== undefined && handOver !== 'instance' && handOver !== 'directory') {
    refuse('holdfast:hand-over', `'${handOver}' is not one of instance, directory`);
  }
  const informational = new Set((flavour.resourceType === 'RDS' ? RDS_KEYS : AURORA_KEYS).toLowerCase().split(' '));
  const others = Object.keys(metadata).filter((key) => !effective.has(key.toLowerCase()));
  return {
    identifier: identifierIn(flavour, values),
    port: portIn(values.get('port')),
    restoreTime: restoreTimeIn(values),
    startsInstance: handOver === undefined ? flavour.startsInstance : handOver === 'instance',
    withoutEffect: others.filter(
      (key) => !informational.has(key.toLowerCase()) && !key.toLowerCase().startsWith(IGNORED_PREFIX),
    ),
  };
}

function identifierIn(flavour: Flavour, values: ReadonlyMap<string, string>): string {
  const key = flavour.identifierKey;
  const identifier = values.get(key.toLowerCase()) ?? '';
  if (identifier === '') refuse(key, 'is required');
  if (identifier.length > LONGEST_IDENTIFIER || !IDENTIFIER.test(identifier)) {
    refuse(key, `'${identifier}' is not 1 to 63 letters, digits and single hyphens that begin with a letter`);
  }
  return identifier.toLowerCase();
}

function portIn(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1024 || port > 65_535) refuse('Port', `'${text}' is not 1024 to 65535`);
  return port;
}

function restoreTimeIn(values: ReadonlyMap<string, string>): number | 'latest' | undefined {
  const latest = values.get('uselatestrestorabletime')?.toLowerCase();
  if (latest !== undefined && !['true', 'false'].includes(latest)) {
    refuse('UseLatestRestorableTime', `'${latest}' is not one of true, false`);
  }
  const text = values.get('restoretime')?.trim();
  if (text === undefined || text === '') return latest === 'true' ? 'latest' : undefined;
  if (latest === 'true') refuse('RestoreTime', 'goes with UseLatestRestorableTime=false only');
  if (text.toLowerCase() === 'latest') return 'latest';
  const at = /^\d{12,13}$/.test(text) ? Number(text) : timeWithZone(text);
  if (Number.isNaN(at)) refuse('RestoreTime', `'${text}' is no time; write it as 2024-05-01T10:00:00Z`);
  return at;
}

/** Without a zone a time would mean something else on every machine. */
function timeWithZone(text: string): number {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? Date.parse(text) : Number.NaN;
}

function refuse(key: string, reason: string): never {
  throw new ConnectorError('invalid-request', `Restore metadata ${key}: ${reason}.`);
}
