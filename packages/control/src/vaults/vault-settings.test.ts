import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateBackupVaultCommand,
  CreateLogicallyAirGappedBackupVaultCommand,
  DeleteBackupVaultAccessPolicyCommand,
  DeleteBackupVaultCommand,
  DeleteBackupVaultLockConfigurationCommand,
  DeleteBackupVaultNotificationsCommand,
  DescribeBackupVaultCommand,
  GetBackupVaultAccessPolicyCommand,
  GetBackupVaultNotificationsCommand,
  PutBackupVaultAccessPolicyCommand,
  PutBackupVaultLockConfigurationCommand,
  PutBackupVaultNotificationsCommand,
} from '@aws-sdk/client-backup';
import { testControl } from '../testing/test-control.ts';

const DAY_MS = 86_400_000;
const NAME = { BackupVaultName: 'v1' };

async function withVault() {
  const control = await testControl();
  await control.client.send(new CreateBackupVaultCommand(NAME));
  return control;
}

test('a governance lock has no lock date and can be changed and removed at any time', async () => {
  await using control = await withVault();
  await control.client.send(
    new PutBackupVaultLockConfigurationCommand({ ...NAME, MinRetentionDays: 7, MaxRetentionDays: 30 }),
  );
  const locked = await control.client.send(new DescribeBackupVaultCommand(NAME));
  assert.deepEqual(
    [locked.Locked, locked.MinRetentionDays, locked.MaxRetentionDays, locked.LockDate],
    [true, 7, 30, undefined],
  );
  await control.client.send(new PutBackupVaultLockConfigurationCommand({ ...NAME, MinRetentionDays: 8 }));
  const changed = await control.client.send(new DescribeBackupVaultCommand(NAME));
  assert.deepEqual([changed.MinRetentionDays, changed.MaxRetentionDays], [8, undefined]);
  await control.client.send(new DeleteBackupVaultLockConfigurationCommand(NAME));
  const open = await control.client.send(new DescribeBackupVaultCommand(NAME));
  assert.deepEqual([open.Locked, open.MinRetentionDays, open.LockDate], [false, undefined, undefined]);
});

test('a compliance lock can be removed until its lock date and is immutable from then on', async () => {
  await using control = await withVault();
  const lock = new PutBackupVaultLockConfigurationCommand({ ...NAME, ChangeableForDays: 3, MinRetentionDays: 7 });
  await control.client.send(lock);
  const described = await control.client.send(new DescribeBackupVaultCommand(NAME));
  assert.equal(described.LockDate?.getTime(), control.clock.now() + 3 * DAY_MS);
  await control.client.send(new DeleteBackupVaultLockConfigurationCommand(NAME));
  await control.client.send(lock);
  const vault = await control.stores.vaults.get({ accountId: '123456789012', region: 'us-east-1' }, 'v1');
  assert.ok(vault?.lock);
  control.stores.vaults.change(vault.vaultId, { lock: { ...vault.lock, lockDateAt: control.clock.now() } });
  for (const command of [
    new DeleteBackupVaultLockConfigurationCommand(NAME),
    new PutBackupVaultLockConfigurationCommand({ ...NAME, MinRetentionDays: 1 }),
    new DeleteBackupVaultCommand(NAME),
  ]) {
    await assert.rejects(control.client.send(command as never), { name: 'InvalidRequestException' });
  }
});

test('locks outside their limits, of unknown vaults and of air-gapped vaults are refused', async () => {
  await using control = await withVault();
  await control.client.send(
    new CreateLogicallyAirGappedBackupVaultCommand({
      BackupVaultName: 'gap',
      MinRetentionDays: 7,
      MaxRetentionDays: 9,
    }),
  );
  for (const [members, name] of [
    [{ ChangeableForDays: 2 }, 'InvalidParameterValueException'],
    [{ ChangeableForDays: 36_501 }, 'InvalidParameterValueException'],
    [{ MinRetentionDays: 0 }, 'InvalidParameterValueException'],
    [{ MaxRetentionDays: 36_501 }, 'InvalidParameterValueException'],
    [{ MinRetentionDays: 9, MaxRetentionDays: 8 }, 'InvalidParameterValueException'],
    [{ BackupVaultName: 'none' }, 'ResourceNotFoundException'],
    [{ BackupVaultName: 'gap', MinRetentionDays: 1 }, 'InvalidRequestException'],
  ] as const) {
    await assert.rejects(control.client.send(new PutBackupVaultLockConfigurationCommand({ ...NAME, ...members })), {
      name,
    });
  }
  await assert.rejects(control.client.send(new DeleteBackupVaultLockConfigurationCommand({ BackupVaultName: 'gap' })), {
    name: 'InvalidRequestException',
  });
});

const POLICY = `{ "Version": "2012-10-17", "Id": "keep-me", "Statement": [ {
  "Sid": "statement ID", "Effect": "Deny", "Principal": { "AWS": "arn:aws:iam::123456789012:role/MyRole" },
  "Action": [ "backup:DeleteRecoveryPoint", "backup:StartRestoreJob" ], "Resource": ["*"] } ] }`;

test('an access policy comes back character for character, and is gone after deletion', async () => {
  await using control = await withVault();
  await assert.rejects(control.client.send(new GetBackupVaultAccessPolicyCommand(NAME)), {
    name: 'ResourceNotFoundException',
  });
  await control.client.send(new PutBackupVaultAccessPolicyCommand({ ...NAME, Policy: POLICY }));
  const got = await control.client.send(new GetBackupVaultAccessPolicyCommand(NAME));
  assert.equal(got.Policy, POLICY);
  assert.equal(got.BackupVaultArn, 'arn:aws:backup:us-east-1:123456789012:backup-vault:v1');
  await control.client.send(new DeleteBackupVaultAccessPolicyCommand(NAME));
  await control.client.send(new DeleteBackupVaultAccessPolicyCommand(NAME));
  await assert.rejects(control.client.send(new GetBackupVaultAccessPolicyCommand(NAME)), {
    name: 'ResourceNotFoundException',
  });
});

test('policies that are none, use wildcards in actions or name nobody are refused', async () => {
  await using control = await withVault();
  for (const policy of [
    'not json',
    '{}',
    POLICY.replace('backup:StartRestoreJob', 'backup:*'),
    POLICY.replace('backup:StartRestoreJob', 'ec2:CreateSnapshot'),
    POLICY.replace('"Deny"', '"Perhaps"'),
  ]) {
    await assert.rejects(control.client.send(new PutBackupVaultAccessPolicyCommand({ ...NAME, Policy: policy })), {
      name: 'InvalidParameterValueException',
    });
  }
  const nobody = POLICY.replace('role/MyRole', 'role/nobody');
  await assert.rejects(control.client.send(new PutBackupVaultAccessPolicyCommand({ ...NAME, Policy: nobody })), {
    name: 'InvalidParameterValueException',
    message: /Provided principal is not valid/,
  });
  await assert.rejects(control.client.send(new PutBackupVaultAccessPolicyCommand(NAME)), {
    name: 'MissingParameterValueException',
  });
});

const TOPIC = 'arn:aws:sns:us-west-2:111122223333:MyVaultTopic';

test('notifications come back with precisely the events that were put', async () => {
  await using control = await withVault();
  await assert.rejects(control.client.send(new GetBackupVaultNotificationsCommand(NAME)), {
    name: 'ResourceNotFoundException',
  });
  const events = ['BACKUP_JOB_STARTED', 'RESTORE_JOB_COMPLETED', 'BACKUP_PLAN_CREATED'] as const;
  await control.client.send(
    new PutBackupVaultNotificationsCommand({ ...NAME, SNSTopicArn: TOPIC, BackupVaultEvents: [...events] }),
  );
  const got = await control.client.send(new GetBackupVaultNotificationsCommand(NAME));
  assert.deepEqual([got.SNSTopicArn, got.BackupVaultEvents], [TOPIC, [...events]]);
  await control.client.send(new DeleteBackupVaultNotificationsCommand(NAME));
  await control.client.send(new DeleteBackupVaultNotificationsCommand(NAME));
  await assert.rejects(control.client.send(new GetBackupVaultNotificationsCommand(NAME)), {
    name: 'ResourceNotFoundException',
  });
});

test('notifications to what is no topic, of no event or of an unknown one are refused', async () => {
  await using control = await withVault();
  for (const [members, name] of [
    [{ SNSTopicArn: 'topic', BackupVaultEvents: ['BACKUP_JOB_STARTED'] }, 'InvalidParameterValueException'],
    [{ SNSTopicArn: TOPIC, BackupVaultEvents: [] }, 'InvalidParameterValueException'],
    [{ SNSTopicArn: TOPIC, BackupVaultEvents: ['SOMETHING' as never] }, 'InvalidParameterValueException'],
    [{ SNSTopicArn: TOPIC }, 'MissingParameterValueException'],
    [
      { BackupVaultName: 'none', SNSTopicArn: TOPIC, BackupVaultEvents: ['BACKUP_JOB_STARTED'] },
      'ResourceNotFoundException',
    ],
  ] as const) {
    const input = { ...NAME, ...members } as never;
    await assert.rejects(control.client.send(new PutBackupVaultNotificationsCommand(input)), { name });
  }
});
