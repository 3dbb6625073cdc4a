import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as iamSdk from '@aws-sdk/client-iam';
import * as sdk from '@aws-sdk/client-sts';
import { type TestClientConfig, type TestNeighbours, testNeighbours } from '../testing/test-neighbours.ts';

const ACCOUNT = '123456789012';
let server: TestNeighbours;
let iam: iamSdk.IAMClient;

before(async () => {
  server = await testNeighbours();
  iam = new iamSdk.IAMClient(server.config);
});
after(async () => {
  iam.destroy();
  await server[Symbol.asyncDispose]();
});

function document(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function trust(AWS: string, more: object = {}): string {
  return document({ Effect: 'Allow', Principal: { AWS }, Action: ['sts:AssumeRole', 'sts:TagSession'], ...more });
}

async function makeRole(
  RoleName: string,
  AssumeRolePolicyDocument: string,
  allow: string | string[] = [],
): Promise<string> {
  const { Role } = await iam.send(new iamSdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  if (allow.length > 0) {
    const PolicyDocument = document({ Effect: 'Allow', Action: allow, Resource: '*' });
    await iam.send(new iamSdk.PutRolePolicyCommand({ RoleName, PolicyName: 'allow', PolicyDocument }));
  }
  return Role?.Arn ?? '';
}

async function makeUser(UserName: string, allow: string | string[] = []): Promise<TestClientConfig> {
  await iam.send(new iamSdk.CreateUserCommand({ UserName }));
  if (allow.length > 0) {
    const PolicyDocument = document({ Effect: 'Allow', Action: allow, Resource: '*' });
    await iam.send(new iamSdk.PutUserPolicyCommand({ UserName, PolicyName: 'allow', PolicyDocument }));
  }
  const { AccessKey } = await iam.send(new iamSdk.CreateAccessKeyCommand({ UserName }));
  return server.as(AccessKey ?? {});
}

async function callerOf(config: TestClientConfig): Promise<string | undefined> {
  const client = new sdk.STSClient(config);
  try {
    return (await client.send(new sdk.GetCallerIdentityCommand({}))).Arn;
  } finally {
    client.destroy();
  }
}

async function assume(config: TestClientConfig, input: Partial<sdk.AssumeRoleCommandInput> & { RoleArn: string }) {
  const client = new sdk.STSClient(config);
  try {
    return await client.send(new sdk.AssumeRoleCommand({ RoleSessionName: 'session', ...input }));
  } finally {
    client.destroy();
  }
}

async function refusedWith(code: string, call: Promise<unknown>, message = /./): Promise<void> {
  await assert.rejects(call, (error: Error) => {
    assert.equal(error.name, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

test('everybody may ask who they are', async () => {
  assert.equal(await callerOf(server.config), `arn:aws:iam::${ACCOUNT}:user/administrator`);
  const nobody = await makeUser('nobody');
  assert.equal(await callerOf(nobody), `arn:aws:iam::${ACCOUNT}:user/nobody`);
});

test('a role is assumed when its trust policy and the caller’s policies agree; the session has the role’s rights', async () => {
  const RoleArn = await makeRole('lister', trust(`arn:aws:iam::${ACCOUNT}:root`), 'iam:ListRoles');
  const answer = await assume(server.config, { RoleArn, RoleSessionName: 'night' });
  assert.equal(answer.AssumedRoleUser?.Arn, `arn:aws:sts::${ACCOUNT}:assumed-role/lister/night`);
  const session = server.as(answer.Credentials ?? {});
  assert.equal(await callerOf(session), `arn:aws:sts::${ACCOUNT}:assumed-role/lister/night`);
  const asRole = new iamSdk.IAMClient(session);
  await asRole.send(new iamSdk.ListRolesCommand({}));
  await refusedWith(
    'AccessDenied',
    asRole.send(new iamSdk.ListUsersCommand({})),
    /no identity-based policy allows the iam:ListUsers action/,
  );
  asRole.destroy();
  const role = await iam.send(new iamSdk.GetRoleCommand({ RoleName: 'lister' }));
  assert.ok(role.Role?.RoleLastUsed?.LastUsedDate instanceof Date);
});

test('a trust policy for the account is not enough without an identity policy; one for the user is', async () => {
  const eve = await makeUser('eve');
  const forAccount = await makeRole('for-account', trust(ACCOUNT));
  await refusedWith('AccessDenied', assume(eve, { RoleArn: forAccount }), /identity-based policy/);
  const forEve = await makeRole('for-eve', trust(`arn:aws:iam::${ACCOUNT}:user/eve`));
  assert.ok((await assume(eve, { RoleArn: forEve })).Credentials);
  await refusedWith('AccessDenied', assume(server.config, { RoleArn: forEve }), /resource-based policy/);
});

test('a role that does not exist is refused like one that says no', async () => {
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/no-such-role`;
  await refusedWith('AccessDenied', assume(server.config, { RoleArn }));
  await refusedWith(
    'AccessDenied',
    assume(server.config, { RoleArn: `arn:aws:iam::${ACCOUNT}:role/AWSBackupDefaultServiceRole` }),
  );
});

test('an external ID must be given as the trust policy asks', async () => {
  const condition = { Condition: { StringEquals: { 'sts:ExternalId': 'secret-42' } } };
  const RoleArn = await makeRole('external', trust(ACCOUNT, condition));
  await refusedWith('AccessDenied', assume(server.config, { RoleArn }));
  await refusedWith('AccessDenied', assume(server.config, { RoleArn, ExternalId: 'secret-43' }));
  assert.ok((await assume(server.config, { RoleArn, ExternalId: 'secret-42' })).Credentials);
});

test('session policies narrow what the role may do and never widen it', async () => {
  const RoleArn = await makeRole('wide', trust(ACCOUNT), ['iam:ListRoles', 'iam:ListUsers']);
  const Policy = document({ Effect: 'Allow', Action: ['iam:ListRoles', 'iam:ListGroups'], Resource: '*' });
  const { Credentials, PackedPolicySize } = await assume(server.config, { RoleArn, Policy });
  assert.ok(PackedPolicySize !== undefined && PackedPolicySize > 0);
  const narrowed = new iamSdk.IAMClient(server.as(Credentials ?? {}));
  await narrowed.send(new iamSdk.ListRolesCommand({}));
  await refusedWith('AccessDenied', narrowed.send(new iamSdk.ListUsersCommand({})), /no session policy allows/);
  await refusedWith('AccessDenied', narrowed.send(new iamSdk.ListGroupsCommand({})), /no identity-based policy/);
  narrowed.destroy();
  await refusedWith('MalformedPolicyDocumentException', assume(server.config, { RoleArn, Policy: '{' }));
  const long = document({ Effect: 'Allow', Action: '*', Resource: `arn:aws:s3:::${'x'.repeat(2100)}` });
  await refusedWith('PackedPolicyTooLargeException', assume(server.config, { RoleArn, Policy: long }));
});

test('managed policies can be session policies', async () => {
  const RoleArn = await makeRole('managed', trust(ACCOUNT), '*');
  const arn = 'arn:aws:iam::aws:policy/AWSBackupOrganizationAdminAccess';
  const { Credentials } = await assume(server.config, { RoleArn, PolicyArns: [{ arn }] });
  const narrowed = new iamSdk.IAMClient(server.as(Credentials ?? {}));
  await refusedWith('AccessDenied', narrowed.send(new iamSdk.ListRolesCommand({})), /session policy/);
  narrowed.destroy();
});

test('roles can be chained for an hour at most, and transitive tags travel along', async () => {
  const second = await makeRole(
    'second',
    trust(`arn:aws:iam::${ACCOUNT}:role/first`, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } }),
  );
  const first = await makeRole('first', trust(ACCOUNT));
  const Tags = [{ Key: 'team', Value: 'a' }];
  const plain = await assume(server.config, { RoleArn: first });
  await refusedWith('AccessDenied', assume(server.as(plain.Credentials ?? {}), { RoleArn: second }));
  const tagged = await assume(server.config, { RoleArn: first, Tags, TransitiveTagKeys: ['team'] });
  const session = server.as(tagged.Credentials ?? {});
  assert.ok((await assume(session, { RoleArn: second })).Credentials);
  await refusedWith('ValidationError', assume(session, { RoleArn: second, DurationSeconds: 7200 }), /1 hour/);
});

test('durations keep to the limits of the service and of the role', async () => {
  const RoleArn = await makeRole('short', trust(ACCOUNT));
  await refusedWith('ValidationError', assume(server.config, { RoleArn, DurationSeconds: 899 }));
  await refusedWith('ValidationError', assume(server.config, { RoleArn, DurationSeconds: 3601 }), /MaxSessionDuration/);
  const startedAt = server.now;
  const { Credentials } = await assume(server.config, { RoleArn, DurationSeconds: 900 });
  const lifetimeMs = (Credentials?.Expiration?.getTime() ?? 0) - startedAt;
  assert.ok(Math.abs(lifetimeMs - 900_000) <= 1000, `${lifetimeMs} ms`);
  const session = server.as(Credentials ?? {});
  server.now = startedAt + 14 * 60_000;
  assert.ok(await callerOf(session));
  server.now = startedAt;
});

test('a session ends with its role, even when a role of the same name is made again', async () => {
  const RoleArn = await makeRole('doomed', trust(ACCOUNT));
  const { Credentials } = await assume(server.config, { RoleArn });
  const session = server.as(Credentials ?? {});
  assert.ok(await callerOf(session));
  await iam.send(new iamSdk.DeleteRoleCommand({ RoleName: 'doomed' }));
  await refusedWith('InvalidClientTokenId', callerOf(session));
  await makeRole('doomed', trust(ACCOUNT));
  await refusedWith('InvalidClientTokenId', callerOf(session));
});

test('GetSessionToken gives the user’s own rights, but not iam and not another session', async () => {
  const user = await makeUser('temporary', ['iam:ListRoles', 'sts:GetAccessKeyInfo']);
  const client = new sdk.STSClient(user);
  const { Credentials } = await client.send(new sdk.GetSessionTokenCommand({ DurationSeconds: 900 }));
  client.destroy();
  const session = server.as(Credentials ?? {});
  assert.equal(await callerOf(session), `arn:aws:iam::${ACCOUNT}:user/temporary`);
  const again = new sdk.STSClient(session);
  await refusedWith('AccessDenied', again.send(new sdk.GetSessionTokenCommand({})));
  const info = await again.send(new sdk.GetAccessKeyInfoCommand({ AccessKeyId: user.credentials.accessKeyId }));
  assert.equal(info.Account, ACCOUNT);
  again.destroy();
  const asUser = new iamSdk.IAMClient(session);
  await refusedWith('InvalidClientTokenId', asUser.send(new iamSdk.ListRolesCommand({})));
  asUser.destroy();
});

test('sessions made before a moment can be denied by a condition on their age', async () => {
  const RoleArn = await makeRole('revocable', trust(ACCOUNT), 'iam:ListRoles');
  const { Credentials } = await assume(server.config, { RoleArn });
  const asRole = new iamSdk.IAMClient(server.as(Credentials ?? {}));
  await asRole.send(new iamSdk.ListRolesCommand({}));
  const before = new Date(server.now + 1000).toISOString();
  const PolicyDocument = document({
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
  });
  await iam.send(new iamSdk.PutRolePolicyCommand({ RoleName: 'revocable', PolicyName: 'revoke', PolicyDocument }));
  await refusedWith('AccessDenied', asRole.send(new iamSdk.ListRolesCommand({})), /explicit deny/);
  asRole.destroy();
});
