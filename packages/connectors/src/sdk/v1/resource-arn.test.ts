import assert from 'node:assert/strict';
import { it } from 'node:test';
import { derivedResourceId, formatResourceArn, parseResourceArn } from './resource-arn.ts';

it('reads back every ARN that it writes, colons in the resource included', () => {
  for (const text of [
    'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-0123456789abcdef0',
    'arn:aws:rds:us-east-1:123456789012:db:orders',
    'arn:aws:s3:::bucket',
    'arn:aws-cn:ec2:cn-north-1:123456789012:volume/vol-0123456789abcdef0',
  ]) {
    assert.equal(formatResourceArn(parseResourceArn(text)), text);
  }
});

it('refuses what is no ARN', () => {
  for (const text of ['', 'fs-1', 'arn:aws:s3', 'arn::s3:::bucket', 'arn:aws:s3:::']) {
    assert.throws(() => parseResourceArn(text), /is not an ARN/, text);
  }
});

it('derives the same id from the same parts, and tells parts apart that join to the same text', () => {
  const id = derivedResourceId('fs-', ['a', 'bc']);
  assert.match(id, /^fs-[0-9a-f]{17}$/);
  assert.equal(derivedResourceId('fs-', ['a', 'bc']), id);
  assert.notEqual(derivedResourceId('fs-', ['ab', 'c']), id);
});
