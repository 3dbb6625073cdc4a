import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from './parse-policy.ts';
import { MalformedPolicyError, type PolicyKind } from './policy-document.ts';

const ALLOW = { Effect: 'Allow', Action: 'backup:*', Resource: '*' };
const VAULT = { Effect: 'Allow', Principal: '*', Action: 'backup:*', Resource: '*' };
const TRUST = { Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' };

function policy(...Statement: unknown[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

const REFUSED: readonly (readonly [why: string, kind: PolicyKind, text: string, message: RegExp])[] = [
  ['is not JSON', 'identity', '{', /not valid JSON/],
  ['is a list', 'identity', '[]', /must be an object/],
  ['has an unknown version', 'identity', JSON.stringify({ Version: '2024-01-01', Statement: ALLOW }), /version/],
  ['has no statement', 'identity', '{"Version":"2012-10-17","Statement":[]}', /no Statement/],
  ['has an element that does not exist', 'identity', JSON.stringify({ Statement: ALLOW, Rules: [] }), /Rules/],
  ['has a misspelt statement element', 'identity', policy({ ...ALLOW, Conditions: {} }), /Conditions/],
  ['has no effect', 'identity', policy({ Action: '*', Resource: '*' }), /Effect/],
  ['has no action', 'identity', policy({ Effect: 'Allow', Resource: '*' }), /must contain actions/],
  ['has both Action and NotAction', 'identity', policy({ ...ALLOW, NotAction: 'a:b' }), /both Action and NotAction/],
  [
    'has an action without vendor',
    'identity',
    policy({ ...ALLOW, Action: 'CreateBackupVault' }),
    /prefaced by a vendor/,
  ],
  ['has no resource', 'identity', policy({ Effect: 'Allow', Action: '*' }), /must contain resources/],
  ['has a resource that is no ARN', 'identity', policy({ ...ALLOW, Resource: 'my-vault' }), /ARN format/],
  ['names a principal in an identity policy', 'identity', policy(VAULT), /should not specify a principal/],
  ['names none in a resource policy', 'resource', policy(ALLOW), /Missing required field Principal/],
  ['names a resource in a trust policy', 'trust', policy({ ...TRUST, Resource: '*' }), /prohibited field Resource/],
  [
    'has a wildcard inside a principal',
    'resource',
    policy({ ...VAULT, Principal: { AWS: 'arn:aws:iam::123456789012:user/*' } }),
    /Invalid principal/,
  ],
  [
    'has an account that is too short',
    'resource',
    policy({ ...VAULT, Principal: { AWS: '12345' } }),
    /Invalid principal/,
  ],
  [
    'has an unknown kind of principal',
    'resource',
    policy({ ...VAULT, Principal: { User: 'eve' } }),
    /Invalid principal/,
  ],
  [
    'has an unknown operator',
    'identity',
    policy({ ...ALLOW, Condition: { StringIs: { 'a:b': 'c' } } }),
    /Invalid Condition type/,
  ],
  [
    'has NullIfExists',
    'identity',
    policy({ ...ALLOW, Condition: { NullIfExists: { 'a:b': 'true' } } }),
    /Invalid Condition type/,
  ],
  [
    'has a bad date',
    'identity',
    policy({ ...ALLOW, Condition: { DateEquals: { 'aws:CurrentTime': 'soon' } } }),
    /soon/,
  ],
  [
    'has a bad address',
    'identity',
    policy({ ...ALLOW, Condition: { IpAddress: { 'aws:SourceIp': '300.1.1.1' } } }),
    /300/,
  ],
  [
    'has an object as value',
    'identity',
    policy({ ...ALLOW, Condition: { StringEquals: { 'a:b': {} } } }),
    /neither text/,
  ],
  ['uses a Sid twice', 'identity', policy({ ...ALLOW, Sid: 'a' }, { ...ALLOW, Sid: 'a' }), /must be unique/],
  ['has spaces in the Sid of an identity policy', 'identity', policy({ ...ALLOW, Sid: 'a b' }), /alpha-numeric/],
];

for (const [why, kind, text, message] of REFUSED) {
  test(`a policy that ${why} is refused`, () => {
    assert.throws(
      () => parsePolicy(text, kind),
      (error) => error instanceof MalformedPolicyError && message.test(error.message),
    );
  });
}

test('single values and lists are the same', () => {
  const single = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: ALLOW }), 'identity');
  const list = parsePolicy(policy({ Effect: 'Allow', Action: ['backup:*'], Resource: ['*'] }), 'identity');
  assert.deepEqual(single, list);
});

test('a policy without version is of the old one', () => {
  assert.equal(parsePolicy(JSON.stringify({ Statement: ALLOW }), 'identity').version, '2008-10-17');
});

test('the Sid of a vault policy may contain spaces, as in the sample of COPY-27', () => {
  const text = policy({
    Sid: 'Allow account to copy into backup vault',
    Effect: 'Allow',
    Action: 'backup:CopyIntoBackupVault',
    Resource: '*',
    Principal: { AWS: 'arn:aws:iam::123456789012:root' },
  });
  assert.deepEqual(parsePolicy(text, 'resource').statements[0]?.principals?.entries, [
    { type: 'AWS', value: 'arn:aws:iam::123456789012:root' },
  ]);
});
