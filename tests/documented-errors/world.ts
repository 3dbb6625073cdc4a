/** An installation in which every operation has something to work on, and something that stands in its way. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-backup';
import { discoverAllSources, type RecoveryPointRecord } from '@holdfast/control';
import type { InProcessServer } from '@holdfast/server/testing';

export const SCOPE = { accountId: '123456789012', region: 'us-east-1' };
export const ROLE = `arn:aws:iam::${SCOPE.accountId}:role/service-role/AWSBackupDefaultServiceRole`;

/** For a restore to a new file system. */
export const RESTORE_METADATA = {
  'file-system-id': 'fs-0123456789abcdef0',
  newFileSystem: 'true',
  CreationToken: 'restored',
  Encrypted: 'false',
  PerformanceMode: 'generalPurpose',
};

/** Missing in every world. */
export const NO_POINT = `arn:aws:backup:us-east-1:${SCOPE.accountId}:recovery-point:none`;
export const NO_RESOURCE = `arn:aws:elasticfilesystem:us-east-1:${SCOPE.accountId}:file-system/fs-none`;

export interface World {
  readonly server: InProcessServer;
  readonly client: sdk.BackupClient;
  /** A name that was not used before. */
  fresh(): string;
  /** A new vault; its name. */
  vault(): Promise<string>;
  /** Two vaults with recovery points: an ordinary one, and one under a compliance lock that nobody can change. */
  readonly vaultName: string;
  readonly lockedVaultName: string;
  /** In `vaultName`. */
  readonly point: string;
  readonly resource: string;
  readonly planId: string;
  readonly selectionId: string;
  readonly legalHoldId: string;
  readonly backupJobId: string;
  readonly copyJobId: string;
  readonly restoreJobId: string;
  /** Puts a record of a recovery point into the catalog; its ARN. */
  putPoint(vaultName: string, members?: Partial<RecoveryPointRecord>): Promise<string>;
}

export const planOf = (name: string) => ({
  BackupPlanName: name,
  Rules: [{ RuleName: 'daily', TargetBackupVaultName: 'Default', ScheduleExpression: 'cron(0 5 ? * * *)' }],
});

/** @param directory where the server's only source is made */
export async function buildWorld(server: InProcessServer, directory: string): Promise<World> {
  const client = new sdk.BackupClient(server.config);
  let names = 0;
  const fresh = (): string => `name-${++names}`;
  const vault = async (): Promise<string> => {
    const BackupVaultName = fresh();
    await client.send(new sdk.CreateBackupVaultCommand({ BackupVaultName }));
    return BackupVaultName;
  };
  const resource = await aDirectory(server, join(directory, 'home'));
  const vaultName = await vault();
  const lockedVaultName = await vault();
  const putPoint = (name: string, members: Partial<RecoveryPointRecord> = {}) =>
    aRecoveryPoint(server, name, resource, members);
  const point = await putPoint(vaultName);
  await putPoint(lockedVaultName);
  await lock(server, lockedVaultName);
  return {
    server,
    client,
    fresh,
    vault,
    vaultName,
    lockedVaultName,
    point,
    resource,
    putPoint,
    ...(await somePlan(client)),
    ...(await someHold(client)),
    ...(await someJobs(client, await putPoint('Default'), resource, vaultName)),
  };
}

async function aDirectory({ control }: InProcessServer, path: string): Promise<string> {
  mkdirSync(path);
  writeFileSync(join(path, 'letter.txt'), 'Dear diary');
  const { sources, resources } = control.ports.stores;
  await sources.create({
    ...SCOPE,
    name: 'home',
    kind: 'directory',
    settings: { path },
    tags: {},
    origin: 'api',
    createdAt: control.ports.clock.now(),
    status: 'unchecked',
  });
  await discoverAllSources(control.ports, AbortSignal.timeout(60_000));
  const { items } = await resources.list(SCOPE, { limit: 1 });
  const arn = items[0]?.arn;
  if (arn === undefined) throw new Error('the directory was not found by its connector');
  return arn;
}

async function aRecoveryPoint(
  { control }: InProcessServer,
  vaultName: string,
  resourceArn: string,
  members: Partial<RecoveryPointRecord>,
): Promise<string> {
  const { stores, ids, clock } = control.ports;
  const vault = await stores.vaults.get(SCOPE, vaultName);
  if (vault === undefined) throw new Error(`there is no vault ${vaultName}`);
  const engineId = ids.uuid();
  const recoveryPoint: RecoveryPointRecord = {
    ...SCOPE,
    arn: `arn:aws:backup:us-east-1:${SCOPE.accountId}:recovery-point:${engineId}`,
    vaultId: vault.vaultId,
    vaultName,
    vaultArn: vault.arn,
    vaultType: vault.type,
    engineId,
    resourceArn,
    resourceType: 'EFS',
    resourceName: 'home',
    status: 'COMPLETED',
    createdAt: clock.now() - 60_000,
    completedAt: clock.now() - 50_000,
    sizeBytes: 1,
    storedBytes: 1,
    itemCount: 1,
    issueCount: 0,
    isEncrypted: true,
    iamRoleArn: ROLE,
    storageClass: 'WARM',
    isParent: false,
    isContinuous: false,
    restoreMetadata: { 'file-system-id': 'fs-0123456789abcdef0' },
    resourceTags: {},
    ...members,
  };
  await stores.recoveryPoints.commit({ recoveryPoint, tags: {} });
  return recoveryPoint.arn;
}

async function lock({ control }: InProcessServer, vaultName: string): Promise<void> {
  const { vaults } = control.ports.stores;
  const now = control.ports.clock.now();
  const vault = await vaults.get(SCOPE, vaultName);
  await vaults.setLock(vault?.vaultId ?? '', { lockedAt: now - 2, lockDateAt: now - 1, minRetentionDays: 1 }, now);
}

async function somePlan(client: sdk.BackupClient) {
  const { BackupPlanId: planId = '' } = await client.send(
    new sdk.CreateBackupPlanCommand({ BackupPlan: planOf('the-plan') }),
  );
  const { SelectionId: selectionId = '' } = await client.send(
    new sdk.CreateBackupSelectionCommand({
      BackupPlanId: planId,
      BackupSelection: { SelectionName: 'all', IamRoleArn: ROLE, Resources: ['*'] },
    }),
  );
  return { planId, selectionId };
}

async function someHold(client: sdk.BackupClient) {
  const { LegalHoldId: legalHoldId = '' } = await client.send(
    new sdk.CreateLegalHoldCommand({
      Title: 'a case',
      Description: 'kept for a case',
      RecoveryPointSelection: { ResourceIdentifiers: [NO_RESOURCE] },
    }),
  );
  return { legalHoldId };
}

/** Nobody runs them, so they stay as they are. */
async function someJobs(client: sdk.BackupClient, point: string, resource: string, destination: string) {
  const { BackupJobId: backupJobId = '' } = await client.send(
    new sdk.StartBackupJobCommand({ BackupVaultName: 'Default', ResourceArn: resource, IamRoleArn: ROLE }),
  );
  const { CopyJobId: copyJobId = '' } = await client.send(
    new sdk.StartCopyJobCommand({
      RecoveryPointArn: point,
      SourceBackupVaultName: 'Default',
      DestinationBackupVaultArn: `arn:aws:backup:us-east-1:${SCOPE.accountId}:backup-vault:${destination}`,
      IamRoleArn: ROLE,
    }),
  );
  const { RestoreJobId: restoreJobId = '' } = await client.send(
    new sdk.StartRestoreJobCommand({
      RecoveryPointArn: point,
      IamRoleArn: ROLE,
      Metadata: RESTORE_METADATA,
    }),
  );
  return { backupJobId, copyJobId, restoreJobId };
}
