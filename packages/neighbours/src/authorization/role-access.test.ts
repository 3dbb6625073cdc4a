import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ensureDefaultRole } from '../identity/bootstrap.ts';
import { secureRandomBytes } from '../identity/entity-id.ts';
import type { RoleRecord } from '../identity/identity-records.ts';
import { nameKey } from '../identity/identity-store.ts';
import { createMemoryIdentityStore } from '../identity/memory-identity-store.ts';
import { ensureServiceLinkedRole, SERVICE_LINKED_ROLES } from '../identity/service-linked-roles.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import { createMemoryRecords } from '../records/memory-records.ts';
import { Authorizer } from './authorizer.ts';
import { type CopyFacts, copyChecks } from './copy-checks.ts';
import type { OrganizationLookup } from './organization-lookup.ts';
import { RoleAccess } from './role-access.ts';

const HOME = '123456789012';
const AWAY = '444455556666';
const NOW = Date.UTC(2024, 1, 14);
const store = createMemoryIdentityStore(createMemoryRecords());
let scp: string | undefined;

const organizations: OrganizationLookup = {
  placeOf: async (accountId) => ({
    organizationId: 'o-a1b2c3d4e5',
    managementAccountId: '999999999999',
    path: `o-a1b2c3d4e5/r-f6g7/${accountId === AWAY ? 'ou-def0-awsbbbbb' : 'ou-home'}/`,
    serviceControl: scp === undefined ? [] : [[{ name: 'scp', document: parsePolicy(scp, 'service-control') }]],
  }),
};
const authorizer = new Authorizer(store, organizations);
const roles = new RoleAccess(store, authorizer);
let defaultRoleArn: string;
let defaultRole: RoleRecord;

before(async () => {
  defaultRoleArn = await ensureDefaultRole(store, secureRandomBytes, HOME, NOW);
  const role = await store.roles.get(HOME, nameKey('AWSBackupDefaultServiceRole'));
  assert.ok(role !== undefined);
  defaultRole = role;
});

function document(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

async function putRole(roleName: string, trustPolicy: string): Promise<string> {
  await store.roles.put(HOME, nameKey(roleName), {
    ...defaultRole,
    path: '/',
    roleName,
    trustPolicy,
    attachedPolicyArns: [],
  });
  return `arn:aws:iam::${HOME}:role/${roleName}`;
}

test('the default role can be assumed by the service, at its own ARN and in its own account', async () => {
  assert.equal((await roles.assume(HOME, defaultRoleArn, NOW)).ok, true);
  for (const [account, arn] of [
    [HOME, `arn:aws:iam::${HOME}:role/AWSBackupDefaultServiceRole`],
    [HOME, `arn:aws:iam::${HOME}:role/NoSuchRole`],
    [AWAY, defaultRoleArn],
    [HOME, 'nonsense'],
  ] as const) {
    const outcome = await roles.assume(account, arn, NOW);
    assert.ok(!outcome.ok);
    assert.match(outcome.reason, /^it does not exist/);
  }
});

test('a role that trusts somebody else, or not any more, cannot be assumed', async () => {
  const trust = (Service: string, Condition?: object) =>
    document({
      Effect: 'Allow',
      Principal: { Service },
      Action: 'sts:AssumeRole',
      ...(Condition === undefined ? {} : { Condition }),
    });
  const ec2 = await putRole('ec2', trust('ec2.amazonaws.com'));
  assert.equal((await roles.assume(HOME, ec2, NOW)).ok, false);
  const until = await putRole(
    'until',
    trust('backup.amazonaws.com', { DateLessThan: { 'aws:CurrentTime': '2024-03-01T00:00:00Z' } }),
  );
  assert.equal((await roles.assume(HOME, until, NOW)).ok, true);
  assert.equal((await roles.assume(HOME, until, Date.UTC(2024, 2, 2))).ok, false);
  const deputy = await putRole(
    'deputy',
    trust('backup.amazonaws.com', { StringEquals: { 'aws:SourceAccount': AWAY } }),
  );
  assert.equal((await roles.assume(HOME, deputy, NOW)).ok, false, 'IAM-87: the confused deputy');
});

test('the default role may back up and restore every kind of resource that the guide names', async () => {
  const wanted: readonly (readonly [action: string, resource: string])[] = [
    ['elasticfilesystem:Backup', `arn:aws:elasticfilesystem:us-east-1:${HOME}:file-system/fs-1`],
    ['elasticfilesystem:Restore', `arn:aws:elasticfilesystem:us-east-1:${HOME}:file-system/fs-1`],
    ['ec2:CreateSnapshot', `arn:aws:ec2:us-east-1:${HOME}:volume/vol-1`],
    ['ec2:DescribeInstances', '*'],
    ['ec2:CreateVolume', 'arn:aws:ec2:us-east-1::snapshot/snap-1'],
    ['rds:CreateDBSnapshot', `arn:aws:rds:us-east-1:${HOME}:db:x`],
    ['rds:RestoreDBInstanceFromDBSnapshot', `arn:aws:rds:us-east-1:${HOME}:db:x`],
    ['dynamodb:StartAwsBackupJob', `arn:aws:dynamodb:us-east-1:${HOME}:table/t`],
    ['dynamodb:RestoreTableFromAwsBackup', `arn:aws:dynamodb:us-east-1:${HOME}:table/t`],
    ['s3:GetObjectVersion', 'arn:aws:s3:::bucket/key'],
    ['s3:PutObject', 'arn:aws:s3:::bucket/key'],
    ['backup-gateway:Backup', `arn:aws:backup-gateway:us-east-1:${HOME}:vm/vm-1`],
    ['backup-gateway:Restore', `arn:aws:backup-gateway:us-east-1:${HOME}:hypervisor/hype-1`],
    ['ssm:SendCommand', 'arn:aws:ssm:us-east-1::document/AWSEC2-CreateVssSnapshot'],
    ['backup:CopyIntoBackupVault', `arn:aws:backup:us-east-1:${HOME}:backup-vault:v`],
  ];
  for (const [action, resource] of wanted) {
    const outcome = await roles.mayDo(defaultRole, defaultRoleArn, NOW, { action, resource });
    assert.ok(outcome.ok, outcome.ok ? '' : outcome.reason);
  }
});

test('a role that lacks a right says which one, on what', async () => {
  const arn = await putRole('empty', document());
  const role = await store.roles.get(HOME, nameKey('empty'));
  assert.ok(role !== undefined);
  const outcome = await roles.mayDo(role, arn, NOW, {
    action: 'elasticfilesystem:Backup',
    resource: 'arn:aws:elasticfilesystem:r:1:file-system/fs-1',
  });
  assert.ok(!outcome.ok);
  assert.match(
    outcome.reason,
    /role\/empty is not authorized to call elasticfilesystem:Backup on arn:aws:elasticfilesystem/,
  );
});

test('principals of policies exist or do not', async () => {
  await store.users.put(HOME, 'eve', {
    accountId: HOME,
    path: '/ops/',
    userName: 'eve',
    userId: 'AIDA',
    createdAt: 0,
    tags: {},
    groupNames: [],
    accessKeyIds: [],
    inlinePolicies: {},
    attachedPolicyArns: [],
  });
  const cases: readonly (readonly [principal: string, exists: boolean])[] = [
    ['*', true],
    [AWAY, true],
    [`arn:aws:iam::${AWAY}:root`, true],
    [`arn:aws:iam::${HOME}:user/ops/eve`, true],
    [`arn:aws:iam::${HOME}:user/eve`, false],
    [defaultRoleArn, true],
    [`arn:aws:iam::${HOME}:role/none`, false],
    [`arn:aws:sts::${HOME}:assumed-role/AWSBackupDefaultServiceRole/x`, true],
    [`arn:aws:sts::${HOME}:assumed-role/none/x`, false],
    ['eve', false],
  ];
  for (const [principal, exists] of cases) assert.equal(await roles.principalExists(principal), exists, principal);
});

const FACTS: CopyFacts = {
  recoveryPointArn: 'arn:aws:ec2:us-west-1::snapshot/snap-1',
  sourceVaultArn: `arn:aws:backup:us-west-1:${HOME}:backup-vault:mine`,
  sourceVaultPolicy: undefined,
  destinationVaultArn: `arn:aws:backup:us-west-1:${AWAY}:backup-vault:cab-1`,
  destinationVaultPolicy: document({
    Effect: 'Allow',
    Principal: { AWS: HOME },
    Action: 'backup:CopyIntoBackupVault',
    Resource: '*',
  }),
  destinationVaultTags: {},
};

async function mayCopy(facts: Partial<CopyFacts> = {}, policy?: string): Promise<string> {
  scp = policy;
  const allowAll = document({ Effect: 'Allow', Action: 'backup:Copy*', Resource: '*' });
  const role: RoleRecord = { ...defaultRole, roleName: 'copier', inlinePolicies: { all: allowAll } };
  const arn = `arn:aws:iam::${HOME}:role/service-role/copier`;
  for (const check of await copyChecks({ ...FACTS, ...facts }, organizations)) {
    const outcome = await roles.mayDo(role, arn, NOW, check);
    if (!outcome.ok) return outcome.reason;
  }
  return 'yes';
}

/** A deny alone would stop everything else too: service control policies need an allow beside it. */
const limited = (deny: object): string =>
  document({ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', ...deny });

test('COPY-21: a copy into another account needs the destination vault’s access policy', async () => {
  assert.equal(await mayCopy(), 'yes');
  assert.match(await mayCopy({ destinationVaultPolicy: undefined }), /CopyIntoBackupVault.*no resource-based policy/);
  const byOrganization = document({
    Effect: 'Allow',
    Principal: '*',
    Action: 'backup:CopyIntoBackupVault',
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] } },
  });
  assert.equal(await mayCopy({ destinationVaultPolicy: byOrganization }), 'yes', 'COPY-36');
  const byUnit = (unit: string) =>
    document({
      Effect: 'Allow',
      Principal: '*',
      Action: 'backup:CopyIntoBackupVault',
      Resource: '*',
      Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [`o-a1b2c3d4e5/r-f6g7/${unit}/*`] } },
    });
  assert.equal(await mayCopy({ destinationVaultPolicy: byUnit('ou-home') }), 'yes', 'COPY-35');
  assert.match(await mayCopy({ destinationVaultPolicy: byUnit('ou-other') }), /no resource-based policy/);
});

test('a role made from the guide’s template, which names only the destination, may copy', async () => {
  scp = undefined;
  const arn = await putRole(
    'template',
    document({ Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' }),
  );
  const role = await store.roles.get(HOME, nameKey('template'));
  assert.ok(role !== undefined);
  const into = { Effect: 'Allow', Action: 'backup:CopyIntoBackupVault', Resource: 'arn:aws:backup:*:*:backup-vault:*' };
  await store.roles.put(HOME, nameKey('template'), { ...role, inlinePolicies: { template: document(into) } });
  assert.equal((await roles.mayUse(HOME, arn, NOW, await copyChecks(FACTS, organizations))).ok, true);
  const from = { Effect: 'Deny', Action: 'backup:CopyFromBackupVault', Resource: '*' };
  await store.roles.put(HOME, nameKey('template'), { ...role, inlinePolicies: { template: document(into, from) } });
  const denied = await roles.mayUse(HOME, arn, NOW, await copyChecks(FACTS, organizations));
  assert.match(denied.ok ? '' : denied.reason, /CopyFromBackupVault .* explicit deny/);
});

test('IAM-7: the service-linked role stands in where the role is gone or lacks a right, as far as its own rights go', async () => {
  scp = undefined;
  const gone = `arn:aws:iam::${AWAY}:role/gone`;
  const snapshot = [{ action: 'ec2:DeleteSnapshot', resource: 'arn:aws:ec2:us-east-1::snapshot/*' }];
  const neither = await roles.mayUseOrReplace(AWAY, gone, NOW, snapshot);
  assert.ok(!neither.ok);
  assert.match(neither.reason, /role\/gone cannot be assumed .*:role\/aws-service-role\/.* cannot be assumed/);
  const kind = SERVICE_LINKED_ROLES.get('backup.amazonaws.com');
  assert.ok(kind !== undefined);
  await ensureServiceLinkedRole(store, AWAY, kind, secureRandomBytes, NOW);
  const outcome = await roles.mayUseOrReplace(AWAY, gone, NOW, snapshot);
  assert.equal(outcome.ok && outcome.role.roleName, 'AWSServiceRoleForBackup');
  const image = [{ action: 'ec2:DeregisterImage', resource: '*' }];
  assert.equal((await roles.mayUseOrReplace(AWAY, gone, NOW, image)).ok, false, 'IAM-80: all types except EC2');
  const own = await roles.mayUseOrReplace(HOME, defaultRoleArn, NOW, image);
  assert.equal(own.ok && own.role.roleName, 'AWSBackupDefaultServiceRole');
});

test('COPY-38 to COPY-40: service control policies confine destinations by tag, by account and name, by unit', async () => {
  const byTag = limited({
    Action: 'backup:CopyIntoBackupVault',
    Resource: '*',
    Condition: { Null: { 'aws:ResourceTag/DestinationBackupVault': 'true' } },
  });
  assert.match(await mayCopy({}, byTag), /explicit deny in a service control policy/);
  assert.equal(await mayCopy({ destinationVaultTags: { DestinationBackupVault: 'yes' } }, byTag), 'yes');
  const byName = limited({
    Action: 'backup:CopyFromBackupVault',
    Resource: 'arn:aws:ec2:*:snapshot/*',
    Condition: { 'ForAllValues:ArnNotLike': { 'backup:CopyTargets': [`arn:aws:backup:*:${AWAY}:backup-vault:cab-*`] } },
  });
  assert.equal(await mayCopy({}, byName), 'yes');
  const elsewhere = FACTS.destinationVaultArn.replace('cab-1', 'other');
  assert.match(await mayCopy({ destinationVaultArn: elsewhere }, byName), /explicit deny in a service control policy/);
  const byUnit = (unit: string) =>
    limited({
      Action: 'backup:CopyFromBackupVault',
      Resource: '*',
      Condition: { 'ForAllValues:StringNotLike': { 'backup:CopyTargetOrgPaths': [`o-a1b2c3d4e5/r-f6g7/${unit}/`] } },
    });
  assert.equal(await mayCopy({}, byUnit('ou-def0-awsbbbbb')), 'yes');
  assert.match(await mayCopy({}, byUnit('ou-elsewhere')), /explicit deny/);
});

test('service control policies do not bind the service-linked role', async () => {
  scp = document({ Effect: 'Deny', Action: '*', Resource: '*' });
  const kind = SERVICE_LINKED_ROLES.get('backup.amazonaws.com');
  assert.ok(kind !== undefined);
  const { role } = await ensureServiceLinkedRole(store, HOME, kind, secureRandomBytes, NOW);
  const check = { action: 'ec2:DeleteSnapshot', resource: 'arn:aws:ec2:us-east-1::snapshot/snap-1' };
  assert.equal((await roles.mayDo(role, `arn:aws:iam::${HOME}:role/x`, NOW, check)).ok, true);
  assert.equal((await roles.mayDo(defaultRole, defaultRoleArn, NOW, check)).ok, false);
  scp = undefined;
});
