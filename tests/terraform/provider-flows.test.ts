/** The calls with which Terraform's AWS provider makes, reads, changes and destroys its resources, by the SDKs. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as backup from '@aws-sdk/client-backup';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as organizations from '@aws-sdk/client-organizations';
import * as ram from '@aws-sdk/client-ram';
import * as sts from '@aws-sdk/client-sts';
import { type InProcessServer, inProcessServer } from '@holdfast/server/testing';

const ACCOUNT = '123456789012';
const DEFAULT_ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/AWSBackupDefaultServiceRole`;

/** What the provider sends for a rule when its user said nothing. */
const RULE_DEFAULTS = {
  StartWindowMinutes: 60,
  CompletionWindowMinutes: 180,
  EnableContinuousBackup: false,
  ScheduleExpressionTimezone: 'Etc/UTC',
};

describe('the provider', () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-terraform-'));
  let server: InProcessServer;
  let client: backup.BackupClient;
  const vaultArn = (name: string) => `arn:aws:backup:us-east-1:${ACCOUNT}:backup-vault:${name}`;

  before(async () => {
    server = await inProcessServer(join(directory, 'data'));
    client = new backup.BackupClient(server.config);
  });
  after(async () => {
    client.destroy();
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  /** The same read twice must be the same: the second plan compares them. */
  async function readTwice<T extends { $metadata: object }>(read: () => Promise<T>): Promise<Omit<T, '$metadata'>> {
    const { $metadata: _first, ...first } = await read();
    const { $metadata: _second, ...second } = await read();
    assert.deepEqual(second, first);
    return first;
  }

  const tagsOf = async (ResourceArn: string | undefined) =>
    (await client.send(new backup.ListTagsCommand({ ResourceArn }))).Tags ?? {};

  /** As the provider changes tags: first what goes, then what is new or changed. */
  async function changeTags(ResourceArn: string | undefined, TagKeyList: string[], Tags: Record<string, string>) {
    await client.send(new backup.UntagResourceCommand({ ResourceArn, TagKeyList }));
    await client.send(new backup.TagResourceCommand({ ResourceArn, Tags }));
  }

  async function gone(call: Promise<unknown>, ...names: string[]): Promise<void> {
    await assert.rejects(call, (error: Error) => {
      assert.ok(names.includes(error.name), `${error.name}: ${error.message}`);
      return true;
    });
  }

  async function vault(BackupVaultName: string): Promise<string> {
    const { BackupVaultArn = '' } = await client.send(new backup.CreateBackupVaultCommand({ BackupVaultName }));
    return BackupVaultArn;
  }

  test('starts with sts and finds account and region', async () => {
    const identity = new sts.STSClient(server.config);
    const { Account, Arn } = await identity.send(new sts.GetCallerIdentityCommand({}));
    assert.deepEqual([Account, Arn], [ACCOUNT, `arn:aws:iam::${ACCOUNT}:user/administrator`]);
    identity.destroy();
    await client.send(new backup.ListBackupVaultsCommand({}));
  });

  test('aws_backup_vault, with a key of its own and without', async () => {
    const keys = new kms.KMSClient(server.config);
    const { KeyMetadata } = await keys.send(new kms.CreateKeyCommand({ Tags: [{ TagKey: 'team', TagValue: 'blue' }] }));
    const tags = { a: '1', b: '2' };
    const made = await client.send(
      new backup.CreateBackupVaultCommand({
        BackupVaultName: 'tf-vault',
        EncryptionKeyArn: KeyMetadata?.Arn,
        BackupVaultTags: tags,
      }),
    );
    assert.equal(made.BackupVaultArn, vaultArn('tf-vault'));
    const describeVault = () => client.send(new backup.DescribeBackupVaultCommand({ BackupVaultName: 'tf-vault' }));
    const read = await readTwice(describeVault);
    assert.deepEqual(
      [read.EncryptionKeyArn, read.NumberOfRecoveryPoints, read.VaultType],
      [KeyMetadata?.Arn, 0, 'BACKUP_VAULT'],
    );
    assert.deepEqual(await tagsOf(made.BackupVaultArn), tags);
    await changeTags(made.BackupVaultArn, ['b'], { a: '3', c: '4' });
    assert.deepEqual(await tagsOf(made.BackupVaultArn), { a: '3', c: '4' });
    await client.send(new backup.DeleteBackupVaultCommand({ BackupVaultName: 'tf-vault' }));
    await gone(describeVault(), 'ResourceNotFoundException');
    await vault('tf-plain');
    const plain = await client.send(new backup.DescribeBackupVaultCommand({ BackupVaultName: 'tf-plain' }));
    const again = await client.send(new backup.DescribeBackupVaultCommand({ BackupVaultName: 'Default' }));
    assert.equal(plain.EncryptionKeyArn, again.EncryptionKeyArn, 'the default key is one and the same for ever');
    await keys.send(new kms.ScheduleKeyDeletionCommand({ KeyId: KeyMetadata?.KeyId, PendingWindowInDays: 7 }));
    const { KeyMetadata: dying } = await keys.send(new kms.DescribeKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    assert.equal(dying?.KeyState, 'PendingDeletion');
    keys.destroy();
  });

  test('aws_backup_vault_lock_configuration', async () => {
    await vault('tf-locked');
    const BackupVaultName = 'tf-locked';
    const put = (MinRetentionDays: number) =>
      client.send(
        new backup.PutBackupVaultLockConfigurationCommand({
          BackupVaultName,
          ChangeableForDays: 3,
          MinRetentionDays,
          MaxRetentionDays: 1200,
        }),
      );
    await put(7);
    const read = await readTwice(() => client.send(new backup.DescribeBackupVaultCommand({ BackupVaultName })));
    assert.deepEqual([read.MinRetentionDays, read.MaxRetentionDays, read.Locked], [7, 1200, true]);
    assert.ok(read.LockDate instanceof Date, 'what cannot be read back in AWS is at least a date here');
    await client.send(new backup.DeleteBackupVaultLockConfigurationCommand({ BackupVaultName }));
    await put(8);
    await client.send(new backup.DeleteBackupVaultLockConfigurationCommand({ BackupVaultName }));
    const free = await client.send(new backup.DescribeBackupVaultCommand({ BackupVaultName }));
    assert.deepEqual([free.MinRetentionDays, free.Locked], [undefined, false]);
    const nowhere = { BackupVaultName: 'tf-nowhere' };
    await gone(client.send(new backup.DeleteBackupVaultLockConfigurationCommand(nowhere)), 'ResourceNotFoundException');
  });

  test('aws_backup_vault_notifications', async () => {
    await vault('tf-notified');
    const BackupVaultName = 'tf-notified';
    const SNSTopicArn = `arn:aws:sns:us-east-1:${ACCOUNT}:topic`;
    const BackupVaultEvents: backup.BackupVaultEvent[] = ['BACKUP_JOB_STARTED', 'RESTORE_JOB_COMPLETED'];
    const put = (events: backup.BackupVaultEvent[]) =>
      client.send(
        new backup.PutBackupVaultNotificationsCommand({ BackupVaultName, SNSTopicArn, BackupVaultEvents: events }),
      );
    await put(BackupVaultEvents);
    const get = () => client.send(new backup.GetBackupVaultNotificationsCommand({ BackupVaultName }));
    const read = await readTwice(get);
    assert.deepEqual(read, {
      BackupVaultName,
      BackupVaultArn: vaultArn('tf-notified'),
      SNSTopicArn,
      BackupVaultEvents,
    });
    await put(Object.values(backup.BackupVaultEvent));
    assert.equal((await get()).BackupVaultEvents?.length, Object.values(backup.BackupVaultEvent).length);
    await client.send(new backup.DeleteBackupVaultNotificationsCommand({ BackupVaultName }));
    await gone(get(), 'ResourceNotFoundException');
  });

  test('aws_backup_vault_policy, which is retried until its role exists', async () => {
    await vault('tf-policy');
    const BackupVaultName = 'tf-policy';
    const policy = (principal: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Id: 'default',
        Statement: [
          {
            Sid: 'default',
            Effect: 'Allow',
            Principal: { AWS: principal },
            Action: ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'],
            Resource: vaultArn('tf-policy'),
          },
        ],
      });
    const put = (Policy: string) =>
      client.send(new backup.PutBackupVaultAccessPolicyCommand({ BackupVaultName, Policy }));
    await assert.rejects(put(policy(`arn:aws:iam::${ACCOUNT}:role/not-yet`)), /Provided principal is not valid/);
    await put(policy('*'));
    const get = () => client.send(new backup.GetBackupVaultAccessPolicyCommand({ BackupVaultName }));
    const read = await readTwice(get);
    assert.equal(read.Policy, policy('*'), 'the text as it came');
    await client.send(new backup.DeleteBackupVaultAccessPolicyCommand({ BackupVaultName }));
    await gone(get(), 'ResourceNotFoundException');
    await client.send(new backup.DeleteBackupVaultCommand({ BackupVaultName }));
    await gone(
      client.send(new backup.DeleteBackupVaultAccessPolicyCommand({ BackupVaultName })),
      'ResourceNotFoundException',
      'AccessDeniedException',
    );
  });

  const rule = (RuleName: string, more: Partial<backup.BackupRuleInput> = {}): backup.BackupRuleInput => ({
    RuleName,
    TargetBackupVaultName: 'Default',
    ScheduleExpression: 'cron(0 12 * * ? *)',
    ...RULE_DEFAULTS,
    ...more,
  });

  /** The rules as they were sent: no more members, no less. */
  function sent(rules: readonly backup.BackupRule[] | undefined): unknown[] {
    return (rules ?? []).map(({ RuleId: _id, ...rest }) => rest);
  }

  test('aws_backup_plan in all the forms that its tests use', async () => {
    const cold = { MoveToColdStorageAfterDays: 30, DeleteAfterDays: 180 };
    const elsewhere = `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:abroad`;
    const forms: backup.BackupRuleInput[][] = [
      [rule('plain')],
      [rule('one'), rule('two', { ScheduleExpression: 'cron(0 10 ? * 6L *)' }), rule('three')],
      [rule('tagged', { RecoveryPointTags: { kind: 'daily' } })],
      [rule('cold-only', { Lifecycle: { MoveToColdStorageAfterDays: 7 } })],
      [rule('both', { Lifecycle: cold })],
      [rule('archive', { Lifecycle: { ...cold, OptInToArchiveForSupportedResources: true } })],
      [rule('continuous', { EnableContinuousBackup: true, Lifecycle: { DeleteAfterDays: 35 } })],
      [rule('tahiti', { ScheduleExpressionTimezone: 'Pacific/Tahiti' })],
      [rule('copied', { CopyActions: [{ DestinationBackupVaultArn: elsewhere }] })],
      [
        rule('copied-twice', {
          Lifecycle: cold,
          CopyActions: [
            { DestinationBackupVaultArn: elsewhere, Lifecycle: cold },
            { DestinationBackupVaultArn: vaultArn('tf-plain'), Lifecycle: { DeleteAfterDays: 90 } },
          ],
        }),
      ],
    ];
    const { BackupPlanId, BackupPlanArn, VersionId } = await client.send(
      new backup.CreateBackupPlanCommand({
        BackupPlan: { BackupPlanName: 'tf-plan', Rules: forms[0] },
        BackupPlanTags: { team: 'blue' },
      }),
    );
    assert.match(BackupPlanArn ?? '', /:backup-plan:[0-9a-f-]{36}$/);
    const get = () => client.send(new backup.GetBackupPlanCommand({ BackupPlanId }));
    const versions = new Set([VersionId]);
    for (const Rules of forms) {
      await client.send(
        new backup.UpdateBackupPlanCommand({ BackupPlanId, BackupPlan: { BackupPlanName: 'tf-plan', Rules } }),
      );
      const read = await readTwice(get);
      assert.deepEqual(sent(read.BackupPlan?.Rules), Rules);
      assert.ok(!versions.has(read.VersionId), 'each update is a version');
      versions.add(read.VersionId);
    }
    for (const WindowsVSS of ['enabled', 'disabled']) {
      const AdvancedBackupSettings = [{ ResourceType: 'EC2', BackupOptions: { WindowsVSS } }];
      const BackupPlan = { BackupPlanName: 'tf-plan', Rules: forms[0], AdvancedBackupSettings };
      await client.send(new backup.UpdateBackupPlanCommand({ BackupPlanId, BackupPlan }));
      const read = await readTwice(get);
      assert.deepEqual(read.AdvancedBackupSettings, AdvancedBackupSettings);
      assert.equal(read.BackupPlan?.AdvancedBackupSettings, undefined);
    }
    assert.deepEqual(await tagsOf(BackupPlanArn), { team: 'blue' });
    await changeTags(BackupPlanArn, ['team'], { crew: 'red' });
    assert.deepEqual(await tagsOf(BackupPlanArn), { crew: 'red' });
    await client.send(new backup.DeleteBackupPlanCommand({ BackupPlanId }));
    const deleted = await get().catch((error: Error) => error);
    assert.ok(deleted instanceof Error ? deleted.name === 'ResourceNotFoundException' : deleted.DeletionDate);
  });

  test('a plan of an older provider, which sends no time zone, gets the one that a newer provider expects', async () => {
    const { ScheduleExpressionTimezone: _none, ...old } = rule('old');
    const { BackupPlanId } = await client.send(
      new backup.CreateBackupPlanCommand({ BackupPlan: { BackupPlanName: 'tf-old', Rules: [old] } }),
    );
    const { BackupPlan } = await client.send(new backup.GetBackupPlanCommand({ BackupPlanId }));
    assert.equal(BackupPlan?.Rules?.[0]?.ScheduleExpressionTimezone, 'Etc/UTC');
  });

  test('aws_backup_selection with its role, which is waited for', async () => {
    const identity = new iam.IAMClient(server.config);
    const { BackupPlanId } = await client.send(
      new backup.CreateBackupPlanCommand({ BackupPlan: { BackupPlanName: 'tf-selected', Rules: [rule('r')] } }),
    );
    const IamRoleArn = `arn:aws:iam::${ACCOUNT}:role/tf-role`;
    const create = (BackupSelection: Omit<backup.BackupSelection, 'IamRoleArn'>) =>
      client.send(
        new backup.CreateBackupSelectionCommand({
          BackupPlanId,
          BackupSelection: { ...BackupSelection, IamRoleArn } as backup.BackupSelection,
        }),
      );
    await assert.rejects(create({ SelectionName: 'early', Resources: ['*'] }), /cannot be assumed/);
    await aRole(identity, 'tf-role');
    const volumes = `arn:aws:ec2:us-east-1:${ACCOUNT}:volume/*`;
    const forms: Omit<backup.BackupSelection, 'IamRoleArn'>[] = [
      { SelectionName: 'all', Resources: ['*'] },
      {
        SelectionName: 'by-arn',
        Resources: [volumes, 'arn:aws:dynamodb:*:*:table/orders'],
        NotResources: [volumes.replace('*', 'vol-1')],
      },
      {
        SelectionName: 'by-tag',
        ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'Environment', ConditionValue: 'prod' }],
      },
      {
        SelectionName: 'by-condition',
        Resources: ['*'],
        Conditions: {
          StringEquals: [{ ConditionKey: 'aws:ResourceTag/Department', ConditionValue: 'x' }],
          StringLike: [{ ConditionKey: 'aws:ResourceTag/Application', ConditionValue: 'app*' }],
          StringNotEquals: [{ ConditionKey: 'aws:ResourceTag/Backup', ConditionValue: 'false' }],
          StringNotLike: [{ ConditionKey: 'aws:ResourceTag/Environment', ConditionValue: 'test*' }],
        },
      },
    ];
    for (const form of forms) {
      const { SelectionId } = await create(form);
      const get = () => client.send(new backup.GetBackupSelectionCommand({ BackupPlanId, SelectionId }));
      const { BackupSelection } = await readTwice(get);
      assert.deepEqual(withoutEmpty(BackupSelection), { ...form, IamRoleArn });
      const blocked = client.send(new backup.DeleteBackupPlanCommand({ BackupPlanId }));
      await assert.rejects(blocked, /Related backup plan selections must be deleted prior to backup/);
      await client.send(new backup.DeleteBackupSelectionCommand({ BackupPlanId, SelectionId }));
      await gone(get(), 'ResourceNotFoundException');
      const twice = client.send(new backup.DeleteBackupSelectionCommand({ BackupPlanId, SelectionId }));
      await gone(twice, 'InvalidParameterValueException');
    }
    await client.send(new backup.DeleteBackupPlanCommand({ BackupPlanId }));
    const nowhere = new backup.GetBackupSelectionCommand({ BackupPlanId: 'gone', SelectionId: 'gone' });
    await assert.rejects(client.send(nowhere), /Cannot find Backup plan/);
    identity.destroy();
  });

  test('aws_backup_logically_air_gapped_vault, shared by ram', async () => {
    const shares = new ram.RAMClient(server.config);
    const { BackupVaultArn } = await client.send(
      new backup.CreateLogicallyAirGappedBackupVaultCommand({
        BackupVaultName: 'tf-lag',
        MinRetentionDays: 7,
        MaxRetentionDays: 10,
        CreatorRequestId: 'terraform-1',
      }),
    );
    const get = () => client.send(new backup.DescribeBackupVaultCommand({ BackupVaultName: 'tf-lag' }));
    const read = await readTwice(get);
    assert.deepEqual(
      [read.VaultState, read.VaultType, read.MinRetentionDays, read.MaxRetentionDays],
      ['AVAILABLE', 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT', 7, 10],
    );
    const { resourceShare } = await shares.send(
      new ram.CreateResourceShareCommand({ name: 'tf-share', allowExternalPrincipals: false }),
    );
    const resourceShareArn = resourceShare?.resourceShareArn ?? '';
    const resourceArns = [BackupVaultArn ?? ''];
    await shares.send(new ram.AssociateResourceShareCommand({ resourceShareArn, resourceArns }));
    const { resourceShareAssociations } = await shares.send(
      new ram.GetResourceShareAssociationsCommand({
        associationType: 'RESOURCE',
        resourceShareArns: [resourceShareArn],
      }),
    );
    assert.deepEqual(
      resourceShareAssociations?.map(({ associatedEntity, status }) => [associatedEntity, status]),
      [[BackupVaultArn, 'ASSOCIATED']],
    );
    await shares.send(new ram.DisassociateResourceShareCommand({ resourceShareArn, resourceArns }));
    await shares.send(new ram.DeleteResourceShareCommand({ resourceShareArn }));
    await client.send(new backup.DeleteBackupVaultCommand({ BackupVaultName: 'tf-lag' }));
    await gone(get(), 'ResourceNotFoundException');
    shares.destroy();
  });

  test('aws_backup_region_settings: 18 and 2 keys, and none beside them', async () => {
    const get = () => client.send(new backup.DescribeRegionSettingsCommand({}));
    const first = await readTwice(get);
    const { ResourceTypeOptInPreference: optIn = {}, ResourceTypeManagementPreference: management = {} } = first;
    assert.equal(Object.keys(optIn).length, 18);
    assert.deepEqual(Object.keys(management).sort(), ['DynamoDB', 'EFS']);
    const changed = {
      ResourceTypeOptInPreference: { ...optIn, DocumentDB: false },
      ResourceTypeManagementPreference: { ...management },
    };
    await client.send(new backup.UpdateRegionSettingsCommand(changed));
    assert.deepEqual(await readTwice(get), changed);
    await client.send(new backup.UpdateRegionSettingsCommand(first));
    const unknown = { ResourceTypeOptInPreference: { PostgreSQL: true } };
    await gone(client.send(new backup.UpdateRegionSettingsCommand(unknown)), 'InvalidParameterValueException');
  });

  test('aws_organizations_organization and aws_backup_global_settings: AWS’s three keys', async () => {
    const account = new organizations.OrganizationsClient(server.config);
    await account.send(new organizations.CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    const { Organization } = await account.send(new organizations.DescribeOrganizationCommand({}));
    assert.equal(Organization?.MasterAccountId, ACCOUNT);
    await account.send(new organizations.EnableAWSServiceAccessCommand({ ServicePrincipal: 'backup.amazonaws.com' }));
    const get = () => client.send(new backup.DescribeGlobalSettingsCommand({}));
    for (const isCrossAccountBackupEnabled of ['true', 'false']) {
      const GlobalSettings = {
        isCrossAccountBackupEnabled,
        isMpaEnabled: 'false',
        isDelegatedAdministratorEnabled: 'false',
      };
      await client.send(new backup.UpdateGlobalSettingsCommand({ GlobalSettings }));
      assert.deepEqual((await readTwice(get)).GlobalSettings, GlobalSettings);
    }
    account.destroy();
  });

  test('the data sources read what the resources read', async () => {
    const { BackupPlanId } = await client.send(
      new backup.CreateBackupPlanCommand({ BackupPlan: { BackupPlanName: 'tf-data', Rules: [rule('r')] } }),
    );
    const BackupSelection = { SelectionName: 's', IamRoleArn: DEFAULT_ROLE, Resources: ['*'] };
    await client.send(new backup.CreateBackupSelectionCommand({ BackupPlanId, BackupSelection }));
    const names: (string | undefined)[] = [];
    for await (const page of backup.paginateListBackupPlans({ client, pageSize: 1 }, {})) {
      names.push(...(page.BackupPlansList ?? []).map(({ BackupPlanName }) => BackupPlanName));
    }
    assert.ok(names.includes('tf-data') && names.includes('tf-old'));
    const vaults: (string | undefined)[] = [];
    for await (const page of backup.paginateListBackupVaults(
      { client, pageSize: 1 },
      { ByVaultType: 'BACKUP_VAULT' },
    )) {
      vaults.push(...(page.BackupVaultList ?? []).map(({ BackupVaultName }) => BackupVaultName));
    }
    assert.ok(vaults.includes('Default') && vaults.includes('tf-plain'));
  });
});

async function aRole(client: iam.IAMClient, RoleName: string): Promise<void> {
  const trust = { Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await client.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup';
  await client.send(new iam.AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

/** Empty lists may come back where nothing was sent; invented entries may not. */
function withoutEmpty(value: object | undefined): Record<string, unknown> {
  const isEmpty = (member: unknown): boolean =>
    member === undefined ||
    (Array.isArray(member) && member.length === 0) ||
    (typeof member === 'object' && member !== null && Object.values(member).every(isEmpty));
  return Object.fromEntries(Object.entries(value ?? {}).filter(([, member]) => !isEmpty(member)));
}
