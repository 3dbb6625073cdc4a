/** An assignment of resources as a form holds it, and the selection that comes of it (PLAN-108 to PLAN-115). */
import type { BackupSelection } from '@aws-sdk/client-backup';

export const OPERATORS = [
  'equals',
  'contains',
  'beginsWith',
  'endsWith',
  'notEquals',
  'notContains',
  'notBeginsWith',
  'notEndsWith',
] as const;
export type Operator = (typeof OPERATORS)[number];

export interface SelectionForm {
  readonly name: string;
  readonly roleArn: string;
  readonly scope: 'all' | 'types' | 'resources';
  readonly types: readonly string[];
  readonly arns: readonly string[];
  readonly excluded: readonly string[];
  readonly conditions: readonly { readonly key: string; readonly operator: Operator; readonly value: string }[];
}

const PATTERNS: Readonly<Record<string, string>> = {
  Aurora: 'arn:aws:rds:*:*:cluster:*',
  CloudFormation: 'arn:aws:cloudformation:*:*:stack/*',
  DocumentDB: 'arn:aws:rds:*:*:cluster:*',
  DynamoDB: 'arn:aws:dynamodb:*:*:table/*',
  EBS: 'arn:aws:ec2:*:*:volume/*',
  EC2: 'arn:aws:ec2:*:*:instance/*',
  EFS: 'arn:aws:elasticfilesystem:*:*:file-system/*',
  FSx: 'arn:aws:fsx:*',
  Neptune: 'arn:aws:rds:*:*:cluster:*',
  RDS: 'arn:aws:rds:*:*:db:*',
  Redshift: 'arn:aws:redshift:*:*:cluster:*',
  S3: 'arn:aws:s3:::*',
  'SAP HANA on Amazon EC2': 'arn:aws:ssm-sap:*:*:HANA/*',
  'Storage Gateway': 'arn:aws:storagegateway:*:*:gateway/*',
  Timestream: 'arn:aws:timestream:*:*:database/*',
  VirtualMachine: 'arn:aws:backup-gateway:*:*:vm/*',
};

/** The types that an assignment can name. */
export const ASSIGNABLE_TYPES = Object.keys(PATTERNS);

export function selectionOf(form: SelectionForm): BackupSelection {
  const included = {
    all: ['*'],
    types: [...new Set(form.types.map((type) => PATTERNS[type] ?? '*'))],
    resources: [...form.arns],
  }[form.scope];
  const conditions = conditionsOf(form);
  return {
    SelectionName: form.name,
    IamRoleArn: form.roleArn,
    Resources: included,
    NotResources: form.excluded.length === 0 ? undefined : [...form.excluded],
    Conditions: Object.keys(conditions).length === 0 ? undefined : conditions,
  };
}

function conditionsOf(form: SelectionForm): NonNullable<BackupSelection['Conditions']> {
  const conditions: Record<string, { ConditionKey: string; ConditionValue: string }[]> = {};
  for (const { key, operator, value } of form.conditions) {
    if (key === '') continue;
    const isNegative = operator.startsWith('not');
    const kind = (isNegative ? operator.slice(3) : operator).toLowerCase();
    const pattern =
      { equals: value, contains: `*${value}*`, beginswith: `${value}*`, endswith: `*${value}` }[kind] ?? value;
    const name = `String${isNegative ? 'Not' : ''}${kind === 'equals' ? 'Equals' : 'Like'}`;
    conditions[name] = [
      ...(conditions[name] ?? []),
      { ConditionKey: `aws:ResourceTag/${key}`, ConditionValue: pattern },
    ];
  }
  return conditions;
}

/** Whether the form says what to assign. */
export function isSelectionReady(form: SelectionForm): boolean {
  const hasScope = { all: true, types: form.types.length > 0, resources: form.arns.length > 0 }[form.scope];
  return /^[a-zA-Z0-9\-_.]{1,50}$/.test(form.name) && form.roleArn.startsWith('arn:') && hasScope;
}
