import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateBackupVaultCommand,
  CreateLogicallyAirGappedBackupVaultCommand,
  DeleteBackupVaultCommand,
  DescribeBackupVaultCommand,
  ListBackupVaultsCommand,
  ListTagsCommand,
  paginateListBackupVaults,
  ServiceUnavailableException,
} from '@aws-sdk/client-backup';
import { StoreError } from '@holdfast/engine';
import { testControl, withFileSystem } from '../testing/test-control.ts';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

test('a vault is created with key, tags and request id, and described with all of it', async () => {
  await using control = await testControl();
  const created = await control.client.send(
    new CreateBackupVaultCommand({
      BackupVaultName: 'aBackupVault',
      EncryptionKeyArn: KEY,
      CreatorRequestId: 'request-1',
      BackupVaultTags: { BackupType: 'Financial' },
    }),
  );
  assert.equal(created.BackupVaultArn, 'arn:aws:backup:us-east-1:123456789012:backup-vault:aBackupVault');
  assert.equal(created.CreationDate?.getTime(), control.clock.now());
  const { $metadata, ...described } = await control.client.send(
    new DescribeBackupVaultCommand({ BackupVaultName: 'aBackupVault' }),
  );
  assert.equal($metadata.httpStatusCode, 200);
  assert.deepEqual(described, {
    BackupVaultName: 'aBackupVault',
    BackupVaultArn: created.BackupVaultArn,
    VaultType: 'BACKUP_VAULT',
    VaultState: 'AVAILABLE',
    EncryptionKeyArn: KEY,
    EncryptionKeyType: 'CUSTOMER_MANAGED_KMS_KEY',
    CreationDate: created.CreationDate,
    CreatorRequestId: 'request-1',
    NumberOfRecoveryPoints: 0,
    Locked: false,
  });
  const tags = await control.client.send(new ListTagsCommand({ ResourceArn: created.BackupVaultArn ?? '' }));
  assert.deepEqual(tags.Tags, { BackupType: 'Financial' });
});

test('without a key the vault has the default key of the scope', async () => {
  await using control = await testControl();
  await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'plain' }));
  const vault = await control.client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'plain' }));
  assert.equal(vault.EncryptionKeyArn, 'arn:aws:kms:us-east-1:123456789012:key/default');
  assert.equal(vault.EncryptionKeyType, 'AWS_OWNED_KMS_KEY');
});

test('a retry with the same request id and content gets the first answer, anything else AlreadyExistsException', async () => {
  await using control = await testControl();
  const request = { BackupVaultName: 'v1', CreatorRequestId: 'same', BackupVaultTags: { a: '1' } };
  const first = await control.client.send(new CreateBackupVaultCommand(request));
  const retried = await control.client.send(new CreateBackupVaultCommand(request));
  assert.equal(retried.BackupVaultArn, first.BackupVaultArn);
  for (const other of [
    { ...request, BackupVaultTags: { a: '2' } },
    { ...request, CreatorRequestId: 'different' },
    { BackupVaultName: 'v1' },
  ]) {
    await assert.rejects(control.client.send(new CreateBackupVaultCommand(other)), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.equal(error.name, 'AlreadyExistsException');
      assert.equal((error as Error & { Arn?: string }).Arn, first.BackupVaultArn);
      assert.equal((error as Error & { CreatorRequestId?: string }).CreatorRequestId, 'same');
      return true;
    });
  }
});

test('bad names, aliases and unknown keys are refused as invalid parameters', async () => {
  await using control = await testControl();
  for (const request of [
    { BackupVaultName: 'x' },
    { BackupVaultName: 'with space' },
    { BackupVaultName: 'ok-name', EncryptionKeyArn: 'alias/aws/backup' },
    { BackupVaultName: 'ok-name', EncryptionKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/missing' },
    { BackupVaultName: 'ok-name', BackupVaultTags: { 'aws:reserved': 'x' } },
  ]) {
    await assert.rejects(control.client.send(new CreateBackupVaultCommand(request)), {
      name: 'InvalidParameterValueException',
    });
  }
});

test('the quota of vaults answers LimitExceededException and leaves no repository behind', async () => {
  await using control = await testControl();
  control.switches.quotas = { ...control.switches.quotas, vaultsPerRegion: 1 };
  await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'first' }));
  await assert.rejects(control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'second' })), {
    name: 'LimitExceededException',
  });
  assert.equal(control.repositories.size, 1);
});

test('a store that cannot be reached answers ServiceUnavailableException with 500, and no vault is made', async () => {
  await using control = await testControl();
  control.switches.storeFailure = new StoreError('unavailable', 'connection refused', {});
  const create = control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'v1' }));
  await assert.rejects(create, (error: unknown) => {
    assert.ok(error instanceof ServiceUnavailableException);
    assert.equal(error.$metadata.httpStatusCode, 500);
    assert.match(error.message, /connection refused/);
    return true;
  });
  await assert.rejects(control.client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'v1' })), {
    name: 'ResourceNotFoundException',
  });
});

test('unknown vaults are not found, also those of another account that shares nothing', async () => {
  await using control = await testControl();
  await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'mine' }));
  await assert.rejects(control.client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'other' })), {
    name: 'ResourceNotFoundException',
  });
  const foreign = { BackupVaultName: 'mine', BackupVaultAccountId: '999999999999' };
  await assert.rejects(control.client.send(new DescribeBackupVaultCommand(foreign)), {
    name: 'ResourceNotFoundException',
  });
});

test('a vault that another account shares is described and listed as shared', async () => {
  await using control = await testControl();
  await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'mine' }));
  const mine = await control.stores.vaults.get({ accountId: '123456789012', region: 'us-east-1' }, 'mine');
  assert.ok(mine);
  await control.stores.vaults.create(
    { ...mine, vaultId: 'f'.repeat(32), accountId: '999999999999', name: 'theirs' },
    {},
    9,
  );
  control.switches.sharedVaultIds = ['f'.repeat(32)];
  const request = { BackupVaultName: 'theirs', BackupVaultAccountId: '999999999999' };
  const described = await control.client.send(new DescribeBackupVaultCommand(request));
  assert.equal(described.BackupVaultName, 'theirs');
  const shared = await control.client.send(new ListBackupVaultsCommand({ ByShared: true }));
  assert.deepEqual(
    shared.BackupVaultList?.map((vault) => vault.BackupVaultName),
    ['theirs'],
  );
});

test('vaults are listed page by page, by type, and a token of one list is refused by another', async () => {
  await using control = await testControl();
  for (const name of ['v1', 'v2', 'v3', 'v4', 'v5']) {
    await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: name }));
  }
  await control.client.send(
    new CreateLogicallyAirGappedBackupVaultCommand({
      BackupVaultName: 'gap',
      MinRetentionDays: 7,
      MaxRetentionDays: 30,
    }),
  );
  const names: (string | undefined)[] = [];
  for await (const page of paginateListBackupVaults({ client: control.client, pageSize: 2 }, {})) {
    assert.ok((page.BackupVaultList?.length ?? 0) <= 2);
    names.push(...(page.BackupVaultList ?? []).map((vault) => vault.BackupVaultName));
  }
  assert.deepEqual(names, ['gap', 'v1', 'v2', 'v3', 'v4', 'v5']);
  const gapped = await control.client.send(
    new ListBackupVaultsCommand({ ByVaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' }),
  );
  assert.deepEqual(
    gapped.BackupVaultList?.map((vault) => vault.BackupVaultName),
    ['gap'],
  );
  const first = await control.client.send(new ListBackupVaultsCommand({ MaxResults: 1 }));
  for (const request of [
    { NextToken: first.NextToken, ByVaultType: 'BACKUP_VAULT' as const },
    { NextToken: 'rubbish' },
    { MaxResults: 0 },
    { MaxResults: 1001 },
  ]) {
    await assert.rejects(control.client.send(new ListBackupVaultsCommand(request)), {
      name: 'InvalidParameterValueException',
    });
  }
});

test('an empty vault is deleted with its repository, one with recovery points is refused', async () => {
  await using control = await testControl();
  await withFileSystem(control);
  await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'empty' }));
  await control.client.send(new DeleteBackupVaultCommand({ BackupVaultName: 'empty' }));
  await control.settle();
  assert.equal(control.repositories.size, 1);
  await assert.rejects(control.client.send(new DeleteBackupVaultCommand({ BackupVaultName: 'empty' })), {
    name: 'ResourceNotFoundException',
  });
  const vault = await control.stores.vaults.get({ accountId: '123456789012', region: 'us-east-1' }, 'Default');
  control.stores.vaults.change(vault?.vaultId ?? '', { recoveryPointCount: 3 });
  await assert.rejects(control.client.send(new DeleteBackupVaultCommand({ BackupVaultName: 'Default' })), {
    name: 'InvalidRequestException',
    message: /cannot be deleted because it contains recovery points/,
  });
});

test('the default vault can go only while another vault exists', async () => {
  await using control = await testControl();
  await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'Default' }));
  await assert.rejects(control.client.send(new DeleteBackupVaultCommand({ BackupVaultName: 'Default' })), {
    name: 'InvalidRequestException',
  });
  await control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'another' }));
  await control.client.send(new DeleteBackupVaultCommand({ BackupVaultName: 'Default' }));
});

test('an air-gapped vault is locked from the start and shares the name space', async () => {
  await using control = await testControl();
  const request = { BackupVaultName: 'gap', MinRetentionDays: 7, MaxRetentionDays: 10 };
  const created = await control.client.send(new CreateLogicallyAirGappedBackupVaultCommand(request));
  assert.equal(created.VaultState, 'AVAILABLE');
  const vault = await control.client.send(new DescribeBackupVaultCommand({ BackupVaultName: 'gap' }));
  assert.equal(vault.VaultType, 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT');
  assert.equal(vault.Locked, true);
  assert.deepEqual([vault.MinRetentionDays, vault.MaxRetentionDays], [7, 10]);
  assert.deepEqual(vault.LockDate, created.CreationDate);
  await assert.rejects(control.client.send(new CreateBackupVaultCommand({ BackupVaultName: 'gap' })), {
    name: 'AlreadyExistsException',
  });
  const reversed = { BackupVaultName: 'gap2', MinRetentionDays: 10, MaxRetentionDays: 7 };
  await assert.rejects(control.client.send(new CreateLogicallyAirGappedBackupVaultCommand(reversed)), {
    name: 'InvalidParameterValueException',
  });
});
