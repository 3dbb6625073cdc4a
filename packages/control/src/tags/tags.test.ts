import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateBackupVaultCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-backup';
import { aRecoveryPoint } from '../testing/a-recovery-point.ts';
import { testControl, withFileSystem } from '../testing/test-control.ts';
import { recoveryPointTags } from './tag-rules.ts';

const VAULT_ARN = 'arn:aws:backup:us-east-1:123456789012:backup-vault:v1';

async function withVault() {
  const control = await testControl();
  await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'v1', BackupVaultTags: { a: '1' } }));
  return control;
}

test('tags are added, replaced, removed and listed page by page; the :vault: form names the same vault', async () => {
  await using control = await withVault();
  const tag = (ResourceArn: string, Tags: Record<string, string>) =>
    control.client.send(new TagResourceCommand({ ResourceArn, Tags }));
  await tag(VAULT_ARN, { b: '2' });
  await tag(VAULT_ARN.replace(':backup-vault:', ':vault:'), { a: '3', c: '' });
  const first = await control.client.send(new ListTagsCommand({ ResourceArn: VAULT_ARN, MaxResults: 2 }));
  assert.deepEqual(first.Tags, { a: '3', b: '2' });
  const second = await control.client.send(
    new ListTagsCommand({ ResourceArn: VAULT_ARN, MaxResults: 2, NextToken: first.NextToken }),
  );
  assert.deepEqual([second.Tags, second.NextToken], [{ c: '' }, undefined]);
  await control.client.send(new UntagResourceCommand({ ResourceArn: VAULT_ARN, TagKeyList: ['a', 'c', 'absent'] }));
  const rest = await control.client.send(new ListTagsCommand({ ResourceArn: VAULT_ARN }));
  assert.deepEqual(rest.Tags, { b: '2' });
});

test('recovery points carry tags too', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  const ResourceArn = await aRecoveryPoint(control);
  await control.client.send(new TagResourceCommand({ ResourceArn, Tags: { keep: 'yes' } }));
  const { Tags } = await control.client.send(new ListTagsCommand({ ResourceArn }));
  assert.deepEqual(Tags, { keep: 'yes' });
});

test('unknown resources, reserved keys and more than 50 tags are refused', async () => {
  await using control = await withVault();
  const tag = (ResourceArn: string, Tags: Record<string, string>) =>
    control.client.send(new TagResourceCommand({ ResourceArn, Tags }));
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
  await assert.rejects(tag(VAULT_ARN, many), { name: 'LimitExceededException' });
  await assert.rejects(tag(VAULT_ARN, { ...many, k50: 'v' }), { name: 'LimitExceededException' });
  await assert.rejects(tag(VAULT_ARN, { 'AWS:x': 'v' }), { name: 'InvalidParameterValueException' });
  await assert.rejects(tag(VAULT_ARN, { k: 'v'.repeat(257) }), { name: 'InvalidParameterValueException' });
  await assert.rejects(tag(VAULT_ARN, { ['k'.repeat(129)]: 'v' }), { name: 'InvalidParameterValueException' });
  await assert.rejects(tag('no-arn', { k: 'v' }), { name: 'InvalidParameterValueException' });
  const elsewhere = [
    `${VAULT_ARN}x`,
    VAULT_ARN.replace('123456789012', '999999999999'),
    VAULT_ARN.replace('us-east-1', 'eu-west-1'),
    'arn:aws:backup:us-east-1:123456789012:recovery-point:none',
  ];
  for (const arn of elsewhere) {
    await assert.rejects(tag(arn, { k: 'v' }), { name: 'ResourceNotFoundException' });
    await assert.rejects(control.client.send(new ListTagsCommand({ ResourceArn: arn })), {
      name: 'ResourceNotFoundException',
    });
    await assert.rejects(control.client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeyList: ['k'] })), {
      name: 'ResourceNotFoundException',
    });
  }
});

test('a recovery point takes the tags of the request first, then those of the resource, at most 50 (BKP-208)', () => {
  const resource = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`r${index + 10}`, 'resource']));
  const { tags, dropped } = recoveryPointTags({ ...resource, both: 'resource', 'aws:x': '1' }, { both: 'request' }, 50);
  assert.equal(Object.keys(tags).length, 50);
  assert.equal(tags.both, 'request');
  assert.equal(dropped, 11);
  assert.equal(Object.keys(tags).at(-1), 'r58');
});
