import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-backup';
import * as iamSdk from '@aws-sdk/client-iam';
import { implement } from '@holdfast/wire';
import { backup } from '@holdfast/wire/backup';
import { type TestNeighbours, testNeighbours } from '../testing/test-neighbours.ts';
import { BACKUP_OPERATIONS } from './backup-operations.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/AWSBackupDefaultServiceRole`;
const POINT = `arn:aws:backup:us-east-1:${ACCOUNT}:recovery-point:1`;
const vaultPolicies = new Map<string, string>();
const tagsByArn = new Map<string, Record<string, string>>();

/** The operations answer emptily: what is tested is who gets that far. */
const emptyBackup = implement(backup, {
  CreateBackupVault: async () => ({}),
  CreateBackupPlan: async () => ({}),
  GetBackupPlan: async () => ({}),
  DeleteRecoveryPoint: async () => ({}),
  DescribeRecoveryPoint: async () => ({}),
  StartBackupJob: async () => ({}),
  StartRestoreJob: async () => ({}),
  CreateBackupSelection: async () => ({}),
  ListBackupVaults: async () => ({}),
  TagResource: async () => ({}),
  PutBackupVaultLockConfiguration: async () => ({}),
});

let server: TestNeighbours;
let iam: iamSdk.IAMClient;

before(async () => {
  server = await testNeighbours({
    services: [emptyBackup],
    backup: {
      vaultPolicy: async (_scope, name) => vaultPolicies.get(name),
      vaultOfRecoveryPoint: async (_scope, arn) => (arn === POINT ? 'Default' : undefined),
      tags: async (arn) => tagsByArn.get(arn),
    },
  });
  iam = new iamSdk.IAMClient(server.config);
});
after(async () => {
  iam.destroy();
  await server[Symbol.asyncDispose]();
});

function document(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

let users = 0;

/** A client for a new user with inline statements and managed policies. */
async function client(statements: object[], managed: string[] = []): Promise<sdk.BackupClient> {
  users += 1;
  const UserName = `user-${users}`;
  await iam.send(new iamSdk.CreateUserCommand({ UserName }));
  if (statements.length > 0) {
    const PolicyDocument = document(...statements);
    await iam.send(new iamSdk.PutUserPolicyCommand({ UserName, PolicyName: 'inline', PolicyDocument }));
  }
  for (const PolicyArn of managed) await iam.send(new iamSdk.AttachUserPolicyCommand({ UserName, PolicyArn }));
  const { AccessKey } = await iam.send(new iamSdk.CreateAccessKeyCommand({ UserName }));
  return new sdk.BackupClient(server.as(AccessKey ?? {}));
}

async function denied(call: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(call, (error: Error) => {
    assert.equal(error.name, 'AccessDeniedException', error.message);
    assert.match(error.message, message);
    return true;
  });
}

const startBackup = new sdk.StartBackupJobCommand({
  BackupVaultName: 'Default',
  ResourceArn: 'arn:aws:ec2:us-east-1:1:volume/v',
  IamRoleArn: ROLE,
});
const createPlan = new sdk.CreateBackupPlanCommand({
  BackupPlan: { BackupPlanName: 'p', Rules: [{ RuleName: 'r', TargetBackupVaultName: 'Default' }] },
});
const deletePoint = new sdk.DeleteRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn: POINT });

test('the table names every operation that the SDK knows', () => {
  assert.deepEqual(
    [...backup.operations.keys()].filter((name) => !BACKUP_OPERATIONS.has(name)),
    [],
  );
});

test('a user without policies is told what is missing', async () => {
  const backupClient = await client([]);
  await denied(
    backupClient.send(new sdk.ListBackupVaultsCommand({})),
    /^User: arn:aws:iam::123456789012:user\/user-\d+ is not authorized to perform: backup:ListBackupVaults on resource: \* because no identity-based policy allows the backup:ListBackupVaults action$/,
  );
});

test('a policy on one vault allows that vault alone', async () => {
  const Resource = `arn:aws:backup:us-east-1:${ACCOUNT}:backup-vault:mine-*`;
  const backupClient = await client([{ Effect: 'Allow', Action: 'backup:CreateBackupVault', Resource }]);
  await backupClient.send(new sdk.CreateBackupVaultCommand({ BackupVaultName: 'mine-1' }));
  await denied(backupClient.send(new sdk.CreateBackupVaultCommand({ BackupVaultName: 'yours' })), /backup-vault:yours/);
});

test('who hands over a role must be allowed to pass that role to the backup service', async () => {
  const allow = { Effect: 'Allow', Action: 'backup:*', Resource: '*' };
  const without = await client([allow]);
  await denied(without.send(startBackup), /iam:PassRole on resource: arn:aws:iam::123456789012:role\/service-role/);
  const pass = (service: string): object => ({
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: ROLE,
    Condition: { StringEquals: { 'iam:PassedToService': service } },
  });
  await denied((await client([allow, pass('ec2.amazonaws.com')])).send(startBackup), /iam:PassRole/);
  const within = await client([allow, pass('backup.amazonaws.com')]);
  await within.send(startBackup);
  const selection = (IamRoleArn: string) =>
    new sdk.CreateBackupSelectionCommand({ BackupPlanId: 'p', BackupSelection: { SelectionName: 's', IamRoleArn } });
  await within.send(selection(ROLE));
  await denied(within.send(selection(`arn:aws:iam::${ACCOUNT}:role/Other`)), /role\/Other/);
});

test('IAM-70: an operator assigns, backs up and restores, and neither makes plans nor deletes backups', async () => {
  const operator = await client([], ['arn:aws:iam::aws:policy/AWSBackupOperatorAccess']);
  await operator.send(startBackup);
  await operator.send(new sdk.StartRestoreJobCommand({ RecoveryPointArn: POINT, Metadata: {}, IamRoleArn: ROLE }));
  await operator.send(new sdk.GetBackupPlanCommand({ BackupPlanId: 'p' }));
  await operator.send(
    new sdk.CreateBackupSelectionCommand({
      BackupPlanId: 'p',
      BackupSelection: { SelectionName: 's', IamRoleArn: ROLE },
    }),
  );
  await denied(operator.send(createPlan), /backup:CreateBackupPlan/);
  await denied(operator.send(deletePoint), /backup:DeleteRecoveryPoint/);
});

test('IAM-71: an administrator of backups may do all of it', async () => {
  const administrator = await client([], ['arn:aws:iam::aws:policy/AWSBackupFullAccess']);
  for (const command of [startBackup, createPlan]) await administrator.send(command as typeof startBackup);
  await administrator.send(deletePoint);
});

test('a vault’s access policy denies what identity policies allow, also by recovery point alone', async (t) => {
  const deny = (Action: string) => document({ Effect: 'Deny', Principal: '*', Action, Resource: '*' });
  t.after(() => vaultPolicies.clear());
  const backupClient = await client([{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  await backupClient.send(deletePoint);
  vaultPolicies.set('Default', deny('backup:DeleteRecoveryPoint'));
  await denied(backupClient.send(deletePoint), /with an explicit deny in a resource-based policy/);
  vaultPolicies.set('Default', deny('backup:StartRestoreJob'));
  const restore = new sdk.StartRestoreJobCommand({ RecoveryPointArn: POINT, Metadata: {}, IamRoleArn: ROLE });
  await denied(backupClient.send(restore), /backup:StartRestoreJob/);
});

test('a vault’s access policy that names a user allows what no identity policy does', async (t) => {
  t.after(() => vaultPolicies.clear());
  const backupClient = await client([]);
  const describe = new sdk.DescribeRecoveryPointCommand({ BackupVaultName: 'Default', RecoveryPointArn: POINT });
  await denied(backupClient.send(describe), /identity-based/);
  const AWS = `arn:aws:iam::${ACCOUNT}:user/user-${users}`;
  vaultPolicies.set(
    'Default',
    document({ Effect: 'Allow', Principal: { AWS }, Action: 'backup:DescribeRecoveryPoint', Resource: '*' }),
  );
  await backupClient.send(describe);
});

test('conditions see the tags of the request, the tags of the resource and the numbers of a lock', async () => {
  const arn = `arn:aws:backup:us-east-1:${ACCOUNT}:backup-vault:tagged`;
  tagsByArn.set(arn, { stage: 'test' });
  const backupClient = await client([
    {
      Effect: 'Allow',
      Action: 'backup:TagResource',
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:ResourceTag/Stage': 'test', 'aws:RequestTag/Owner': 'me' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['Owner'] },
      },
    },
    {
      Effect: 'Allow',
      Action: 'backup:PutBackupVaultLockConfiguration',
      Resource: '*',
      Condition: { NumericLessThanEquals: { 'backup:MaxRetentionDays': 30 } },
    },
  ]);
  await backupClient.send(new sdk.TagResourceCommand({ ResourceArn: arn, Tags: { Owner: 'me' } }));
  await denied(
    backupClient.send(new sdk.TagResourceCommand({ ResourceArn: arn, Tags: { Owner: 'you' } })),
    /TagResource/,
  );
  await denied(
    backupClient.send(new sdk.TagResourceCommand({ ResourceArn: arn, Tags: { Owner: 'me', More: 'x' } })),
    /TagResource/,
  );
  await denied(
    backupClient.send(new sdk.TagResourceCommand({ ResourceArn: `${arn}2`, Tags: { Owner: 'me' } })),
    /TagResource/,
  );
  const lock = (MaxRetentionDays: number) =>
    new sdk.PutBackupVaultLockConfigurationCommand({ BackupVaultName: 'tagged', MaxRetentionDays });
  await backupClient.send(lock(30));
  await denied(backupClient.send(lock(31)), /PutBackupVaultLockConfiguration/);
});

test('a permissions boundary holds an administrator back', async () => {
  const { Policy } = await iam.send(
    new iamSdk.CreatePolicyCommand({
      PolicyName: 'bounds',
      PolicyDocument: document({ Effect: 'Allow', Action: 'backup:List*', Resource: '*' }),
    }),
  );
  const backupClient = await client([{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  const UserName = `user-${users}`;
  await iam.send(new iamSdk.PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: Policy?.Arn }));
  await backupClient.send(new sdk.ListBackupVaultsCommand({}));
  await denied(backupClient.send(createPlan), /no permissions boundary allows/);
});

test('rights of a group reach its members', async () => {
  const backupClient = await client([]);
  const UserName = `user-${users}`;
  await iam.send(new iamSdk.CreateGroupCommand({ GroupName: 'listers' }));
  const PolicyDocument = document({ Effect: 'Allow', Action: 'backup:ListBackupVaults', Resource: '*' });
  await iam.send(new iamSdk.PutGroupPolicyCommand({ GroupName: 'listers', PolicyName: 'list', PolicyDocument }));
  await denied(backupClient.send(new sdk.ListBackupVaultsCommand({})), /ListBackupVaults/);
  await iam.send(new iamSdk.AddUserToGroupCommand({ GroupName: 'listers', UserName }));
  await backupClient.send(new sdk.ListBackupVaultsCommand({}));
});
