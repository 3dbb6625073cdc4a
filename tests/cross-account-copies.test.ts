import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  BackupClient,
  CreateBackupVaultCommand,
  DescribeBackupJobCommand,
  DescribeCopyJobCommand,
  DescribeRecoveryPointCommand,
  DescribeRestoreJobCommand,
  GetRecoveryPointRestoreMetadataCommand,
  PutBackupVaultAccessPolicyCommand,
  StartBackupJobCommand,
  StartCopyJobCommand,
  StartRestoreJobCommand,
  UpdateGlobalSettingsCommand,
} from '@aws-sdk/client-backup';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateAccountCommand, CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { temporaryDirectory } from '@holdfast/testkit';
import { holdfast, profileCredentials, type RunningHoldfast, startHoldfast } from './support/running-server.ts';
import { until as lookUntil } from './support/until.ts';

const ACCOUNT = '123456789012';
const roleOf = (account: string): string => `arn:aws:iam::${account}:role/service-role/AWSBackupDefaultServiceRole`;

const until = <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => lookUntil(look, what, 900);

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function clients(server: RunningHoldfast, credentials: Credentials) {
  const options = { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  return {
    backup: new BackupClient(options),
    keys: new KMSClient(options),
    organizations: new OrganizationsClient(options),
    sts: new STSClient(options),
  };
}

type Clients = ReturnType<typeof clients>;

/** A vault of the account under a key of the account. */
async function aVault({ backup, keys }: Clients, name: string): Promise<{ vaultArn: string; keyArn: string }> {
  const { KeyMetadata } = await keys.send(new CreateKeyCommand({}));
  const keyArn = KeyMetadata?.Arn ?? '';
  const created = await backup.send(new CreateBackupVaultCommand({ BackupVaultName: name, EncryptionKeyArn: keyArn }));
  return { vaultArn: created.BackupVaultArn ?? '', keyArn };
}

async function backUp({ backup }: Clients, vault: string, resourceArn: string): Promise<string> {
  const { BackupJobId = '' } = await backup.send(
    new StartBackupJobCommand({
      BackupVaultName: vault,
      ResourceArn: resourceArn,
      IamRoleArn: roleOf(ACCOUNT),
      IdempotencyToken: randomUUID(),
    }),
  );
  const job = await until(async () => {
    const seen = await backup.send(new DescribeBackupJobCommand({ BackupJobId }));
    return ['COMPLETED', 'FAILED'].includes(seen.State ?? '') ? seen : undefined;
  }, 'the end of the backup');
  assert.equal(job.State, 'COMPLETED', job.StatusMessage);
  return job.RecoveryPointArn ?? '';
}

/** An account of the organisation, seen with its own eyes. */
async function memberAccount(
  server: RunningHoldfast,
  management: Clients,
): Promise<Clients & { account: string; credentials: Credentials }> {
  const { CreateAccountStatus } = await management.organizations.send(
    new CreateAccountCommand({ AccountName: 'safe', Email: 'safe@example.com' }),
  );
  const account = CreateAccountStatus?.AccountId ?? '';
  const { Credentials: given } = await management.sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`,
      RoleSessionName: 'administration',
    }),
  );
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
  return { account, credentials, ...clients(server, credentials) };
}

/** Restores into a directory of the account; the content of what came back. */
async function restore(
  t: Parameters<typeof startHoldfast>[0],
  server: RunningHoldfast,
  member: Awaited<ReturnType<typeof memberAccount>>,
  recoveryPointArn: string,
): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = member.credentials;
  const env = {
    ...server.env,
    AWS_PROFILE: undefined,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    HOLDFAST_DATA: join(server.directory, 'none'),
    HOLDFAST_ENDPOINT: server.url,
    AWS_REGION: 'us-east-1',
  };
  const place = temporaryDirectory(t);
  const added = await holdfast({ env, directory: server.directory }, [
    'source',
    'add',
    'directory',
    'there',
    '--path',
    place,
  ]);
  assert.equal(added.code, 0, added.stderr);
  const target = { BackupVaultName: 'safe', RecoveryPointArn: recoveryPointArn };
  const { RestoreMetadata } = await member.backup.send(new GetRecoveryPointRestoreMetadataCommand(target));
  const { RestoreJobId = '' } = await member.backup.send(
    new StartRestoreJobCommand({
      RecoveryPointArn: recoveryPointArn,
      IamRoleArn: roleOf(member.account),
      ResourceType: 'EFS',
      Metadata: { ...RestoreMetadata, newFileSystem: 'true', CreationToken: 'copy' },
    }),
  );
  const job = await until(async () => {
    const seen = await member.backup.send(new DescribeRestoreJobCommand({ RestoreJobId }));
    return ['COMPLETED', 'FAILED'].includes(seen.Status ?? '') ? seen : undefined;
  }, 'the end of the restore');
  assert.equal(job.Status, 'COMPLETED', job.StatusMessage);
  const root = join(server.data, 'restored');
  const file = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('monday.txt'));
  return readFileSync(join(root, file ?? ''), 'utf8');
}

test('a copy into another account needs the organisation, the switch and the vault, and then stands by itself', async (t) => {
  const server = await startHoldfast(t);
  const home = temporaryDirectory(t);
  writeFileSync(join(home, 'monday.txt'), 'Dear diary');
  assert.equal((await holdfast(server, ['source', 'add', 'directory', 'home', '--path', home])).code, 0);
  const [resource] = JSON.parse((await holdfast(server, ['resource', 'list', '--json'])).stdout) as { arn: string }[];
  const management = clients(server, profileCredentials(server.data));
  const source = await aVault(management, 'primary');
  const recoveryPointArn = await backUp(management, 'primary', resource?.arn ?? '');
  const start = async (DestinationBackupVaultArn: string): Promise<string> => {
    const { CopyJobId = '' } = await management.backup.send(
      new StartCopyJobCommand({
        RecoveryPointArn: recoveryPointArn,
        SourceBackupVaultName: 'primary',
        DestinationBackupVaultArn,
        IamRoleArn: roleOf(ACCOUNT),
        IdempotencyToken: randomUUID(),
      }),
    );
    return CopyJobId;
  };
  const foreign = 'arn:aws:backup:us-east-1:999999999999:backup-vault:safe';
  await assert.rejects(start(foreign), { name: 'AccessDeniedException' }, 'vaults of strangers are not disclosed');

  await management.organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const member = await memberAccount(server, management);
  const safe = await aVault(member, 'safe');
  await assert.rejects(start(safe.vaultArn), { name: 'InvalidRequestException', message: /switched on/ });

  const GlobalSettings = { isCrossAccountBackupEnabled: 'true' };
  await management.backup.send(new UpdateGlobalSettingsCommand({ GlobalSettings }));
  await assert.rejects(start(safe.vaultArn), { name: 'AccessDeniedException', message: /CopyIntoBackupVault/ });
  const defaultVault = safe.vaultArn.replace(/:safe$/, ':Default');
  await assert.rejects(start(defaultVault), { name: 'InvalidRequestException', message: /default backup vault/ });

  const Statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'backup:CopyIntoBackupVault',
    Resource: '*',
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  await member.backup.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName: 'safe', Policy }));
  const CopyJobId = await start(safe.vaultArn);
  const job = await until(async () => {
    const { CopyJob } = await management.backup.send(new DescribeCopyJobCommand({ CopyJobId }));
    return ['COMPLETED', 'FAILED'].includes(CopyJob?.State ?? '') ? CopyJob : undefined;
  }, 'the end of the copy');
  assert.equal(job.State, 'COMPLETED', job.StatusMessage);
  const copyArn = job.DestinationRecoveryPointArn ?? '';
  const copy = await member.backup.send(
    new DescribeRecoveryPointCommand({ BackupVaultName: 'safe', RecoveryPointArn: copyArn }),
  );
  assert.deepEqual([copy.EncryptionKeyArn, copy.SourceBackupVaultArn], [safe.keyArn, source.vaultArn]);
  assert.equal(copyArn.split(':')[4], member.account);

  // Its bytes lie under the key of the destination alone: the source's key is of no use to it.
  await management.keys.send(new DisableKeyCommand({ KeyId: source.keyArn }));
  assert.equal(await restore(t, server, member, copyArn), 'Dear diary');
});
