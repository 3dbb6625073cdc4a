import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as sdk from '@aws-sdk/client-iam';
import type { TestNeighbours } from '../testing/test-neighbours.ts';
import { testNeighbours } from '../testing/test-neighbours.ts';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const ALLOW = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
});
const BACKUP_POLICY = 'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup';

let server: TestNeighbours;
let iam: sdk.IAMClient;

before(async () => {
  server = await testNeighbours();
  iam = new sdk.IAMClient(server.config);
});
after(async () => {
  iam.destroy();
  await server[Symbol.asyncDispose]();
});

async function refusedWith(code: string, call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error: Error) => {
    assert.equal(error.name, code, error.message);
    return true;
  });
}

test('a role lives through the calls with which Terraform makes, reads, changes and destroys it', async () => {
  const RoleName = 'backup-role';
  const Tags = [{ Key: 'Owner', Value: 'Backup' }];
  const { Role } = await iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, Tags }));
  assert.equal(Role?.Arn, 'arn:aws:iam::123456789012:role/backup-role');
  assert.match(Role?.RoleId ?? '', /^AROA[A-Z2-7]{16}$/);

  const read = (await iam.send(new sdk.GetRoleCommand({ RoleName }))).Role;
  assert.deepEqual(JSON.parse(decodeURIComponent(read?.AssumeRolePolicyDocument ?? '')), JSON.parse(TRUST));
  assert.deepEqual([read?.Path, read?.MaxSessionDuration, read?.Tags], ['/', 3600, Tags]);
  assert.equal(read?.Description, undefined);
  assert.equal(read?.PermissionsBoundary, undefined);

  await iam.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn: BACKUP_POLICY }));
  const attached = await iam.send(new sdk.ListAttachedRolePoliciesCommand({ RoleName }));
  assert.deepEqual(attached.AttachedPolicies, [
    { PolicyName: 'AWSBackupServiceRolePolicyForBackup', PolicyArn: BACKUP_POLICY },
  ]);
  await iam.send(new sdk.PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument: ALLOW }));
  const inline = await iam.send(new sdk.GetRolePolicyCommand({ RoleName, PolicyName: 'inline' }));
  assert.equal(decodeURIComponent(inline.PolicyDocument ?? ''), ALLOW);
  assert.deepEqual((await iam.send(new sdk.ListRolePoliciesCommand({ RoleName }))).PolicyNames, ['inline']);

  await iam.send(new sdk.UpdateRoleCommand({ RoleName, Description: 'for backups', MaxSessionDuration: 7200 }));
  await iam.send(new sdk.UntagRoleCommand({ RoleName, TagKeys: ['Owner'] }));
  await iam.send(new sdk.TagRoleCommand({ RoleName, Tags: [{ Key: 'Stage', Value: '' }] }));
  const changed = (await iam.send(new sdk.GetRoleCommand({ RoleName }))).Role;
  assert.deepEqual(
    [changed?.Description, changed?.MaxSessionDuration, changed?.Tags],
    ['for backups', 7200, [{ Key: 'Stage', Value: '' }]],
  );

  await refusedWith('DeleteConflictException', iam.send(new sdk.DeleteRoleCommand({ RoleName })));
  await iam.send(new sdk.DetachRolePolicyCommand({ RoleName, PolicyArn: BACKUP_POLICY }));
  await refusedWith('DeleteConflictException', iam.send(new sdk.DeleteRoleCommand({ RoleName })));
  await iam.send(new sdk.DeleteRolePolicyCommand({ RoleName, PolicyName: 'inline' }));
  assert.deepEqual((await iam.send(new sdk.ListInstanceProfilesForRoleCommand({ RoleName }))).InstanceProfiles, []);
  await iam.send(new sdk.DeleteRoleCommand({ RoleName }));
  await refusedWith('NoSuchEntityException', iam.send(new sdk.GetRoleCommand({ RoleName })));
  await refusedWith('NoSuchEntityException', iam.send(new sdk.DeleteRoleCommand({ RoleName })));
});

test('a managed policy goes through versions, attachments and its end', async () => {
  const { Policy } = await iam.send(
    new sdk.CreatePolicyCommand({ PolicyName: 'p', Path: '/team/', PolicyDocument: ALLOW, Description: 'd' }),
  );
  const PolicyArn = Policy?.Arn ?? '';
  assert.equal(PolicyArn, 'arn:aws:iam::123456789012:policy/team/p');
  await refusedWith(
    'EntityAlreadyExistsException',
    iam.send(new sdk.CreatePolicyCommand({ PolicyName: 'P', PolicyDocument: ALLOW })),
  );
  for (let version = 2; version <= 5; version += 1) {
    const made: sdk.CreatePolicyVersionCommandOutput = await iam.send(
      new sdk.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ALLOW, SetAsDefault: true }),
    );
    assert.equal(made.PolicyVersion?.VersionId, `v${version}`);
  }
  await refusedWith(
    'LimitExceededException',
    iam.send(new sdk.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ALLOW })),
  );
  await refusedWith(
    'DeleteConflictException',
    iam.send(new sdk.DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v5' })),
  );
  await iam.send(new sdk.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
  await iam.send(new sdk.DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v5' }));
  const next = await iam.send(new sdk.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ALLOW }));
  assert.equal(next.PolicyVersion?.VersionId, 'v6', 'numbers are not used again');
  const read = await iam.send(new sdk.GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
  assert.equal(decodeURIComponent(read.PolicyVersion?.Document ?? ''), ALLOW);
  assert.equal(read.PolicyVersion?.IsDefaultVersion, true);

  await iam.send(new sdk.CreateUserCommand({ UserName: 'holder' }));
  await iam.send(new sdk.AttachUserPolicyCommand({ UserName: 'holder', PolicyArn }));
  assert.equal((await iam.send(new sdk.GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount, 1);
  const entities = await iam.send(new sdk.ListEntitiesForPolicyCommand({ PolicyArn }));
  assert.deepEqual(
    entities.PolicyUsers?.map((user) => user.UserName),
    ['holder'],
  );
  await refusedWith('DeleteConflictException', iam.send(new sdk.DeletePolicyCommand({ PolicyArn })));
  await iam.send(new sdk.DetachUserPolicyCommand({ UserName: 'holder', PolicyArn }));
  for (const VersionId of ['v1', 'v3', 'v4', 'v6'])
    await iam.send(new sdk.DeletePolicyVersionCommand({ PolicyArn, VersionId }));
  await iam.send(new sdk.DeletePolicyCommand({ PolicyArn }));
  await iam.send(new sdk.DeleteUserCommand({ UserName: 'holder' }));
  await refusedWith('NoSuchEntityException', iam.send(new sdk.GetPolicyCommand({ PolicyArn })));
});

test('the policies of the guide are there, can be read, listed and not changed', async () => {
  const { Policy } = await iam.send(new sdk.GetPolicyCommand({ PolicyArn: BACKUP_POLICY }));
  assert.equal(Policy?.Path, '/service-role/');
  const version = await iam.send(
    new sdk.GetPolicyVersionCommand({ PolicyArn: BACKUP_POLICY, VersionId: Policy?.DefaultVersionId }),
  );
  assert.match(decodeURIComponent(version.PolicyVersion?.Document ?? ''), /backup:CopyIntoBackupVault/);
  await refusedWith(
    'UnmodifiableEntityException',
    iam.send(new sdk.CreatePolicyVersionCommand({ PolicyArn: BACKUP_POLICY, PolicyDocument: ALLOW })),
  );
  const names: (string | undefined)[] = [];
  for await (const page of sdk.paginateListPolicies({ client: iam, pageSize: 4 }, { Scope: 'AWS' })) {
    names.push(...(page.Policies ?? []).map((policy) => policy.PolicyName));
  }
  assert.equal(names.length, new Set(names).size);
  assert.ok(
    ['AWSBackupFullAccess', 'AWSBackupOperatorAccess', 'AdministratorAccess'].every((name) => names.includes(name)),
  );
});

test('users, groups, keys and passwords follow the rules of their limits and deletion', async () => {
  const UserName = 'eve';
  const GroupName = 'operators';
  await iam.send(new sdk.CreateUserCommand({ UserName, Path: '/ops/', Tags: [{ Key: 'a', Value: 'b' }] }));
  await refusedWith('EntityAlreadyExistsException', iam.send(new sdk.CreateUserCommand({ UserName: 'EVE' })));
  await iam.send(new sdk.CreateGroupCommand({ GroupName }));
  await iam.send(new sdk.AddUserToGroupCommand({ GroupName, UserName }));
  assert.deepEqual(
    (await iam.send(new sdk.GetGroupCommand({ GroupName }))).Users?.map((user) => user.UserName),
    [UserName],
  );
  const groups = await iam.send(new sdk.ListGroupsForUserCommand({ UserName }));
  assert.deepEqual(
    groups.Groups?.map((group) => group.GroupName),
    [GroupName],
  );
  await refusedWith('DeleteConflictException', iam.send(new sdk.DeleteGroupCommand({ GroupName })));

  const { AccessKey } = await iam.send(new sdk.CreateAccessKeyCommand({ UserName }));
  await iam.send(new sdk.CreateAccessKeyCommand({ UserName }));
  await refusedWith('LimitExceededException', iam.send(new sdk.CreateAccessKeyCommand({ UserName })));
  const mine = new sdk.IAMClient(server.as(AccessKey ?? {}));
  await refusedWith('AccessDenied', mine.send(new sdk.ListRolesCommand({})));
  const use = await iam.send(new sdk.GetAccessKeyLastUsedCommand({ AccessKeyId: AccessKey?.AccessKeyId }));
  assert.equal(use.UserName, UserName);
  assert.deepEqual([use.AccessKeyLastUsed?.ServiceName, use.AccessKeyLastUsed?.Region], ['iam', 'us-east-1']);
  await iam.send(new sdk.UpdateAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId, Status: 'Inactive' }));
  await refusedWith('InvalidClientTokenId', mine.send(new sdk.ListRolesCommand({})));
  mine.destroy();

  await refusedWith(
    'PasswordPolicyViolationException',
    iam.send(new sdk.CreateLoginProfileCommand({ UserName, Password: 'short' })),
  );
  await iam.send(new sdk.CreateLoginProfileCommand({ UserName, Password: 'correct horse battery' }));
  assert.equal((await iam.send(new sdk.GetLoginProfileCommand({ UserName }))).LoginProfile?.UserName, UserName);

  await refusedWith('DeleteConflictException', iam.send(new sdk.DeleteUserCommand({ UserName })));
  for (const { AccessKeyId } of (await iam.send(new sdk.ListAccessKeysCommand({ UserName }))).AccessKeyMetadata ?? []) {
    await iam.send(new sdk.DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  }
  await iam.send(new sdk.DeleteLoginProfileCommand({ UserName }));
  await iam.send(new sdk.RemoveUserFromGroupCommand({ GroupName, UserName }));
  await iam.send(new sdk.DeleteUserCommand({ UserName }));
  await iam.send(new sdk.DeleteGroupCommand({ GroupName }));
});

test('a renamed user keeps keys and memberships', async () => {
  await iam.send(new sdk.CreateUserCommand({ UserName: 'old' }));
  const { AccessKey } = await iam.send(new sdk.CreateAccessKeyCommand({ UserName: 'old' }));
  await iam.send(new sdk.UpdateUserCommand({ UserName: 'old', NewUserName: 'new', NewPath: '/x/' }));
  const mine = new sdk.IAMClient(server.as(AccessKey ?? {}));
  const self = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'iam:GetUser', Resource: `arn:aws:iam::*:user/x/\${aws:username}` }],
  });
  await iam.send(new sdk.PutUserPolicyCommand({ UserName: 'new', PolicyName: 'self', PolicyDocument: self }));
  assert.equal((await mine.send(new sdk.GetUserCommand({}))).User?.Arn, 'arn:aws:iam::123456789012:user/x/new');
  await refusedWith('AccessDenied', mine.send(new sdk.GetUserCommand({ UserName: 'administrator' })));
  mine.destroy();
});

test('malformed documents and names are refused with the reason', async () => {
  const RoleName = 'r';
  await refusedWith(
    'MalformedPolicyDocumentException',
    iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: ALLOW })),
  );
  await refusedWith(
    'MalformedPolicyDocumentException',
    iam.send(new sdk.CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: TRUST })),
  );
  await refusedWith(
    'ValidationError',
    iam.send(new sdk.CreateRoleCommand({ RoleName: 'no spaces', AssumeRolePolicyDocument: TRUST })),
  );
  await refusedWith(
    'NoSuchEntityException',
    iam.send(
      new sdk.AttachRolePolicyCommand({
        RoleName: 'AWSBackupDefaultServiceRole',
        PolicyArn: 'arn:aws:iam::aws:policy/NoSuchPolicy',
      }),
    ),
  );
});

test('a service-linked role is made once, is protected, and goes only when nothing uses it', async () => {
  const AWSServiceName = 'backup.amazonaws.com';
  const { Role } = await iam.send(new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName }));
  const RoleName = Role?.RoleName ?? '';
  assert.equal(Role?.Arn, `arn:aws:iam::123456789012:role/aws-service-role/${AWSServiceName}/AWSServiceRoleForBackup`);
  await refusedWith('InvalidInputException', iam.send(new sdk.CreateServiceLinkedRoleCommand({ AWSServiceName })));
  await refusedWith('UnmodifiableEntityException', iam.send(new sdk.DeleteRoleCommand({ RoleName })));
  await refusedWith(
    'UnmodifiableEntityException',
    iam.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn: BACKUP_POLICY })),
  );
  await iam.send(new sdk.UpdateRoleCommand({ RoleName, Description: 'edited' }));
  const { DeletionTaskId } = await iam.send(new sdk.DeleteServiceLinkedRoleCommand({ RoleName }));
  assert.equal(
    (await iam.send(new sdk.GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))).Status,
    'SUCCEEDED',
  );
  await refusedWith('NoSuchEntityException', iam.send(new sdk.GetRoleCommand({ RoleName })));
});

test('lists go page by page and by path', async () => {
  for (let index = 0; index < 7; index += 1) {
    await iam.send(
      new sdk.CreateRoleCommand({ RoleName: `page-${index}`, Path: '/pages/', AssumeRolePolicyDocument: TRUST }),
    );
  }
  const names: (string | undefined)[] = [];
  for await (const page of sdk.paginateListRoles({ client: iam, pageSize: 3 }, { PathPrefix: '/pages/' })) {
    names.push(...(page.Roles ?? []).map((role) => role.RoleName));
  }
  assert.deepEqual(
    names,
    [0, 1, 2, 3, 4, 5, 6].map((index) => `page-${index}`),
  );
});

test('what is not supported says so', async () => {
  await assert.rejects(iam.send(new sdk.ListSAMLProvidersCommand({})), /UnsupportedOperation|not supported/i);
});

test('a simulation says what a user may do, by which policy, and what it was not told', async () => {
  const UserName = 'simulated';
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'backup:*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: 'backup:Delete*',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'core' } },
      },
    ],
  });
  await iam.send(new sdk.CreateUserCommand({ UserName }));
  await iam.send(new sdk.PutUserPolicyCommand({ UserName, PolicyName: 'rights', PolicyDocument }));
  const PolicySourceArn = `arn:aws:iam::123456789012:user/${UserName}`;
  const ActionNames = ['backup:StartBackupJob', 'backup:DeleteRecoveryPoint', 's3:GetObject'];
  const ask = async (ContextEntries: sdk.ContextEntry[]): Promise<(string | undefined)[]> => {
    const answer = await iam.send(
      new sdk.SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames, ContextEntries }),
    );
    assert.deepEqual(
      answer.EvaluationResults?.[0]?.MissingContextValues,
      ContextEntries.length === 0 ? ['aws:principaltag/team'] : [],
    );
    return (
      answer.EvaluationResults?.map(
        (one) => `${one.EvalActionName} ${one.EvalDecision} ${one.MatchedStatements?.[0]?.SourcePolicyId}`,
      ) ?? []
    );
  };
  assert.deepEqual(await ask([]), [
    'backup:DeleteRecoveryPoint explicitDeny rights',
    'backup:StartBackupJob allowed rights',
    's3:GetObject implicitDeny undefined',
  ]);
  const team = {
    ContextKeyName: 'aws:PrincipalTag/team',
    ContextKeyValues: ['core'],
    ContextKeyType: 'string' as const,
  };
  assert.equal((await ask([team]))[0], 'backup:DeleteRecoveryPoint allowed rights');
  const custom = await iam.send(
    new sdk.SimulateCustomPolicyCommand({ PolicyInputList: [ALLOW], ActionNames: ['s3:GetObject'] }),
  );
  assert.equal(custom.EvaluationResults?.[0]?.EvalDecision, 'allowed');
  await refusedWith(
    'InvalidInputException',
    iam.send(new sdk.SimulateCustomPolicyCommand({ PolicyInputList: ['{'], ActionNames: ['s3:GetObject'] })),
  );
});
