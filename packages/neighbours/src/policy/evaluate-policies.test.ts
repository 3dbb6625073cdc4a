import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConditionContext } from './condition-context.ts';
import type { Decision } from './decision.ts';
import {
  type AccessRequest,
  type ApplicablePolicies,
  evaluatePolicies,
  type NamedPolicy,
} from './evaluate-policies.ts';
import { parsePolicy } from './parse-policy.ts';
import type { PolicyKind } from './policy-document.ts';
import type { RequestPrincipal } from './request-principal.ts';

const HOME = '123456789012';
const OTHER = '444455556666';
const VAULT = `arn:aws:backup:us-east-1:${HOME}:backup-vault:Default`;

const ROOT: RequestPrincipal = { type: 'root', accountId: HOME, arn: `arn:aws:iam::${HOME}:root` };
const USER: RequestPrincipal = {
  type: 'user',
  accountId: HOME,
  arn: `arn:aws:iam::${HOME}:user/ops/eve`,
  userName: 'eve',
};
const SESSION: RequestPrincipal = {
  type: 'assumed-role',
  accountId: HOME,
  arn: `arn:aws:sts::${HOME}:assumed-role/Copier/nightly`,
  roleArn: `arn:aws:iam::${HOME}:role/service-role/Copier`,
  sessionName: 'nightly',
};
const FOREIGN: RequestPrincipal = {
  type: 'user',
  accountId: OTHER,
  arn: `arn:aws:iam::${OTHER}:user/bob`,
  userName: 'bob',
};
const SERVICE: RequestPrincipal = { type: 'service', serviceName: 'backup.amazonaws.com' };

function policy(kind: PolicyKind, ...Statement: object[]): NamedPolicy {
  return { name: kind, document: parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), kind) };
}
const allow = (Action: string | string[] = '*', more: object = {}): object => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
});
const deny = (Action: string | string[] = '*', more: object = {}): object => ({
  Effect: 'Deny',
  Action,
  Resource: '*',
  ...more,
});
const identity = (...statements: object[]): NamedPolicy => policy('identity', ...statements);
const resource = (...statements: object[]): NamedPolicy => policy('resource', ...statements);
const scp = (...statements: object[]): NamedPolicy => policy('service-control', ...statements);
const to = (AWS: string | string[]): object => ({ Principal: { AWS } });

function decide(
  principal: RequestPrincipal,
  policies: Partial<ApplicablePolicies>,
  more: Partial<AccessRequest> = {},
): Decision {
  const request: AccessRequest = {
    principal,
    action: 'backup:StartBackupJob',
    resource: VAULT,
    context: new ConditionContext(),
    resourceAccountId: HOME,
    resourcePolicyRule: 'optional',
    ...more,
  };
  return evaluatePolicies(request, { identity: [], ...policies });
}

type Case = readonly [
  title: string,
  principal: RequestPrincipal,
  Partial<ApplicablePolicies>,
  outcome: string,
  more?: Partial<AccessRequest>,
];
const required = { resourcePolicyRule: 'required' } as const;
const nothing = 'no identity-based policy';

const CASES: readonly Case[] = [
  ['a user without policies may do nothing', USER, {}, nothing],
  ['the root of an account may do everything in it', ROOT, {}, 'allowed'],
  ['an identity policy allows', USER, { identity: [identity(allow('backup:*'))] }, 'allowed'],
  ['action names do not mind case', USER, { identity: [identity(allow('BACKUP:startbackup*'))] }, 'allowed'],
  ['another service is not meant', USER, { identity: [identity(allow('s3:*'))] }, nothing],
  [
    'NotAction allows all but what it lists',
    USER,
    { identity: [identity({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })] },
    'allowed',
  ],
  [
    'NotAction leaves out what it lists',
    USER,
    { identity: [identity({ Effect: 'Allow', NotAction: 'backup:Start*', Resource: '*' })] },
    nothing,
  ],
  [
    'a resource that matches',
    USER,
    { identity: [identity(allow('*', { Resource: `arn:aws:backup:*:${HOME}:backup-vault:D*` }))] },
    'allowed',
  ],
  [
    'a resource that does not',
    USER,
    { identity: [identity(allow('*', { Resource: `arn:aws:backup:*:${HOME}:backup-plan:*` }))] },
    nothing,
  ],
  [
    'a shortened ARN means all below',
    USER,
    { identity: [identity(allow('*', { Resource: 'arn:aws:backup' }))] },
    'allowed',
  ],
  [
    'NotResource leaves out what it lists',
    USER,
    { identity: [identity({ Effect: 'Allow', Action: '*', NotResource: VAULT })] },
    nothing,
  ],
  [
    'NotResource with an unknown variable allows nothing',
    USER,
    { identity: [identity({ Effect: 'Allow', Action: '*', NotResource: `arn:aws:s3:::\${aws:username}` })] },
    nothing,
  ],
  [
    'an ARN does not allow an action on no resource',
    USER,
    { identity: [identity(allow('*', { Resource: 'arn:aws:backup:*' }))] },
    nothing,
    { resource: '*' },
  ],
  [
    'an explicit deny wins over every allow',
    USER,
    { identity: [identity(allow()), identity(deny('backup:Start*'))] },
    'denied by identity-based policy',
  ],
  [
    'a deny under a condition that fails says nothing',
    USER,
    { identity: [identity(allow(), deny('*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }))] },
    'allowed',
  ],
  [
    'a deny holds for the root too when a vault says so',
    ROOT,
    { resource: resource(deny('*', to('*'))) },
    'denied by resource-based policy',
  ],
  [
    'a boundary that does not allow',
    USER,
    { identity: [identity(allow())], boundary: identity(allow('s3:*')) },
    'no permissions boundary',
  ],
  ['a boundary alone allows nothing', USER, { boundary: identity(allow()) }, nothing],
  [
    'a boundary that denies',
    USER,
    { identity: [identity(allow())], boundary: identity(allow(), deny('backup:*')) },
    'denied by permissions boundary',
  ],
  [
    'a session policy narrows',
    SESSION,
    { identity: [identity(allow())], session: [identity(allow('s3:*'))] },
    'no session policy',
  ],
  [
    'a session policy lets through',
    SESSION,
    { identity: [identity(allow())], session: [identity(allow('backup:*'))] },
    'allowed',
  ],
  ['a session policy alone allows nothing', SESSION, { session: [identity(allow())] }, nothing],
  [
    'every level of the organisation must allow',
    USER,
    { identity: [identity(allow())], serviceControl: [[scp(allow())], [scp(allow('s3:*'))]] },
    'no service control policy',
  ],
  [
    'levels of the organisation that all allow',
    USER,
    { identity: [identity(allow())], serviceControl: [[scp(allow())], [scp(allow('s3:*')), scp(allow('backup:*'))]] },
    'allowed',
  ],
  [
    'a service control policy binds the root of a member',
    ROOT,
    { serviceControl: [[scp(allow(), deny('backup:*'))]] },
    'denied by service control policy',
  ],
  ['a service control policy grants nothing', USER, { serviceControl: [[scp(allow())]] }, nothing],
  [
    'a vault policy that names the user allows alone',
    USER,
    { resource: resource(allow('*', to(USER.arn))) },
    'allowed',
  ],
  [
    'a vault policy that names the user passes the boundary',
    USER,
    { boundary: identity(allow('s3:*')), resource: resource(allow('*', to(USER.arn))) },
    'allowed',
  ],
  [
    'a vault policy for everybody does not pass the boundary',
    USER,
    { boundary: identity(allow('s3:*')), resource: resource(allow('*', to('*'))) },
    'no permissions boundary',
  ],
  ['a vault policy for everybody allows', USER, { resource: resource(allow('*', to('*'))) }, 'allowed'],
  [
    'a vault policy that names the account leaves it to the account',
    USER,
    { resource: resource(allow('*', to(HOME))) },
    nothing,
  ],
  [
    'a vault policy that names the role allows its sessions',
    SESSION,
    { resource: resource(allow('*', to(SESSION.roleArn))) },
    'allowed',
  ],
  [
    'a session policy narrows what a vault policy gives to the role',
    SESSION,
    { session: [identity(allow('s3:*'))], resource: resource(allow('*', to(SESSION.roleArn))) },
    'no session policy',
  ],
  [
    'a vault policy that names the session passes session policies',
    SESSION,
    { session: [identity(allow('s3:*'))], resource: resource(allow('*', to(SESSION.arn))) },
    'allowed',
  ],
  [
    'a role of the same name without the path is another one',
    SESSION,
    { resource: resource(allow('*', to(`arn:aws:iam::${HOME}:role/Copier`))) },
    nothing,
  ],
  [
    'a deny for the account hits everybody in it',
    USER,
    { identity: [identity(allow())], resource: resource(deny('*', to(HOME))) },
    'denied by resource-based policy',
  ],
  [
    'NotPrincipal spares whom it names',
    USER,
    {
      identity: [identity(allow())],
      resource: resource({ Effect: 'Deny', NotPrincipal: { AWS: USER.arn }, Action: '*', Resource: '*' }),
    },
    'allowed',
  ],
  [
    'NotPrincipal hits everybody else',
    SESSION,
    {
      identity: [identity(allow())],
      resource: resource({ Effect: 'Deny', NotPrincipal: { AWS: USER.arn }, Action: '*', Resource: '*' }),
    },
    'denied by resource-based policy',
  ],
  [
    'across accounts an identity policy is not enough',
    FOREIGN,
    { identity: [identity(allow())] },
    'no resource-based policy',
  ],
  [
    'across accounts a resource policy is not enough',
    FOREIGN,
    { resource: resource(allow('*', to(FOREIGN.arn))) },
    nothing,
  ],
  [
    'across accounts both together allow',
    FOREIGN,
    { identity: [identity(allow())], resource: resource(allow('*', to(OTHER))) },
    'allowed',
  ],
  [
    'across accounts everybody is enough on the resource side',
    FOREIGN,
    { identity: [identity(allow())], resource: resource(allow('*', to('*'))) },
    'allowed',
  ],
  [
    'across accounts the boundary counts',
    FOREIGN,
    {
      identity: [identity(allow())],
      boundary: identity(allow('s3:*')),
      resource: resource(allow('*', to(FOREIGN.arn))),
    },
    'no permissions boundary',
  ],
  [
    "another account's root needs the resource policy",
    { type: 'root', accountId: OTHER, arn: `arn:aws:iam::${OTHER}:root` },
    {},
    'no resource-based policy',
  ],
  [
    "another account's root with the resource policy",
    { type: 'root', accountId: OTHER, arn: `arn:aws:iam::${OTHER}:root` },
    { resource: resource(allow('*', to(OTHER))) },
    'allowed',
  ],
  [
    'a key without a policy for them is closed to administrators',
    USER,
    { identity: [identity(allow())], resource: resource(allow('*', to(SESSION.roleArn))) },
    'no resource-based policy',
    required,
  ],
  [
    'a key is closed even to the root that its policy does not name',
    ROOT,
    { resource: resource(allow('*', to(USER.arn))) },
    'no resource-based policy',
    required,
  ],
  [
    'a key that names the account leaves it to identity policies',
    USER,
    { identity: [identity(allow())], resource: resource(allow('*', to(HOME))) },
    'allowed',
    required,
  ],
  [
    'a key that names the account is not open to everybody',
    USER,
    { resource: resource(allow('*', to(HOME))) },
    nothing,
    required,
  ],
  [
    'a key that names the user needs no identity policy',
    USER,
    { resource: resource(allow('*', to(USER.arn))) },
    'allowed',
    required,
  ],
  ['a service needs to be named', SERVICE, { identity: [identity(allow())] }, 'no resource-based policy'],
  [
    'a service that is named may',
    SERVICE,
    { resource: resource(allow('*', { Principal: { Service: 'backup.amazonaws.com' } })) },
    'allowed',
  ],
  [
    'another service may not',
    SERVICE,
    { resource: resource(allow('*', { Principal: { Service: 'sns.amazonaws.com' } })) },
    'no resource-based policy',
  ],
];

function describe(decision: Decision): string {
  if (decision.outcome === 'allowed') return 'allowed';
  return decision.outcome === 'explicit-deny' ? `denied by ${decision.by.layer}` : `no ${decision.missing}`;
}

for (const [title, principal, policies, outcome, more] of CASES) {
  test(`${title}: ${outcome}`, () => assert.equal(describe(decide(principal, policies, more)), outcome));
}

test('the decision names the policy and the statement that decided', () => {
  const decision = decide(USER, { identity: [identity(allow(), deny('backup:Start*', { Sid: 'NoStart' }))] });
  assert.deepEqual(decision, {
    outcome: 'explicit-deny',
    by: { layer: 'identity-based policy', policy: 'identity', sid: 'NoStart', index: 1 },
  });
});

test('COPY-38: a service control policy confines copies to vaults with a tag', () => {
  const rule = scp(allow(), {
    Effect: 'Deny',
    Action: 'backup:CopyIntoBackupVault',
    Resource: '*',
    Condition: { Null: { 'aws:ResourceTag/DestinationBackupVault': 'true' } },
  });
  const ask = (context: ConditionContext): string =>
    describe(
      decide(
        USER,
        { identity: [identity(allow())], serviceControl: [[rule]] },
        { action: 'backup:CopyIntoBackupVault', context },
      ),
    );
  assert.equal(ask(new ConditionContext()), 'denied by service control policy');
  assert.equal(ask(new ConditionContext({ 'aws:ResourceTag/DestinationBackupVault': 'yes' })), 'allowed');
});
