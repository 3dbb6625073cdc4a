import type { AuthorizationRequest } from '@holdfast/wire';
import type { TagMap } from '../identity/identity-records.ts';
import { accountOfArn, parseArn } from '../policy/arn.ts';
import { ConditionContext } from '../policy/condition-context.ts';
import { type AccessChecks, objectMember, textMember } from './access-checks.ts';
import type { AccessCheck } from './authorizer.ts';
import { BACKUP_OPERATIONS, type BackupResourceKind } from './backup-operations.ts';
import { passRoleChecks } from './pass-role-checks.ts';
import { requestTagConditions, resourceTagConditions } from './tag-conditions.ts';

export interface BackupScope {
  readonly accountId: string;
  readonly region: string;
}

/** What the backup service tells about its resources, so that policies can be evaluated at the door. */
export interface BackupResources {
  /** Access policy of a vault; undefined when it has none or does not exist. */
  vaultPolicy(scope: BackupScope, vaultName: string): Promise<string | undefined>;
  /** Name of the vault that holds a recovery point. */
  vaultOfRecoveryPoint(scope: BackupScope, recoveryPointArn: string): Promise<string | undefined>;
  /** Tags of a resource of the service; undefined when it does not exist. */
  tags(resourceArn: string): Promise<TagMap | undefined>;
  /** ARN of what is addressed by name but has a random part in its ARN; undefined when it does not exist. */
  arnByName(
    kind: 'framework' | 'report-plan' | 'restore-testing-plan',
    scope: BackupScope,
    name: string,
  ): Promise<string | undefined>;
}

type Input = Readonly<Record<string, unknown>>;

/** What every operation of backup needs to be allowed (IAM-12, IAM-30, IAM-31, IAM-35). */
export function backupChecks(resources: BackupResources): AccessChecks {
  return async (request) => {
    const { action, input, context } = request;
    const scope = { accountId: context.accountId, region: context.region };
    const kind = BACKUP_OPERATIONS.get(context.operation) ?? 'any';
    const resource = await resourceOf(resources, kind, scope, input);
    const vaultName = await vaultOf(resources, kind, scope, input, resource);
    const policy = vaultName === undefined ? undefined : await resources.vaultPolicy(scope, vaultName);
    const main: AccessCheck = {
      action,
      resource,
      // Snapshots and images have no account in their ARNs, and foreign vaults are shared, not reached by policy.
      resourceAccountId: context.accountId,
      resourcePolicy: policy === undefined ? undefined : { name: `access policy of ${vaultName}`, text: policy },
      conditions: await conditionsOf(resources, request, resource),
    };
    return [main, ...passRoleChecks(request)];
  };
}

async function resourceOf(
  resources: BackupResources,
  kind: BackupResourceKind,
  scope: BackupScope,
  input: Input,
): Promise<string> {
  const arn = (resource: string): string => `arn:aws:backup:${scope.region}:${scope.accountId}:${resource}`;
  const named = async (type: Parameters<BackupResources['arnByName']>[0], name: string | undefined): Promise<string> =>
    (name === undefined ? undefined : await resources.arnByName(type, scope, name)) ?? arn(`${type}:${name ?? ''}-*`);
  switch (kind) {
    case 'any':
      return '*';
    case 'vault':
      return arn(`backup-vault:${textMember(input, 'BackupVaultName') ?? ''}`);
    case 'recovery point':
      return textMember(input, 'RecoveryPointArn') ?? '*';
    case 'plan':
      return arn(`backup-plan:${textMember(input, 'BackupPlanId') ?? ''}`);
    case 'new plan':
      return arn('backup-plan:*');
    case 'framework':
      return await named('framework', textMember(input, 'FrameworkName'));
    case 'report plan':
      return await named('report-plan', textMember(input, 'ReportPlanName'));
    case 'restore testing plan':
      return await named('restore-testing-plan', textMember(input, 'RestoreTestingPlanName'));
    case 'tiering configuration':
      return arn(`tiering-configuration:${textMember(input, 'TieringConfigurationName') ?? ''}`);
    case 'legal hold':
      return arn(`legal-hold:${textMember(input, 'LegalHoldId') ?? ''}`);
    case 'resource ARN':
      return textMember(input, 'ResourceArn') ?? '*';
    case 'access point':
      return textMember(input, 'AccessPointArn') ?? '*';
  }
}

/** The vault whose access policy has a say: the one named, or the one that holds the recovery point. */
async function vaultOf(
  resources: BackupResources,
  kind: BackupResourceKind,
  scope: BackupScope,
  input: Input,
  resource: string,
): Promise<string | undefined> {
  const owner = textMember(input, 'BackupVaultAccountId');
  if (owner !== undefined && owner !== scope.accountId) return undefined;
  const named = textMember(input, 'BackupVaultName') ?? textMember(input, 'SourceBackupVaultName');
  if (named !== undefined) return named;
  const arn = parseArn(resource);
  if (arn?.service === 'backup' && arn.resource.startsWith('backup-vault:')) {
    return accountOfArn(resource, scope.accountId) === scope.accountId
      ? arn.resource.slice('backup-vault:'.length)
      : undefined;
  }
  const isRecoveryPoint = kind === 'recovery point' || arn?.resource.startsWith('recovery-point:') === true;
  return isRecoveryPoint ? await resources.vaultOfRecoveryPoint(scope, resource) : undefined;
}

/** Members that carry tags, in the order of how often they occur. */
const TAG_MEMBERS = [
  'Tags',
  'BackupVaultTags',
  'BackupPlanTags',
  'RecoveryPointTags',
  'FrameworkTags',
  'ReportPlanTags',
  'TieringConfigurationTags',
];

async function conditionsOf(
  resources: BackupResources,
  { input, context }: AuthorizationRequest,
  resource: string,
): Promise<ConditionContext> {
  const member = TAG_MEMBERS.find((name) => objectMember(input, name) !== undefined);
  const tags = member === undefined ? {} : objectMember(input, member);
  const removed = input['TagKeyList'];
  const existing = resource === '*' || resource.endsWith(':*') ? undefined : await resources.tags(resource);
  return resourceTagConditions(existing ?? {})
    .with(requestTagConditions(tags as TagMap, Array.isArray(removed) ? removed.map(String) : []))
    .with(context.operation === 'PutBackupVaultLockConfiguration' ? lockConditions(input) : new ConditionContext());
}

function lockConditions(input: Input): ConditionContext {
  const number = (name: string): number | undefined => (typeof input[name] === 'number' ? input[name] : undefined);
  return new ConditionContext({
    'backup:ChangeableForDays': number('ChangeableForDays'),
    'backup:MinRetentionDays': number('MinRetentionDays'),
    'backup:MaxRetentionDays': number('MaxRetentionDays'),
  });
}
