/** For each operation a request that succeeds, and for each error that the SDK documents what provokes it. */
import * as sdk from '@aws-sdk/client-backup';
import type { OperationName, Operations } from './send.ts';
import { NO_POINT, NO_RESOURCE, planOf, RESTORE_METADATA, ROLE, SCOPE, type World } from './world.ts';

type Change<Input> = (world: World) => Partial<Input> | Promise<Partial<Input>>;

/** `missing` leaves a required member out; a function answers the members that differ from the good request. */
export type Provocation<Input> = { readonly missing: keyof Input & string } | Change<Input>;

export interface OperationCases<Input> {
  readonly good: (world: World) => Input;
  readonly errors: Readonly<Record<string, Provocation<Input>>>;
}

type Table = { readonly [Name in OperationName]?: OperationCases<Operations[Name]['input']> };

const NO_ID = '00000000-0000-4000-8000-000000000000';
const BAD_ID = 'an id with spaces';
const BAD_NAME = 'not a name!';
const TOO_MANY_TAGS = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, 'x']));
const vaultArn = (name: string) => `arn:aws:backup:us-east-1:${SCOPE.accountId}:backup-vault:${name}`;
const badPage = () => ({ MaxResults: 0 });

const vaultErrors = {
  MissingParameterValueException: { missing: 'BackupVaultName' },
  InvalidParameterValueException: () => ({ BackupVaultName: BAD_NAME }),
  ResourceNotFoundException: () => ({ BackupVaultName: 'no-such-vault' }),
} as const;

const planErrors = {
  MissingParameterValueException: { missing: 'BackupPlanId' },
  InvalidParameterValueException: () => ({ BackupPlanId: BAD_ID }),
  ResourceNotFoundException: () => ({ BackupPlanId: NO_ID }),
} as const;

const pointErrors = {
  MissingParameterValueException: { missing: 'BackupVaultName' },
  InvalidParameterValueException: () => ({ BackupVaultName: BAD_NAME }),
  ResourceNotFoundException: () => ({ RecoveryPointArn: NO_POINT }),
} as const;

const vault = ({ vaultName }: World) => ({ BackupVaultName: vaultName });
const plan = ({ planId }: World) => ({ BackupPlanId: planId });
const point = (world: World) => ({ BackupVaultName: world.vaultName, RecoveryPointArn: world.point });
const list = { good: () => ({}), errors: { InvalidParameterValueException: badPage } } as const;

const vaults: Table = {
  CreateBackupVault: {
    good: (world) => ({ BackupVaultName: world.fresh() }),
    errors: {
      MissingParameterValueException: { missing: 'BackupVaultName' },
      InvalidParameterValueException: () => ({ BackupVaultName: BAD_NAME }),
      AlreadyExistsException: ({ vaultName }) => ({ BackupVaultName: vaultName }),
      LimitExceededException: ({ server }) => {
        server.quotas.service.vaultsPerRegion = 1;
        return {};
      },
    },
  },
  CreateLogicallyAirGappedBackupVault: {
    good: (world) => ({ BackupVaultName: world.fresh(), MinRetentionDays: 7, MaxRetentionDays: 10 }),
    errors: {
      MissingParameterValueException: { missing: 'MinRetentionDays' },
      InvalidParameterValueException: () => ({ MinRetentionDays: 11 }),
      InvalidRequestException: () => ({ MinRetentionDays: 'seven' as never }),
      AlreadyExistsException: ({ vaultName }) => ({ BackupVaultName: vaultName }),
      LimitExceededException: ({ server }) => {
        server.quotas.service.vaultsPerRegion = 1;
        return {};
      },
    },
  },
  DescribeBackupVault: { good: vault, errors: vaultErrors },
  ListBackupVaults: list,
  DeleteBackupVault: {
    good: vault,
    errors: { ...vaultErrors, InvalidRequestException: () => ({}) },
  },
  PutBackupVaultAccessPolicy: {
    good: (world) => ({ ...vault(world), Policy: '{"Version":"2012-10-17","Statement":[]}' }),
    errors: {
      ...vaultErrors,
      InvalidParameterValueException: () => ({
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${SCOPE.accountId}:role/nobody` },
              Action: 'backup:StartRestoreJob',
              Resource: '*',
            },
          ],
        }),
      }),
    },
  },
  GetBackupVaultAccessPolicy: {
    good: vault,
    errors: { ...vaultErrors, ResourceNotFoundException: async (world) => ({ BackupVaultName: await world.vault() }) },
  },
  DeleteBackupVaultAccessPolicy: { good: vault, errors: vaultErrors },
  PutBackupVaultLockConfiguration: {
    good: (world) => ({ ...vault(world), MinRetentionDays: 1 }),
    errors: {
      ...vaultErrors,
      InvalidParameterValueException: () => ({ ChangeableForDays: 2 }),
      InvalidRequestException: ({ lockedVaultName }) => ({ BackupVaultName: lockedVaultName }),
    },
  },
  DeleteBackupVaultLockConfiguration: {
    good: vault,
    errors: {
      ...vaultErrors,
      InvalidRequestException: ({ lockedVaultName }) => ({ BackupVaultName: lockedVaultName }),
    },
  },
  PutBackupVaultNotifications: {
    good: (world) => ({
      ...vault(world),
      SNSTopicArn: `arn:aws:sns:us-east-1:${SCOPE.accountId}:topic`,
      BackupVaultEvents: ['BACKUP_JOB_STARTED'],
    }),
    errors: { ...vaultErrors, InvalidParameterValueException: () => ({ SNSTopicArn: 'a-topic' }) },
  },
  GetBackupVaultNotifications: {
    good: vault,
    errors: { ...vaultErrors, ResourceNotFoundException: async (world) => ({ BackupVaultName: await world.vault() }) },
  },
  DeleteBackupVaultNotifications: { good: vault, errors: vaultErrors },
};

const plans: Table = {
  CreateBackupPlan: {
    good: (world) => ({ BackupPlan: planOf(world.fresh()) }),
    errors: {
      MissingParameterValueException: { missing: 'BackupPlan' },
      InvalidParameterValueException: () => ({ BackupPlan: planOf(BAD_NAME) }),
      AlreadyExistsException: () => ({ BackupPlan: planOf('the-plan') }),
      LimitExceededException: ({ server }) => {
        server.quotas.plans.plansPerRegion = 1;
        return {};
      },
    },
  },
  GetBackupPlan: { good: plan, errors: planErrors },
  UpdateBackupPlan: {
    good: (world) => ({ ...plan(world), BackupPlan: planOf('the-plan') }),
    errors: {
      ...planErrors,
      MissingParameterValueException: { missing: 'BackupPlan' },
      InvalidParameterValueException: () => ({ BackupPlan: planOf(BAD_NAME) }),
    },
  },
  DeleteBackupPlan: { good: plan, errors: { ...planErrors, InvalidRequestException: () => ({}) } },
  ListBackupPlans: list,
  ListBackupPlanVersions: { good: plan, errors: planErrors },
  ListBackupPlanTemplates: list,
  ExportBackupPlanTemplate: { good: plan, errors: planErrors },
  GetBackupPlanFromTemplate: {
    good: () => ({ BackupPlanTemplateId: NO_ID }),
    errors: {
      MissingParameterValueException: { missing: 'BackupPlanTemplateId' },
      InvalidParameterValueException: () => ({ BackupPlanTemplateId: BAD_ID }),
      ResourceNotFoundException: () => ({}),
    },
  },
  GetBackupPlanFromJSON: {
    good: () => ({ BackupPlanTemplateJson: JSON.stringify(planOf('from-json')) }),
    errors: {
      MissingParameterValueException: { missing: 'BackupPlanTemplateJson' },
      InvalidParameterValueException: () => ({ BackupPlanTemplateJson: '{"Unknown": 1}' }),
      InvalidRequestException: () => ({ BackupPlanTemplateJson: '{"BackupPlanName": "x", "Rules": "none"}' }),
      LimitExceededException: () => {
        const [rule] = planOf('x').Rules;
        const Rules = [{ ...rule, RecoveryPointTags: TOO_MANY_TAGS }];
        return { BackupPlanTemplateJson: JSON.stringify({ BackupPlanName: 'x', Rules }) };
      },
    },
  },
  CreateBackupSelection: {
    good: (world) => ({
      ...plan(world),
      BackupSelection: { SelectionName: world.fresh(), IamRoleArn: ROLE, Resources: ['*'] },
    }),
    errors: {
      MissingParameterValueException: { missing: 'BackupSelection' },
      InvalidParameterValueException: () => ({ BackupPlanId: NO_ID }),
      AlreadyExistsException: () => ({
        BackupSelection: { SelectionName: 'all', IamRoleArn: ROLE, Resources: [NO_RESOURCE] },
      }),
      LimitExceededException: ({ server }) => {
        server.quotas.plans.selectionsPerPlan = 1;
        return {};
      },
    },
  },
  GetBackupSelection: {
    good: (world) => ({ ...plan(world), SelectionId: world.selectionId }),
    errors: {
      MissingParameterValueException: { missing: 'SelectionId' },
      InvalidParameterValueException: () => ({ BackupPlanId: NO_ID }),
      ResourceNotFoundException: () => ({ SelectionId: NO_ID }),
    },
  },
  DeleteBackupSelection: {
    good: (world) => ({ ...plan(world), SelectionId: world.selectionId }),
    errors: {
      MissingParameterValueException: { missing: 'SelectionId' },
      InvalidParameterValueException: () => ({ SelectionId: NO_ID }),
    },
  },
  ListBackupSelections: { good: plan, errors: planErrors },
};

const recoveryPoints: Table = {
  DescribeRecoveryPoint: { good: point, errors: pointErrors },
  GetRecoveryPointRestoreMetadata: { good: point, errors: pointErrors },
  ListRecoveryPointsByBackupVault: {
    good: vault,
    errors: vaultErrors,
  },
  ListRecoveryPointsByResource: {
    good: ({ resource }) => ({ ResourceArn: resource }),
    errors: {
      MissingParameterValueException: { missing: 'ResourceArn' },
      InvalidParameterValueException: badPage,
      ResourceNotFoundException: () => ({ ResourceArn: NO_RESOURCE }),
    },
  },
  UpdateRecoveryPointLifecycle: {
    good: (world) => ({ ...point(world), Lifecycle: { DeleteAfterDays: 30 } }),
    errors: {
      ...pointErrors,
      InvalidParameterValueException: () => ({ Lifecycle: { DeleteAfterDays: 0 } }),
      InvalidRequestException: async (world) => ({
        RecoveryPointArn: await world.putPoint(world.vaultName, { isContinuous: true }),
      }),
    },
  },
  DisassociateRecoveryPoint: {
    good: point,
    errors: {
      ...pointErrors,
      InvalidRequestException: () => ({}),
      InvalidResourceStateException: async (world) => ({
        RecoveryPointArn: await world.putPoint(world.vaultName, { isContinuous: true, status: 'DELETING' }),
      }),
    },
  },
  DisassociateRecoveryPointFromParent: {
    good: point,
    errors: { ...pointErrors, InvalidRequestException: () => ({}) },
  },
  DeleteRecoveryPoint: {
    good: point,
    errors: {
      ...pointErrors,
      InvalidRequestException: async (world) => ({
        BackupVaultName: world.lockedVaultName,
        RecoveryPointArn: await world.putPoint(world.lockedVaultName),
      }),
      InvalidResourceStateException: async (world) => ({
        RecoveryPointArn: await world.putPoint(world.vaultName, { status: 'DELETING' }),
      }),
    },
  },
  DescribeProtectedResource: {
    good: ({ resource }) => ({ ResourceArn: resource }),
    errors: {
      MissingParameterValueException: { missing: 'ResourceArn' },
      InvalidParameterValueException: () => ({ ResourceArn: 'no-arn' }),
      ResourceNotFoundException: () => ({ ResourceArn: NO_RESOURCE }),
    },
  },
  ListProtectedResources: list,
  ListProtectedResourcesByBackupVault: {
    good: vault,
    errors: {
      InvalidParameterValueException: badPage,
      ResourceNotFoundException: vaultErrors.ResourceNotFoundException,
    },
  },
};

const jobs: Table = {
  StartBackupJob: {
    good: (world) => ({ ...vault(world), ResourceArn: world.resource, IamRoleArn: ROLE }),
    errors: {
      MissingParameterValueException: { missing: 'IamRoleArn' },
      InvalidParameterValueException: () => ({ IamRoleArn: `arn:aws:iam::${SCOPE.accountId}:role/none` }),
      InvalidRequestException: async (world) => {
        const BackupVaultName = world.fresh();
        const days = { MinRetentionDays: 7, MaxRetentionDays: 10 };
        await world.client.send(new sdk.CreateLogicallyAirGappedBackupVaultCommand({ BackupVaultName, ...days }));
        return { BackupVaultName };
      },
      LimitExceededException: () => ({ RecoveryPointTags: TOO_MANY_TAGS }),
      ResourceNotFoundException: () => ({ BackupVaultName: 'no-such-vault' }),
    },
  },
  StopBackupJob: {
    good: ({ backupJobId }) => ({ BackupJobId: backupJobId }),
    errors: {
      MissingParameterValueException: { missing: 'BackupJobId' },
      InvalidParameterValueException: () => ({ BackupJobId: BAD_ID }),
      InvalidRequestException: async ({ client, vaultName, resource }) => {
        const { BackupJobId } = await client.send(
          new sdk.StartBackupJobCommand({ BackupVaultName: vaultName, ResourceArn: resource, IamRoleArn: ROLE }),
        );
        await client.send(new sdk.StopBackupJobCommand({ BackupJobId }));
        return { BackupJobId };
      },
      ResourceNotFoundException: () => ({ BackupJobId: NO_ID }),
    },
  },
  DescribeBackupJob: {
    good: ({ backupJobId }) => ({ BackupJobId: backupJobId }),
    errors: {
      MissingParameterValueException: { missing: 'BackupJobId' },
      InvalidParameterValueException: () => ({ BackupJobId: BAD_ID }),
      ResourceNotFoundException: () => ({ BackupJobId: NO_ID }),
    },
  },
  ListBackupJobs: list,
  StartCopyJob: {
    good: (world) => ({
      RecoveryPointArn: world.point,
      SourceBackupVaultName: world.vaultName,
      DestinationBackupVaultArn: vaultArn('Default'),
      IamRoleArn: ROLE,
    }),
    errors: {
      MissingParameterValueException: { missing: 'DestinationBackupVaultArn' },
      InvalidParameterValueException: () => ({ DestinationBackupVaultArn: 'no-arn' }),
      InvalidRequestException: async (world) => ({
        RecoveryPointArn: await world.putPoint(world.vaultName, { isContinuous: true }),
      }),
      ResourceNotFoundException: () => ({ RecoveryPointArn: NO_POINT }),
    },
  },
  DescribeCopyJob: {
    good: ({ copyJobId }) => ({ CopyJobId: copyJobId }),
    errors: {
      MissingParameterValueException: { missing: 'CopyJobId' },
      InvalidParameterValueException: () => ({ CopyJobId: BAD_ID }),
      ResourceNotFoundException: () => ({ CopyJobId: NO_ID }),
    },
  },
  ListCopyJobs: list,
  StartRestoreJob: {
    good: (world) => ({ RecoveryPointArn: world.point, Metadata: RESTORE_METADATA, IamRoleArn: ROLE }),
    errors: {
      MissingParameterValueException: { missing: 'Metadata' },
      InvalidParameterValueException: () => ({ ResourceType: 'S3' }),
      InvalidRequestException: async (world) => ({
        RecoveryPointArn: await world.putPoint(world.vaultName, { status: 'DELETING' }),
      }),
      ResourceNotFoundException: () => ({ RecoveryPointArn: NO_POINT }),
    },
  },
  DescribeRestoreJob: {
    good: ({ restoreJobId }) => ({ RestoreJobId: restoreJobId }),
    errors: {
      MissingParameterValueException: { missing: 'RestoreJobId' },
      InvalidParameterValueException: () => ({ RestoreJobId: BAD_ID }),
      ResourceNotFoundException: () => ({ RestoreJobId: NO_ID }),
    },
  },
  GetRestoreJobMetadata: {
    good: ({ restoreJobId }) => ({ RestoreJobId: restoreJobId }),
    errors: {
      MissingParameterValueException: { missing: 'RestoreJobId' },
      InvalidParameterValueException: () => ({ RestoreJobId: BAD_ID }),
      ResourceNotFoundException: () => ({ RestoreJobId: NO_ID }),
    },
  },
  ListRestoreJobs: list,
  ListRestoreJobsByProtectedResource: {
    good: ({ resource }) => ({ ResourceArn: resource }),
    errors: {
      MissingParameterValueException: { missing: 'ResourceArn' },
      InvalidParameterValueException: badPage,
      ResourceNotFoundException: () => ({ ResourceArn: NO_RESOURCE }),
    },
  },
  ListBackupJobSummaries: list,
  ListCopyJobSummaries: list,
  ListRestoreJobSummaries: list,
};

const rest: Table = {
  CreateLegalHold: {
    good: () => ({
      Title: 'a case',
      Description: 'a case',
      RecoveryPointSelection: { ResourceIdentifiers: [NO_RESOURCE] },
    }),
    errors: {
      MissingParameterValueException: { missing: 'Title' },
      InvalidParameterValueException: () => ({ Description: 'x'.repeat(281) }),
      LimitExceededException: ({ server }) => {
        server.quotas.legalHolds = 1;
        return {};
      },
    },
  },
  GetLegalHold: {
    good: ({ legalHoldId }) => ({ LegalHoldId: legalHoldId }),
    errors: {
      MissingParameterValueException: { missing: 'LegalHoldId' },
      InvalidParameterValueException: () => ({ LegalHoldId: BAD_ID }),
      ResourceNotFoundException: () => ({ LegalHoldId: NO_ID }),
    },
  },
  CancelLegalHold: {
    good: ({ legalHoldId }) => ({ LegalHoldId: legalHoldId, CancelDescription: 'over' }),
    errors: {
      MissingParameterValueException: { missing: 'CancelDescription' },
      InvalidParameterValueException: () => ({ RetainRecordInDays: -1 }),
      ResourceNotFoundException: () => ({ LegalHoldId: NO_ID }),
      InvalidResourceStateException: async ({ client }) => {
        const RecoveryPointSelection = { ResourceIdentifiers: [NO_RESOURCE] };
        const { LegalHoldId } = await client.send(
          new sdk.CreateLegalHoldCommand({ Title: 'over', Description: 'over', RecoveryPointSelection }),
        );
        await client.send(new sdk.CancelLegalHoldCommand({ LegalHoldId, CancelDescription: 'over' }));
        return { LegalHoldId };
      },
    },
  },
  ListLegalHolds: list,
  ListRecoveryPointsByLegalHold: {
    good: ({ legalHoldId }) => ({ LegalHoldId: legalHoldId }),
    errors: {
      MissingParameterValueException: { missing: 'LegalHoldId' },
      InvalidParameterValueException: () => ({ LegalHoldId: NO_ID }),
    },
  },
  ListTags: {
    good: ({ vaultName }) => ({ ResourceArn: vaultArn(vaultName) }),
    errors: {
      MissingParameterValueException: { missing: 'ResourceArn' },
      InvalidParameterValueException: badPage,
      ResourceNotFoundException: () => ({ ResourceArn: vaultArn('no-such-vault') }),
    },
  },
  TagResource: {
    good: ({ vaultName }) => ({ ResourceArn: vaultArn(vaultName), Tags: { team: 'blue' } }),
    errors: {
      MissingParameterValueException: { missing: 'Tags' },
      InvalidParameterValueException: () => ({ Tags: { 'aws:reserved': 'x' } }),
      LimitExceededException: () => ({ Tags: TOO_MANY_TAGS }),
      ResourceNotFoundException: () => ({ ResourceArn: vaultArn('no-such-vault') }),
    },
  },
  UntagResource: {
    good: ({ vaultName }) => ({ ResourceArn: vaultArn(vaultName), TagKeyList: ['team'] }),
    errors: {
      MissingParameterValueException: { missing: 'TagKeyList' },
      InvalidParameterValueException: () => ({ ResourceArn: 'no-arn' }),
      ResourceNotFoundException: () => ({ ResourceArn: vaultArn('no-such-vault') }),
    },
  },
  GetSupportedResourceTypes: { good: () => ({}), errors: {} },
  DescribeRegionSettings: { good: () => ({}), errors: {} },
  UpdateRegionSettings: {
    good: () => ({ ResourceTypeOptInPreference: { EFS: true } }),
    errors: {
      MissingParameterValueException: { missing: 'ResourceTypeOptInPreference' },
      InvalidParameterValueException: () => ({ ResourceTypeOptInPreference: { Nonsense: true } }),
    },
  },
  // The world's account is in no organisation until one of the provocations makes it.
  DescribeGlobalSettings: { good: () => ({}), errors: { InvalidRequestException: () => ({}) } },
  UpdateGlobalSettings: {
    good: () => ({ GlobalSettings: { isCrossAccountBackupEnabled: 'true' } }),
    errors: {
      InvalidRequestException: () => ({}),
      MissingParameterValueException: { missing: 'GlobalSettings' },
      InvalidParameterValueException: () => ({ GlobalSettings: { nonsense: 'true' } }),
    },
  },
};

export const ERROR_CASES: Table = { ...vaults, ...plans, ...recoveryPoints, ...jobs, ...rest };

const NO_REQUIRED = 'no member of the request is required, and nothing is looked up by name';

/** Documented errors that cannot occur here, each with its reason. */
export const CANNOT_OCCUR: Readonly<Record<string, string>> = {
  'ListBackupVaults MissingParameterValueException': NO_REQUIRED,
  'ListBackupVaults ResourceNotFoundException': NO_REQUIRED,
  'ListBackupPlans MissingParameterValueException': NO_REQUIRED,
  'ListBackupPlans ResourceNotFoundException': NO_REQUIRED,
  'ListBackupPlanTemplates MissingParameterValueException': NO_REQUIRED,
  'ListBackupPlanTemplates ResourceNotFoundException': NO_REQUIRED,
  'ListRestoreJobs MissingParameterValueException': NO_REQUIRED,
  'ListRestoreJobs ResourceNotFoundException': NO_REQUIRED,
  'DescribeBackupJob DependencyFailureException': 'jobs are described from the catalog; no other service is asked',
  'DescribeRestoreJob DependencyFailureException': 'jobs are described from the catalog; no other service is asked',
  'DeleteBackupSelection ResourceNotFoundException':
    'clients (Terraform) take InvalidParameterValueException, and only that, for "gone already"',
  'StartCopyJob LimitExceededException':
    'nothing in the request is counted; copies beyond the limits on concurrency wait for their turn',
};
