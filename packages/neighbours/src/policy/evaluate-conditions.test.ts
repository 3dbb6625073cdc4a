import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConditionContext, type ConditionValue } from './condition-context.ts';
import { conditionsHold } from './evaluate-conditions.ts';
import { parseConditions } from './parse-conditions.ts';

type Facts = Readonly<Record<string, ConditionValue>>;

function holds(operator: string, key: string, values: unknown, facts: Facts): boolean {
  const context = new ConditionContext(facts);
  return conditionsHold(parseConditions({ [operator]: { [key]: values } }), context, (name) => context.single(name));
}

const ORG = ['o-a1b2c3d4e5/r-f6g7/ou-def0-awsbbbbb/', 'o-a1b2c3d4e5/r-f6g7/ou-def0-awsbbbbb/ou-jkl0-awsddddd/*'];
const TARGETS = [
  'arn:aws:backup:*:112233445566:backup-vault:cab-*',
  'arn:aws:backup:us-west-1:123456789012:backup-vault:fort-knox',
];
const vault = (account: string, name: string, region = 'us-west-1'): string =>
  `arn:aws:backup:${region}:${account}:backup-vault:${name}`;

const CASES: readonly (readonly [operator: string, key: string, values: unknown, facts: Facts, expected: boolean])[] = [
  ['StringEquals', 'aws:PrincipalOrgID', ['o-1', 'o-2'], { 'aws:PrincipalOrgID': 'o-2' }, true],
  ['StringEquals', 'AWS:principalorgid', 'o-1', { 'aws:PrincipalOrgID': 'o-1' }, true],
  ['StringEquals', 'k:a', 'Abc', { 'k:a': 'abc' }, false],
  ['StringEquals', 'k:a', 'a*', { 'k:a': 'abc' }, false],
  ['StringEquals', 'k:a', 'a*', { 'k:a': 'a*' }, true],
  ['StringEquals', 'k:a', 'abc', {}, false],
  ['StringEqualsIfExists', 'k:a', 'abc', {}, true],
  ['StringEqualsIfExists', 'k:a', 'abc', { 'k:a': 'x' }, false],
  ['stringequalsifexists', 'k:a', 'abc', { 'k:a': 'abc' }, true],
  ['StringNotEquals', 'k:a', ['x', 'y'], { 'k:a': 'y' }, false],
  ['StringNotEquals', 'k:a', ['x', 'y'], { 'k:a': 'z' }, true],
  ['StringNotEquals', 'k:a', 'x', {}, true],
  ['StringNotEquals', 'k:a', 'x', { 'k:a': ['x', 'y'] }, false],
  ['StringEqualsIgnoreCase', 'k:a', 'ABC', { 'k:a': 'abc' }, true],
  ['StringNotEqualsIgnoreCase', 'k:a', 'ABC', { 'k:a': 'abc' }, false],
  ['StringLike', 'k:a', 'team-?*', { 'k:a': 'team-7' }, true],
  ['StringLike', 'k:a', 'team-?*', { 'k:a': 'team-' }, false],
  ['StringNotLike', 'k:a', 'team-*', { 'k:a': 'team-7' }, false],
  [
    'StringLike',
    'aws:PrincipalArn',
    `arn:aws:iam::1:user/\${aws:username}`,
    facts('eve', 'arn:aws:iam::1:user/eve'),
    true,
  ],
  [
    'StringLike',
    'aws:PrincipalArn',
    `arn:aws:iam::1:user/\${aws:username}`,
    facts('*', 'arn:aws:iam::1:user/eve'),
    false,
  ],
  ['StringEquals', 'k:a', `\${k:missing}`, { 'k:a': 'x' }, false],
  ['StringEquals', 'k:a', `\${k:missing, 'fallback'}`, { 'k:a': 'fallback' }, true],
  ['StringLike', 'k:a', `a\${*}b`, { 'k:a': 'axb' }, false],
  ['StringLike', 'k:a', `a\${*}b`, { 'k:a': 'a*b' }, true],
  ['NumericEquals', 'k:n', 10, { 'k:n': '10.0' }, true],
  ['NumericNotEquals', 'k:n', 10, { 'k:n': 10 }, false],
  ['NumericNotEquals', 'k:n', 10, {}, true],
  ['NumericLessThan', 'k:n', '10', { 'k:n': 9 }, true],
  ['NumericLessThan', 'k:n', '10', { 'k:n': 10 }, false],
  ['NumericLessThanEquals', 'k:n', '10', { 'k:n': 10 }, true],
  ['NumericGreaterThan', 'k:n', '10', { 'k:n': 11 }, true],
  ['NumericGreaterThanEquals', 'k:n', '10', { 'k:n': 'eleven' }, false],
  ['DateGreaterThan', 'aws:CurrentTime', '2024-02-01T00:00:00Z', { 'aws:CurrentTime': '2024-02-01T00:00:01Z' }, true],
  ['DateGreaterThan', 'aws:CurrentTime', '2024-02-01T00:00:00Z', { 'aws:CurrentTime': '2024-02-01T00:00:00Z' }, false],
  ['DateLessThan', 'aws:CurrentTime', '1706745600', { 'aws:CurrentTime': '2024-01-31T23:59:59Z' }, true],
  ['DateEquals', 'aws:CurrentTime', '2024-02-01', { 'aws:CurrentTime': '2024-02-01T00:00:00Z' }, true],
  ['DateGreaterThanEquals', 'aws:EpochTime', '2024-02-01T00:00:00Z', { 'aws:EpochTime': '1706745600' }, true],
  ['DateLessThanIfExists', 'aws:TokenIssueTime', '2024-02-01T00:00:00Z', {}, true],
  ['Bool', 'aws:SecureTransport', 'false', { 'aws:SecureTransport': false }, true],
  ['Bool', 'aws:SecureTransport', false, { 'aws:SecureTransport': 'true' }, false],
  ['Bool', 'aws:MultiFactorAuthPresent', 'true', {}, false],
  ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'false', {}, true],
  ['BinaryEquals', 'k:b', 'QmluYXJ5', { 'k:b': 'QmluYXJ5' }, true],
  ['BinaryEquals', 'k:b', 'QmluYXJ5', { 'k:b': 'QmluYXJ6' }, false],
  ['IpAddress', 'aws:SourceIp', '203.0.113.0/24', { 'aws:SourceIp': '203.0.113.77' }, true],
  ['IpAddress', 'aws:SourceIp', '203.0.113.0/24', { 'aws:SourceIp': '203.0.114.1' }, false],
  ['IpAddress', 'aws:SourceIp', ['10.0.0.1', '2001:db8::/32'], { 'aws:SourceIp': '2001:db8:1::5' }, true],
  ['IpAddress', 'aws:SourceIp', '10.0.0.0/8', { 'aws:SourceIp': 'backup.amazonaws.com' }, false],
  ['NotIpAddress', 'aws:SourceIp', ['10.0.0.0/8', '192.168.0.0/16'], { 'aws:SourceIp': '192.168.3.4' }, false],
  ['NotIpAddress', 'aws:SourceIp', '10.0.0.0/8', { 'aws:SourceIp': '11.0.0.1' }, true],
  [
    'ArnLike',
    'aws:SourceArn',
    'arn:aws:backup:*:123456789012:backup-vault:*',
    { 'aws:SourceArn': vault('123456789012', 'a') },
    true,
  ],
  [
    'ArnEquals',
    'aws:SourceArn',
    'arn:aws:backup:*:123456789012:backup-vault:*',
    { 'aws:SourceArn': vault('123456789012', 'a') },
    true,
  ],
  ['ArnLike', 'aws:SourceArn', 'arn:aws:*:backup-vault:*', { 'aws:SourceArn': vault('123456789012', 'a') }, false],
  ['ArnNotEquals', 'aws:SourceArn', 'arn:aws:sns:*:*:t', { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:1:t' }, false],
  ['Null', 'aws:ResourceTag/DestinationBackupVault', 'true', {}, true],
  ['Null', 'aws:ResourceTag/DestinationBackupVault', 'true', { 'aws:ResourceTag/DestinationBackupVault': 'x' }, false],
  [
    'Null',
    'aws:ResourceTag/aws:backup:source-resource',
    'false',
    { 'aws:ResourceTag/aws:backup:source-resource': 'y' },
    true,
  ],
  ['Null', 'aws:ResourceTag/a', false, {}, false],
  ['ForAllValues:StringEquals', 'aws:TagKeys', ['a', 'b'], { 'aws:TagKeys': ['a', 'b'] }, true],
  ['ForAllValues:StringEquals', 'aws:TagKeys', ['a', 'b'], { 'aws:TagKeys': ['a', 'c'] }, false],
  ['ForAllValues:StringEquals', 'aws:TagKeys', ['a', 'b'], { 'aws:TagKeys': [] }, true],
  ['ForAnyValue:StringEquals', 'aws:TagKeys', ['a', 'b'], { 'aws:TagKeys': ['a', 'c'] }, true],
  ['ForAnyValue:StringEquals', 'aws:TagKeys', ['a', 'b'], {}, false],
  ['ForAnyValue:StringNotEquals', 'aws:TagKeys', ['a'], { 'aws:TagKeys': ['a', 'c'] }, true],
  ['ForAnyValue:StringNotEquals', 'aws:TagKeys', ['a'], {}, false],
  [
    'ForAnyValue:StringLike',
    'aws:PrincipalOrgPaths',
    ORG,
    { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/r-f6g7/ou-def0-awsbbbbb/'] },
    true,
  ],
  [
    'ForAnyValue:StringLike',
    'aws:PrincipalOrgPaths',
    ORG,
    { 'aws:PrincipalOrgPaths': ['o-a1b2c3d4e5/r-f6g7/ou-other/'] },
    false,
  ],
  [
    'ForAllValues:ArnNotLike',
    'backup:CopyTargets',
    TARGETS,
    { 'backup:CopyTargets': [vault('112233445566', 'cab-1', 'eu-north-1')] },
    false,
  ],
  [
    'ForAllValues:ArnNotLike',
    'backup:CopyTargets',
    TARGETS,
    { 'backup:CopyTargets': [vault('123456789012', 'fort-knox')] },
    false,
  ],
  [
    'ForAllValues:ArnNotLike',
    'backup:CopyTargets',
    TARGETS,
    { 'backup:CopyTargets': [vault('123456789012', 'other')] },
    true,
  ],
  [
    'ForAllValues:StringNotLike',
    'backup:CopyTargetOrgPaths',
    ORG,
    { 'backup:CopyTargetOrgPaths': ['o-a1b2c3d4e5/r-f6g7/ou-def0-awsbbbbb/'] },
    false,
  ],
  [
    'ForAllValues:StringNotLike',
    'backup:CopyTargetOrgPaths',
    ORG,
    { 'backup:CopyTargetOrgPaths': ['o-a1b2c3d4e5/r-f6g7/ou-z/'] },
    true,
  ],
];

function facts(userName: string, arn: string): Facts {
  return { 'aws:username': userName, 'aws:PrincipalArn': arn };
}

for (const [operator, key, values, given, expected] of CASES) {
  test(`${operator} ${key} ${JSON.stringify(values)} ${expected ? 'holds' : 'fails'} for ${JSON.stringify(given)}`, () => {
    assert.equal(holds(operator, key, values, given), expected);
  });
}

test('all keys and all operators of a block must hold', () => {
  const clauses = parseConditions({
    StringEquals: { 'k:a': 'x', 'k:b': 'y' },
    Bool: { 'aws:SecureTransport': 'true' },
  });
  const full = { 'k:a': 'x', 'k:b': 'y', 'aws:SecureTransport': true };
  assert.equal(conditionsHold(clauses, new ConditionContext(full), undefined), true);
  for (const key of Object.keys(full)) {
    assert.equal(conditionsHold(clauses, new ConditionContext({ ...full, [key]: 'no' }), undefined), false, key);
  }
});

test('a policy of version 2008-10-17 reads variables as plain text', () => {
  const clauses = parseConditions({ StringEquals: { 'k:a': `\${aws:username}` } });
  const context = new ConditionContext({ 'k:a': `\${aws:username}`, 'aws:username': 'eve' });
  assert.equal(conditionsHold(clauses, context, undefined), true);
});
