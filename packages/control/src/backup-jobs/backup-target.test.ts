import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aVault } from '../plans/testing/plan-world.ts';
import { type BackupTargetRequest, backupTarget } from './backup-target.ts';

const VAULT = aVault('Default');
const GAPPED = aVault('gapped', { type: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' });
const FILES = { arn: 'arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1', resourceType: 'EFS' };
const VOLUME = { arn: 'arn:aws:ec2:us-east-1:123456789012:volume/vol-1', resourceType: 'EBS' };
const TABLE = { arn: 'arn:aws:dynamodb:us-east-1:123456789012:table/t', resourceType: 'DynamoDB' };
const CLUSTER = { arn: 'arn:aws:redshift:us-east-1:123456789012:cluster:c', resourceType: 'Redshift' };

function target(resource: BackupTargetRequest['resource'], members: Partial<BackupTargetRequest> = {}) {
  const { vault, lifecycle, airGappedVaultArn } = backupTarget({
    resource,
    vault: VAULT,
    airGapped: GAPPED,
    lifecycle: { deleteAfterDays: 30 },
    isDynamoDbAdvanced: true,
    ...members,
  });
  return [vault.name, lifecycle?.deleteAfterEvent, airGappedVaultArn];
}

test('without an air-gapped vault a backup goes where its rule says', () => {
  assert.deepEqual(target(VOLUME, { airGapped: undefined }), ['Default', undefined, undefined]);
});

test('fully managed types go straight into the air-gapped vault', () => {
  assert.deepEqual(target(FILES), ['gapped', undefined, undefined]);
  assert.deepEqual(target(TABLE), ['gapped', undefined, undefined]);
});

test('other types go by way of a temporary recovery point, those that cannot be copied stay', () => {
  assert.deepEqual(target(VOLUME), ['Default', 'DELETE_AFTER_COPY', GAPPED.arn]);
  assert.deepEqual(target(TABLE, { isDynamoDbAdvanced: false }), ['Default', undefined, undefined]);
  assert.deepEqual(target(CLUSTER), ['Default', undefined, undefined]);
});

test('a continuous backup is never temporary, and a vault that is not there fails the job', () => {
  assert.deepEqual(target(VOLUME, { isContinuous: true }), ['Default', undefined, undefined]);
  assert.deepEqual(target(VOLUME, { airGapped: { ...GAPPED, state: 'FAILED' } }), ['gapped', undefined, undefined]);
});
