/** Words for resource types: the API's own, their aliases, and which abilities AWS's table grants them. */

/** The types of AWS's region settings, in AWS's spelling. Terraform keeps this whole map: nothing else belongs in it. */
export const OPT_IN_RESOURCE_TYPES: readonly string[] = [
  'Aurora',
  'CloudFormation',
  'DSQL',
  'DocumentDB',
  'DynamoDB',
  'EBS',
  'EC2',
  'EFS',
  'FSx',
  'Neptune',
  'RDS',
  'Redshift',
  'Redshift Serverless',
  'S3',
  'SAP HANA on Amazon EC2',
  'Storage Gateway',
  'Timestream',
  'VirtualMachine',
];

export const MANAGEMENT_RESOURCE_TYPES: readonly string[] = ['DynamoDB', 'EFS'];

const ALIASES: ReadonlyMap<string, string> = new Map([
  ...OPT_IN_RESOURCE_TYPES.map((type) => [type.toLowerCase(), type] as const),
  ['docdb', 'DocumentDB'],
  ['storagegateway', 'Storage Gateway'],
  ['saphana', 'SAP HANA on Amazon EC2'],
  ['eks', 'EKS'],
]);

/** The one spelling of a resource type that is stored and answered; unknown words come back as they are (API-14). */
export function canonicalResourceType(type: string): string {
  return ALIASES.get(type.toLowerCase()) ?? type;
}

const COLD_STORAGE_TYPES: ReadonlySet<string> = new Set([
  'CloudFormation',
  'DynamoDB',
  'EFS',
  'SAP HANA on Amazon EC2',
  'Timestream',
  'VirtualMachine',
]);

/** Whether recovery points of the type can move to cold storage (CORE-13); EBS only with the archive opt-in. */
export function canMoveToColdStorage(resourceType: string, optInToArchive: boolean): boolean {
  return COLD_STORAGE_TYPES.has(resourceType) || (resourceType === 'EBS' && optInToArchive);
}

const ARN_FORMS: readonly (readonly [RegExp, string])[] = [
  [/^arn:[^:]+:elasticfilesystem:.*:file-system\//, 'EFS'],
  [/^arn:[^:]+:s3:::/, 'S3'],
  [/^arn:[^:]+:ec2:.*:volume\//, 'EBS'],
  [/^arn:[^:]+:ec2:.*:instance\//, 'EC2'],
  [/^arn:[^:]+:dynamodb:.*:table\//, 'DynamoDB'],
  [/^arn:[^:]+:rds:.*:db:/, 'RDS'],
  [/^arn:[^:]+:rds:.*:cluster:/, 'Aurora'],
  [/^arn:[^:]+:fsx:.*:(file-system|volume)\//, 'FSx'],
  [/^arn:[^:]+:storagegateway:.*:gateway\/.*\/volume\//, 'Storage Gateway'],
  [/^arn:[^:]+:cloudformation:.*:stack\//, 'CloudFormation'],
  [/^arn:[^:]+:redshift:.*:cluster:/, 'Redshift'],
  [/^arn:[^:]+:timestream:.*:database\//, 'Timestream'],
  [/^arn:[^:]+:backup-gateway:.*:vm\//, 'VirtualMachine'],
  [/^arn:[^:]+:ssm-sap:/, 'SAP HANA on Amazon EC2'],
];

/** The type that an ARN's form speaks of, for messages about resources that nobody has discovered. */
export function resourceTypeOfArn(arn: string): string | undefined {
  return ARN_FORMS.find(([form]) => form.test(arn))?.[1];
}
