/** What a job's role may do, and whether its vault's key works, decide when the job runs; through the official SDKs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as backup from '@aws-sdk/client-backup';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import { discoverAllSources } from '@holdfast/control';
import { type InProcessServer, inProcessServer } from '@holdfast/server/testing';
import { until } from './support/until.ts';

const ACCOUNT = '123456789012';
const SCOPE = { accountId: ACCOUNT, region: 'us-east-1' };
const DEFAULT_ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/AWSBackupDefaultServiceRole`;
const FILE_SYSTEMS = 'arn:aws:elasticfilesystem:*:*:file-system/*';
const VAULTS = 'arn:aws:backup:*:*:backup-vault:*';

/** The guide's policy template for backups of file systems (IAM-49). */
const EFS_BACKUP = [
  { Effect: 'Allow', Action: ['elasticfilesystem:Backup', 'elasticfilesystem:DescribeTags'], Resource: FILE_SYSTEMS },
  { Effect: 'Allow', Action: 'tag:GetResources', Resource: '*' },
  { Effect: 'Allow', Action: ['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'], Resource: VAULTS },
];
/** And for restores (IAM-59). */
const EFS_RESTORE = {
  Effect: 'Allow',
  Action: ['Restore', 'CreateFilesystem', 'DescribeFilesystems', 'DeleteFilesystem'].map(
    (name) => `elasticfilesystem:${name}`,
  ),
  Resource: FILE_SYSTEMS,
};

const policy = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

describe('identity and keys at the time of a job', () => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-identity-'));
  let server: InProcessServer;
  let client: backup.BackupClient;
  let identity: iam.IAMClient;
  let keys: kms.KMSClient;
  let resource: string;
  let names = 0;
  const fresh = (): string => `name-${++names}`;

  before(async () => {
    server = await inProcessServer(join(directory, 'data'));
    client = new backup.BackupClient(server.config);
    identity = new iam.IAMClient(server.config);
    keys = new kms.KMSClient(server.config);
    resource = await aDirectory(server, join(directory, 'home'));
    server.startWorker();
  });
  after(async () => {
    for (const each of [client, identity, keys]) each.destroy();
    await server[Symbol.asyncDispose]();
    // Files of air-gapped vaults are immutable until their lock ends, as they should be.
    spawnSync('chattr', ['-R', '-i', directory]);
    await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  async function role(...statements: object[]): Promise<string> {
    const RoleName = fresh();
    const trust = { Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const { Role } = await identity.send(
      new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }),
    );
    if (statements.length > 0) await setRights(RoleName, ...statements);
    return Role?.Arn ?? '';
  }

  async function setRights(RoleName: string, ...statements: object[]): Promise<void> {
    const PolicyDocument = policy(...statements);
    await identity.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: 'rights', PolicyDocument }));
  }

  async function vault(EncryptionKeyArn?: string): Promise<string> {
    const BackupVaultName = fresh();
    await client.send(new backup.CreateBackupVaultCommand({ BackupVaultName, EncryptionKeyArn }));
    return BackupVaultName;
  }

  async function backUp(IamRoleArn: string, BackupVaultName = 'Default', DeleteAfterDays?: number) {
    const { BackupJobId } = await client.send(
      new backup.StartBackupJobCommand({
        BackupVaultName,
        ResourceArn: resource,
        IamRoleArn,
        IdempotencyToken: randomUUID(),
        ...(DeleteAfterDays === undefined ? {} : { Lifecycle: { DeleteAfterDays } }),
      }),
    );
    return ended(async () => client.send(new backup.DescribeBackupJobCommand({ BackupJobId })));
  }

  async function copy(RecoveryPointArn: string | undefined, from: string, to: string, IamRoleArn = DEFAULT_ROLE) {
    const { CopyJobId } = await client.send(
      new backup.StartCopyJobCommand({
        RecoveryPointArn,
        SourceBackupVaultName: from,
        DestinationBackupVaultArn: `arn:aws:backup:us-east-1:${ACCOUNT}:backup-vault:${to}`,
        IamRoleArn,
        IdempotencyToken: randomUUID(),
      }),
    );
    return ended(async () => (await client.send(new backup.DescribeCopyJobCommand({ CopyJobId }))).CopyJob ?? {});
  }

  async function restore(RecoveryPointArn: string | undefined, BackupVaultName: string, IamRoleArn = DEFAULT_ROLE) {
    const { RestoreMetadata = {} } = await client.send(
      new backup.GetRecoveryPointRestoreMetadataCommand({ BackupVaultName, RecoveryPointArn }),
    );
    const { RestoreJobId } = await client.send(
      new backup.StartRestoreJobCommand({
        RecoveryPointArn,
        IamRoleArn,
        Metadata: { ...RestoreMetadata, newFileSystem: 'true', CreationToken: fresh() },
      }),
    );
    const job = await ended(async () => {
      const { Status, StatusMessage } = await client.send(new backup.DescribeRestoreJobCommand({ RestoreJobId }));
      return { State: Status, StatusMessage };
    });
    return job;
  }

  test('IAM-33: a role that the service may assume but that has no rights fails the backup and names the right', async () => {
    const job = await backUp(await role());
    assert.equal(job.State, 'FAILED');
    assert.equal(job.MessageCategory, 'ACCESS_DENIED');
    assert.match(
      job.StatusMessage ?? '',
      /^You are not authorized to perform this operation\. IAM Role .*role\/name-\d+ /,
    );
    assert.match(job.StatusMessage ?? '', /is not authorized to call elasticfilesystem:Backup on arn:aws:elastic/);
  });

  test('IAM-49, IAM-59: roles made from the guide’s templates back up, copy and restore', async () => {
    const made = await backUp(await role(...EFS_BACKUP));
    assert.equal(made.State, 'COMPLETED', made.StatusMessage);
    const copied = await copy(made.RecoveryPointArn, 'Default', await vault(), await role(...EFS_BACKUP));
    assert.equal(copied.State, 'COMPLETED', copied.StatusMessage);
    const restored = await restore(made.RecoveryPointArn, 'Default', await role(EFS_RESTORE));
    assert.equal(restored.State, 'COMPLETED', restored.StatusMessage);
    const refused = await restore(made.RecoveryPointArn, 'Default', await role(...EFS_BACKUP));
    assert.equal(refused.State, 'FAILED');
    assert.match(refused.StatusMessage ?? '', /not authorized to call elasticfilesystem:Restore/);
  });

  test('TS-9: a role that may not read tags fails with the words of the guide', async () => {
    const job = await backUp(await role({ Effect: 'Allow', Action: 'elasticfilesystem:Backup', Resource: '*' }));
    assert.equal(job.State, 'FAILED');
    assert.match(job.StatusMessage ?? '', /^Access denied exception while trying to list tags: .*:DescribeTags/);
  });

  test('a role that lost a right after the selection was made fails when the job runs, and only then', async () => {
    const arn = await role(...EFS_BACKUP);
    const roleName = arn.split('/').at(-1) ?? '';
    assert.equal((await backUp(arn)).State, 'COMPLETED');
    await setRights(roleName, ...EFS_BACKUP, { Effect: 'Deny', Action: 'elasticfilesystem:*', Resource: resource });
    const denied = await backUp(arn);
    assert.equal(denied.State, 'FAILED');
    assert.match(denied.StatusMessage ?? '', /explicit deny/);
    assert.equal((await backUp(DEFAULT_ROLE)).State, 'COMPLETED', 'nobody else is touched');
  });

  test('IAM-7, IAM-81: where its role is gone, a recovery point is deleted with the service-linked role', async () => {
    const arn = await role(...EFS_BACKUP);
    const RoleName = arn.split('/').at(-1) ?? '';
    const { RecoveryPointArn } = await backUp(arn);
    const linked = await identity.send(new iam.GetRoleCommand({ RoleName: 'AWSServiceRoleForBackup' }));
    assert.equal(linked.Role?.Path, '/aws-service-role/backup.amazonaws.com/');
    await identity.send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName: 'rights' }));
    await identity.send(new iam.DeleteRoleCommand({ RoleName }));
    const target = { BackupVaultName: 'Default', RecoveryPointArn };
    await client.send(new backup.DeleteRecoveryPointCommand(target));
    await until(
      async () => {
        const found = await client.send(new backup.DescribeRecoveryPointCommand(target)).catch((error: Error) => error);
        if (!(found instanceof Error)) assert.equal(found.Status, 'DELETING');
        return found instanceof backup.ResourceNotFoundException ? true : undefined;
      },
      'the end of the deletion',
      900,
    );
  });

  test('a disabled key fails the jobs of its vaults with the right message, and nothing else', async () => {
    const { KeyMetadata } = await keys.send(new kms.CreateKeyCommand({}));
    const KeyId = KeyMetadata?.Arn ?? '';
    const keyed = await vault(KeyId);
    const plain = await vault();
    const inKeyed = await backUp(DEFAULT_ROLE, keyed);
    const inPlain = await backUp(DEFAULT_ROLE, plain);
    assert.deepEqual([inKeyed.State, inPlain.State], ['COMPLETED', 'COMPLETED']);
    await keys.send(new kms.DisableKeyCommand({ KeyId }));
    const refusedBackup = await backUp(DEFAULT_ROLE, keyed);
    assert.equal(refusedBackup.MessageCategory, 'KMS_KEY_ERROR');
    const failed = [
      refusedBackup,
      await copy(inKeyed.RecoveryPointArn, keyed, plain),
      await copy(inPlain.RecoveryPointArn, plain, keyed),
      await restore(inKeyed.RecoveryPointArn, keyed),
    ];
    for (const { State, StatusMessage = '' } of failed) {
      assert.equal(State, 'FAILED');
      assert.match(
        StatusMessage,
        /^KMS key is disabled, pending deletion, or access to it is denied: .*is disabled\.$/,
      );
      assert.ok(StatusMessage.includes(KeyId));
    }
    assert.equal((await backUp(DEFAULT_ROLE, plain)).State, 'COMPLETED', 'other vaults go on');
    const { RecoveryPoints } = await client.send(
      new backup.ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: keyed }),
    );
    assert.deepEqual(
      RecoveryPoints?.map(({ Status }) => Status),
      ['COMPLETED'],
      'what is there stays',
    );
    await keys.send(new kms.EnableKeyCommand({ KeyId }));
    assert.equal((await backUp(DEFAULT_ROLE, keyed)).State, 'COMPLETED');
    await keys.send(new kms.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    const pending = await backUp(DEFAULT_ROLE, keyed);
    assert.match(pending.StatusMessage ?? '', /KMS key is disabled, pending deletion, .* is pending deletion\.$/);
  });

  test('IAM-67: a restore from a customer’s key needs that key’s policy, or a policy of the role, to allow it', async () => {
    const { KeyMetadata } = await keys.send(new kms.CreateKeyCommand({}));
    const KeyId = KeyMetadata?.Arn ?? '';
    const keyed = await vault(KeyId);
    const { RecoveryPointArn } = await backUp(DEFAULT_ROLE, keyed);
    const without = await role(EFS_RESTORE);
    const refused = await restore(RecoveryPointArn, keyed, without);
    assert.match(refused.StatusMessage ?? '', /not authorized to call kms:DescribeKey on arn:aws:kms/);
    const Action = ['kms:DescribeKey', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*'];
    const byRole = await restore(
      RecoveryPointArn,
      keyed,
      await role(EFS_RESTORE, { Effect: 'Allow', Action, Resource: '*' }),
    );
    assert.equal(byRole.State, 'COMPLETED', byRole.StatusMessage);
    const owner = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    };
    const named = { Effect: 'Allow', Principal: { AWS: without }, Action, Resource: '*' };
    await keys.send(new kms.PutKeyPolicyCommand({ KeyId, Policy: policy(owner, named) }));
    const byKey = await restore(RecoveryPointArn, keyed, without);
    assert.equal(byKey.State, 'COMPLETED', byKey.StatusMessage);
  });

  test('VAULT-73: a copy into an air-gapped vault needs the right to grant the use of the key', async () => {
    const { KeyMetadata } = await keys.send(new kms.CreateKeyCommand({}));
    const keyed = await vault(KeyMetadata?.Arn);
    const airGapped = fresh();
    const days = { MinRetentionDays: 7, MaxRetentionDays: 30 };
    await client.send(new backup.CreateLogicallyAirGappedBackupVaultCommand({ BackupVaultName: airGapped, ...days }));
    const { RecoveryPointArn } = await backUp(DEFAULT_ROLE, keyed, 14);
    const refused = await copy(RecoveryPointArn, keyed, airGapped, await role(...EFS_BACKUP));
    assert.match(refused.StatusMessage ?? '', /not authorized to call kms:CreateGrant on arn:aws:kms/);
    const copied = await copy(RecoveryPointArn, keyed, airGapped);
    assert.equal(copied.State, 'COMPLETED', copied.StatusMessage);
  });

  test('VAULT-11: who makes a vault with a key must be allowed to let the service use that key', async () => {
    const { KeyMetadata } = await keys.send(new kms.CreateKeyCommand({}));
    const EncryptionKeyArn = KeyMetadata?.Arn ?? '';
    const make = (by: backup.BackupClient, key?: string) =>
      by.send(new backup.CreateBackupVaultCommand({ BackupVaultName: fresh(), EncryptionKeyArn: key }));
    const plain = await userClient(policy({ Effect: 'Allow', Action: 'backup:*', Resource: '*' }));
    await make(plain);
    await assert.rejects(make(plain, EncryptionKeyArn), (error: Error) => {
      assert.equal(error.name, 'AccessDeniedException');
      assert.match(error.message, /not authorized to perform: kms:DescribeKey on resource: arn:aws:kms/);
      return true;
    });
    const { BackupVaultList } = await client.send(new backup.ListBackupVaultsCommand({}));
    assert.ok(
      BackupVaultList?.every((each) => each.EncryptionKeyArn !== EncryptionKeyArn),
      'no vault was made',
    );
    const reader = { Effect: 'Allow', Action: ['backup:*', 'kms:DescribeKey', 'kms:GenerateDataKey'], Resource: '*' };
    await assert.rejects(make(await userClient(policy(reader)), EncryptionKeyArn), /kms:CreateGrant/);
    const administrator = await userClient(undefined, 'arn:aws:iam::aws:policy/AWSBackupFullAccess');
    await make(administrator, EncryptionKeyArn);
    const missing = EncryptionKeyArn.replace(/[0-9a-f]{4}$/, '0000');
    await assert.rejects(make(administrator, missing), { name: 'InvalidParameterValueException' });
    await keys.send(new kms.DisableKeyCommand({ KeyId: EncryptionKeyArn }));
    await assert.rejects(make(administrator, EncryptionKeyArn), /is disabled/);
  });

  async function userClient(inline: string | undefined, managed?: string): Promise<backup.BackupClient> {
    const UserName = fresh();
    await identity.send(new iam.CreateUserCommand({ UserName }));
    if (inline !== undefined) {
      const request = { UserName, PolicyName: 'rights', PolicyDocument: inline };
      await identity.send(new iam.PutUserPolicyCommand(request));
    }
    if (managed !== undefined) await identity.send(new iam.AttachUserPolicyCommand({ UserName, PolicyArn: managed }));
    const { AccessKey } = await identity.send(new iam.CreateAccessKeyCommand({ UserName }));
    const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
    return new backup.BackupClient({ ...server.config, credentials: { accessKeyId, secretAccessKey } });
  }
});

async function aDirectory({ control }: InProcessServer, path: string): Promise<string> {
  mkdirSync(path);
  writeFileSync(join(path, 'letter.txt'), 'Dear diary');
  const createdAt = control.ports.clock.now();
  const source = { ...SCOPE, name: 'home', kind: 'directory', settings: { path }, tags: {}, createdAt } as const;
  await control.ports.stores.sources.create({ ...source, origin: 'api', status: 'unchecked' });
  await discoverAllSources(control.ports, AbortSignal.timeout(60_000));
  const { items } = await control.ports.stores.resources.list(SCOPE, { limit: 1 });
  return items[0]?.arn ?? '';
}

/** Looks until the job has ended. */
function ended<Job extends { State?: string | undefined }>(look: () => Promise<Job>): Promise<Job> {
  return until(
    async () => {
      const job = await look();
      return ['COMPLETED', 'PARTIAL', 'FAILED', 'ABORTED', 'EXPIRED'].includes(job.State ?? '') ? job : undefined;
    },
    'the end of the job',
    900,
  );
}
