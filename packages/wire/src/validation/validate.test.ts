import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileService } from '../model/compile-service.ts';
import * as describe from '../model/describe.ts';
import { defineService } from '../model/service.ts';
import type { StructureShape } from '../model/shape.ts';
import { backup } from '../services/backup.ts';
import { iam } from '../services/iam.ts';
import { validate } from './validate.ts';
import { describeViolations } from './violation.ts';

const { string, integer, list, map, required, sensitive, structure } = describe;

function shapeOf(members: Parameters<typeof structure>[1]): StructureShape {
  const input = structure('In', members);
  const operation = describe.operation('Op', { input, output: structure('Out', {}) });
  const service = defineService({ name: 'x', protocols: ['awsJson1_0'], apiVersion: '1', schemas: { operation } });
  const shape = compileService(service).operations.get('Op')?.input;
  assert.ok(shape !== undefined);
  return shape;
}

function inputOf(service: typeof backup | typeof iam, operation: string): StructureShape {
  const shape = compileService(service).operations.get(operation)?.input;
  assert.ok(shape !== undefined);
  return shape;
}

test('messages are worded as AWS words them', () => {
  const shape = shapeOf({ Name: string({ pattern: '[a-z]+' }), Count: required(integer({ min: 1 })) });
  assert.equal(
    describeViolations(validate(shape, { Name: 'A1' })),
    "2 validation errors detected: Value null at 'count' failed to satisfy constraint: Member must not be null; " +
      "Value 'A1' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
  );
});

test('patterns hold for the whole text, lengths count characters', () => {
  const shape = shapeOf({
    Name: string({ pattern: 'ab*', maxLength: 3 }),
    Icon: string({ minLength: 2, maxLength: 2 }),
  });
  assert.equal(validate(shape, { Name: 'abb', Icon: '😀😀' }).length, 0);
  for (const Name of ['xab', 'abx', 'abbb', 'ab\nab']) assert.equal(validate(shape, { Name }).length, 1, Name);
  assert.equal(validate(shape, { Icon: '😀' }).length, 1);
});

test('items, keys and values are checked where they stand', () => {
  const shape = shapeOf({
    Names: list(string({ maxLength: 1 }), { maxLength: 2 }),
    Tags: map(string({ minLength: 1 })),
    Inner: list(structure('Inner', { Id: required(string()) })),
  });
  const paths = (input: Record<string, unknown>) => validate(shape, input).map(({ path }) => path);
  assert.deepEqual(paths({ Names: ['a', 'bb'] }), ['names.2.member']);
  assert.deepEqual(paths({ Names: ['a', 'b', 'c'] }), ['names']);
  assert.deepEqual(paths({ Tags: { a: '' } }), ['tags.a.member']);
  assert.deepEqual(paths({ Inner: [{ Id: 'x' }, {}] }), ['inner.2.member.id']);
});

test('secrets are not repeated in messages', () => {
  const shape = shapeOf({ Password: sensitive(string({ minLength: 8 })) });
  assert.doesNotMatch(describeViolations(validate(shape, { Password: 'hunter2' })), /hunter2/);
});

test('a vault name keeps to its pattern; describing a vault takes any name', () => {
  assert.equal(validate(inputOf(backup, 'CreateBackupVault'), { BackupVaultName: 'a' }).length, 1);
  assert.equal(validate(inputOf(backup, 'CreateBackupVault'), { BackupVaultName: 'A_b-9' }).length, 0);
  assert.equal(validate(inputOf(backup, 'DescribeBackupVault'), { BackupVaultName: 'a' }).length, 0);
});

test('resource types may have spaces and account filters their wildcards', () => {
  const input = { ByResourceType: 'SAP HANA on Amazon EC2', ByAccountId: '*', MaxResults: 1000 };
  assert.equal(validate(inputOf(backup, 'ListBackupJobs'), input).length, 0);
  assert.equal(validate(inputOf(backup, 'ListBackupJobSummaries'), { AccountId: 'AGGREGATE_ALL' }).length, 0);
  assert.equal(validate(inputOf(backup, 'ListBackupJobs'), { ByAccountId: '12' }).length, 1);
});

test('an empty description passes and an all-blank one does not', () => {
  const base = { FrameworkName: 'a', FrameworkControls: [] };
  assert.equal(validate(inputOf(backup, 'CreateFramework'), { ...base, FrameworkDescription: '' }).length, 0);
  assert.equal(validate(inputOf(backup, 'CreateFramework'), { ...base, FrameworkDescription: '  ' }).length, 1);
});

test('Unicode classes in patterns work', () => {
  const tag = (Key: string) => validate(inputOf(iam, 'TagUser'), { UserName: 'u', Tags: [{ Key, Value: '' }] }).length;
  assert.equal(tag('Größe'), 0);
  assert.equal(tag('a#'), 1);
});

test('the number of violations told is bounded', () => {
  const shape = shapeOf({ Names: list(string({ maxLength: 1 })) });
  assert.ok(validate(shape, { Names: Array.from({ length: 10_000 }, () => 'xx') }).length <= 20);
});
