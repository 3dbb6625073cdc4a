import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { FILE_SYSTEM_ARN, ROLE_ARN, SCOPE, type TestControl } from './test-control.ts';

/** Puts a finished recovery point of the test's file system into `Default`, its content included; answers its ARN. */
export async function aRecoveryPoint(
  control: TestControl,
  { ageDays = 0, ...members }: Partial<RecoveryPointRecord> & { readonly ageDays?: number } = {},
): Promise<string> {
  const vault = await control.stores.vaults.get(SCOPE, 'Default');
  if (vault === undefined) throw new Error('there is no vault Default');
  const engineId = control.ports.ids.uuid();
  const createdAt = control.clock.now() - ageDays * 86_400_000;
  const recoveryPoint: RecoveryPointRecord = {
    ...SCOPE,
    arn: `arn:aws:backup:us-east-1:123456789012:recovery-point:${engineId}`,
    vaultId: vault.vaultId,
    vaultName: vault.name,
    vaultArn: vault.arn,
    vaultType: vault.type,
    engineId,
    resourceArn: FILE_SYSTEM_ARN,
    resourceType: 'EFS',
    resourceName: 'home',
    status: 'COMPLETED',
    createdAt,
    completedAt: createdAt,
    sizeBytes: 3,
    storedBytes: 3,
    itemCount: 3,
    issueCount: 0,
    isEncrypted: true,
    iamRoleArn: ROLE_ARN,
    storageClass: 'WARM',
    isParent: false,
    isContinuous: false,
    restoreMetadata: { 'file-system-id': 'fs-1' },
    resourceTags: { team: 'blue' },
    ...members,
  };
  const session = control.connector.entriesOf(FILE_SYSTEM_ARN);
  const repository = await control.ports.repositories.open(vault);
  await repository.backupItems({ recoveryPointId: engineId, retention: {}, facts: {}, entries: session });
  await control.stores.recoveryPoints.commit({ recoveryPoint, tags: {} });
  return recoveryPoint.arn;
}
