import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as backupSdk from '@aws-sdk/client-backup';
import * as iamSdk from '@aws-sdk/client-iam';
import * as sdk from '@aws-sdk/client-organizations';
import * as stsSdk from '@aws-sdk/client-sts';
import { implement } from '@holdfast/wire';
import { backup } from '@holdfast/wire/backup';
import { type TestClientConfig, type TestNeighbours, testNeighbours } from '../testing/test-neighbours.ts';

const MANAGEMENT = '123456789012';
const SERVICE = 'backup.amazonaws.com';
let server: TestNeighbours;
let organizations: sdk.OrganizationsClient;
let organizationId: string;
let rootId: string;

before(async () => {
  const emptyBackup = implement(backup, { ListBackupVaults: async () => ({}), ListBackupPlans: async () => ({}) });
  server = await testNeighbours({ services: [emptyBackup] });
  organizations = new sdk.OrganizationsClient(server.config);
  await refusedWith('AWSOrganizationsNotInUseException', organizations.send(new sdk.DescribeOrganizationCommand({})));
  const { Organization } = await organizations.send(new sdk.CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  organizationId = Organization?.Id ?? '';
  rootId = (await organizations.send(new sdk.ListRootsCommand({}))).Roots?.[0]?.Id ?? '';
});
after(async () => {
  organizations.destroy();
  await server[Symbol.asyncDispose]();
});

async function refusedWith(code: string, call: Promise<unknown>, message = /./): Promise<void> {
  await assert.rejects(call, (error: Error) => {
    assert.equal(error.name, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

async function newAccount(name: string): Promise<string> {
  const made = await organizations.send(
    new sdk.CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }),
  );
  assert.equal(made.CreateAccountStatus?.State, 'SUCCEEDED');
  return made.CreateAccountStatus?.AccountId ?? '';
}

/** Credentials in a member account, by the role that the management account has there. */
async function enter(accountId: string): Promise<TestClientConfig> {
  const sts = new stsSdk.STSClient(server.config);
  const RoleArn = `arn:aws:iam::${accountId}:role/OrganizationAccountAccessRole`;
  const { Credentials } = await sts.send(new stsSdk.AssumeRoleCommand({ RoleArn, RoleSessionName: 'admin' }));
  sts.destroy();
  return server.as(Credentials ?? {});
}

test('the organisation describes itself, also to its members', async () => {
  const { Organization } = await organizations.send(new sdk.DescribeOrganizationCommand({}));
  assert.deepEqual([Organization?.MasterAccountId, Organization?.FeatureSet], [MANAGEMENT, 'ALL']);
  assert.match(organizationId, /^o-[a-z0-9]{10}$/);
  const member = new sdk.OrganizationsClient(await enter(await newAccount('describer')));
  assert.equal((await member.send(new sdk.DescribeOrganizationCommand({}))).Organization?.Id, organizationId);
  await refusedWith('AccessDeniedException', member.send(new sdk.ListAccountsCommand({})));
  member.destroy();
});

test('an account is made, found, moved, tagged and removed as Terraform does it', async () => {
  const made = await organizations.send(
    new sdk.CreateAccountCommand({ AccountName: 'team', Email: 'team@example.com', Tags: [{ Key: 'a', Value: 'b' }] }),
  );
  const status = await organizations.send(
    new sdk.DescribeCreateAccountStatusCommand({ CreateAccountRequestId: made.CreateAccountStatus?.Id }),
  );
  const AccountId = status.CreateAccountStatus?.AccountId ?? '';
  await refusedWith(
    'DuplicateAccountException',
    organizations.send(new sdk.CreateAccountCommand({ AccountName: 'x', Email: 'TEAM@example.com' })),
  );
  const { Account } = await organizations.send(new sdk.DescribeAccountCommand({ AccountId }));
  assert.deepEqual([Account?.Name, Account?.Status, Account?.JoinedMethod], ['team', 'ACTIVE', 'CREATED']);
  const { OrganizationalUnit } = await organizations.send(
    new sdk.CreateOrganizationalUnitCommand({ ParentId: rootId, Name: 'Finance' }),
  );
  const unitId = OrganizationalUnit?.Id ?? '';
  await refusedWith(
    'DuplicateOrganizationalUnitException',
    organizations.send(new sdk.CreateOrganizationalUnitCommand({ ParentId: rootId, Name: 'Finance' })),
  );
  await organizations.send(
    new sdk.MoveAccountCommand({ AccountId, SourceParentId: rootId, DestinationParentId: unitId }),
  );
  assert.deepEqual((await organizations.send(new sdk.ListParentsCommand({ ChildId: AccountId }))).Parents, [
    { Id: unitId, Type: 'ORGANIZATIONAL_UNIT' },
  ]);
  const inside = await organizations.send(new sdk.ListAccountsForParentCommand({ ParentId: unitId }));
  assert.deepEqual(
    inside.Accounts?.map((account) => account.Id),
    [AccountId],
  );
  assert.deepEqual((await organizations.send(new sdk.ListTagsForResourceCommand({ ResourceId: AccountId }))).Tags, [
    { Key: 'a', Value: 'b' },
  ]);
  const place = await server.neighbours.organizationDirectory.placeOf(AccountId);
  assert.equal(place?.path, `${organizationId}/${rootId}/${unitId}/`);
  await refusedWith(
    'OrganizationalUnitNotEmptyException',
    organizations.send(new sdk.DeleteOrganizationalUnitCommand({ OrganizationalUnitId: unitId })),
  );
  await organizations.send(new sdk.RemoveAccountFromOrganizationCommand({ AccountId }));
  await organizations.send(new sdk.DeleteOrganizationalUnitCommand({ OrganizationalUnitId: unitId }));
  await refusedWith('AccountNotFoundException', organizations.send(new sdk.DescribeAccountCommand({ AccountId })));
});

test('ORG-25 and ORG-27: delegated administrators are registered, seen and deregistered, five at most', async () => {
  const AccountId = await newAccount('delegate');
  const register = (id: string) =>
    organizations.send(new sdk.RegisterDelegatedAdministratorCommand({ AccountId: id, ServicePrincipal: SERVICE }));
  const member = new sdk.OrganizationsClient(await enter(AccountId));
  await refusedWith('AccessDeniedException', member.send(new sdk.ListAccountsCommand({})));
  await register(AccountId);
  await refusedWith('AccountAlreadyRegisteredException', register(AccountId));
  await refusedWith('ConstraintViolationException', register(MANAGEMENT));
  await member.send(new sdk.ListAccountsCommand({}));
  await refusedWith(
    'AccessDeniedException',
    member.send(new sdk.RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: SERVICE })),
  );
  assert.equal((await server.neighbours.organizationDirectory.membership(AccountId))?.isDelegatedAdministrator, true);
  const { DelegatedAdministrators } = await organizations.send(
    new sdk.ListDelegatedAdministratorsCommand({ ServicePrincipal: SERVICE }),
  );
  assert.deepEqual(
    DelegatedAdministrators?.map((one) => one.Id),
    [AccountId],
  );
  await refusedWith(
    'ConstraintViolationException',
    organizations.send(new sdk.RemoveAccountFromOrganizationCommand({ AccountId })),
  );
  for (let index = 0; index < 4; index += 1) await register(await newAccount(`delegate-${index}`));
  await refusedWith('ConstraintViolationException', register(await newAccount('one-too-many')), /at most 5/);
  await organizations.send(new sdk.DeregisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: SERVICE }));
  await refusedWith(
    'AccountNotRegisteredException',
    organizations.send(new sdk.DeregisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal: SERVICE })),
  );
  member.destroy();
});

test('service control policies bind members, also their administrators, and never the management account', async () => {
  const accountId = await newAccount('bound');
  const member = new backupSdk.BackupClient(await enter(accountId));
  const management = new backupSdk.BackupClient(server.config);
  const list = new backupSdk.ListBackupVaultsCommand({});
  await member.send(list);
  const Content = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: 'backup:ListBackupVaults', Resource: '*' }],
  });
  const { Policy } = await organizations.send(
    new sdk.CreatePolicyCommand({ Name: 'no lists', Description: '', Type: 'SERVICE_CONTROL_POLICY', Content }),
  );
  const PolicyId = Policy?.PolicySummary?.Id;
  await refusedWith(
    'PolicyTypeNotEnabledException',
    organizations.send(new sdk.AttachPolicyCommand({ PolicyId, TargetId: rootId })),
  );
  await organizations.send(new sdk.EnablePolicyTypeCommand({ RootId: rootId, PolicyType: 'SERVICE_CONTROL_POLICY' }));
  await member.send(list);
  await organizations.send(new sdk.AttachPolicyCommand({ PolicyId, TargetId: rootId }));
  await refusedWith('AccessDeniedException', member.send(list), /with an explicit deny in a service control policy/);
  await member.send(new backupSdk.ListBackupPlansCommand({}));
  await management.send(list);
  await refusedWith('PolicyInUseException', organizations.send(new sdk.DeletePolicyCommand({ PolicyId })));
  await organizations.send(new sdk.DetachPolicyCommand({ PolicyId, TargetId: rootId }));
  await member.send(list);
  await organizations.send(new sdk.DeletePolicyCommand({ PolicyId }));

  await refusedWith(
    'ConstraintViolationException',
    organizations.send(new sdk.DetachPolicyCommand({ PolicyId: 'p-FullAWSAccess', TargetId: accountId })),
  );
  await organizations.send(new sdk.DisablePolicyTypeCommand({ RootId: rootId, PolicyType: 'SERVICE_CONTROL_POLICY' }));
  member.destroy();
  management.destroy();
});

test('ORG-5: backup policies of root and unit become one effective policy for the accounts of the unit', async () => {
  await organizations.send(new sdk.EnablePolicyTypeCommand({ RootId: rootId, PolicyType: 'BACKUP_POLICY' }));
  const { OrganizationalUnit } = await organizations.send(
    new sdk.CreateOrganizationalUnitCommand({ ParentId: rootId, Name: 'Treasury' }),
  );
  const accountId = await newAccount('treasurer');
  await organizations.send(
    new sdk.MoveAccountCommand({
      AccountId: accountId,
      SourceParentId: rootId,
      DestinationParentId: OrganizationalUnit?.Id,
    }),
  );
  const attach = async (Name: string, plan: object, TargetId: string | undefined): Promise<void> => {
    const Content = JSON.stringify({ plans: { Daily: plan } });
    const { Policy } = await organizations.send(
      new sdk.CreatePolicyCommand({ Name, Description: '', Type: 'BACKUP_POLICY', Content }),
    );
    await organizations.send(new sdk.AttachPolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, TargetId }));
  };
  const days = (value: string) => ({ rules: { r: { lifecycle: { delete_after_days: { '@@assign': value } } } } });
  await attach('everywhere', { ...days('7'), regions: { '@@assign': ['us-east-1'] } }, rootId);
  await attach('finance', days('30'), OrganizationalUnit?.Id);
  const effective = async (TargetId: string) =>
    JSON.parse(
      (await organizations.send(new sdk.DescribeEffectivePolicyCommand({ PolicyType: 'BACKUP_POLICY', TargetId })))
        .EffectivePolicy?.PolicyContent ?? '',
    );
  assert.deepEqual(await effective(accountId), {
    plans: { Daily: { rules: { r: { lifecycle: { delete_after_days: '30' } } }, regions: ['us-east-1'] } },
  });
  assert.deepEqual((await effective(MANAGEMENT)).plans.Daily.rules.r.lifecycle, { delete_after_days: '7' });
  await refusedWith(
    'MalformedPolicyDocumentException',
    organizations.send(
      new sdk.CreatePolicyCommand({ Name: 'bad', Description: '', Type: 'BACKUP_POLICY', Content: '{"rules":{}}' }),
    ),
  );
});

test('an account of the installation joins by invitation at once; others cannot', async () => {
  const accountId = await newAccount('guest');
  await organizations.send(new sdk.RemoveAccountFromOrganizationCommand({ AccountId: accountId }));
  const invite = (Id: string) =>
    organizations.send(new sdk.InviteAccountToOrganizationCommand({ Target: { Id, Type: 'ACCOUNT' } }));
  assert.equal((await invite(accountId)).Handshake?.State, 'ACCEPTED');
  await refusedWith('DuplicateHandshakeException', invite(accountId));
  await refusedWith('InvalidInputException', invite('999999999999'));
  const member = new sdk.OrganizationsClient(await enter(accountId));
  await member.send(new sdk.LeaveOrganizationCommand({}));
  await refusedWith('AWSOrganizationsNotInUseException', member.send(new sdk.DescribeOrganizationCommand({})));
  member.destroy();
});

test('lists go page by page', async () => {
  for (let index = 0; index < 4; index += 1) await newAccount(`page-${index}`);
  const ids: (string | undefined)[] = [];
  for await (const page of sdk.paginateListAccounts({ client: organizations, pageSize: 3 }, {}))
    ids.push(...(page.Accounts ?? []).map((one) => one.Id));
  assert.equal(ids.length, new Set(ids).size);
  assert.ok(ids.length >= 5 && ids.includes(MANAGEMENT));
});

test('only the members’ own rights count in their accounts: the access role is an administrator there', async () => {
  const member = new iamSdk.IAMClient(await enter(await newAccount('inside')));
  const { Roles } = await member.send(new iamSdk.ListRolesCommand({}));
  assert.deepEqual(
    Roles?.map((role) => role.RoleName),
    ['AWSBackupDefaultServiceRole', 'OrganizationAccountAccessRole'],
  );
  member.destroy();
});
