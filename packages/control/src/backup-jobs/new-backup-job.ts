/** Makes the job of one resource, for a request or for the rule of a plan: identifiers, windows, the recovery point's ARN. */
import { backupArn } from '../arn.ts';
import type { ControlPorts } from '../ports.ts';
import type { Lifecycle, RecoveryPointCreator } from '../recovery-points/recovery-point-store.ts';
import type { ResourceRecord } from '../resources/resource-store.ts';
import type { Tags } from '../scope.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { NewBackupJob } from './backup-job-store.ts';

const MINUTE_MS = 60_000;
/** 8 hours (API2-135). */
export const DEFAULT_START_WINDOW_MINUTES = 480;

export interface BackupJobRequest {
  readonly resource: Pick<ResourceRecord, 'accountId' | 'region' | 'arn' | 'resourceType' | 'name'>;
  readonly vault: BackupVaultRecord;
  readonly iamRoleArn: string;
  readonly lifecycle?: Lifecycle | undefined;
  readonly recoveryPointTags: Tags;
  readonly backupOptions: Readonly<Record<string, string>>;
  readonly createdBy?: RecoveryPointCreator | undefined;
  /** When it was due; both windows count from here. */
  readonly scheduledAt: number;
  readonly startWindowMinutes?: number | undefined;
  readonly completeWindowMinutes?: number | undefined;
  readonly isContinuous?: boolean | undefined;
  readonly hasCopies?: boolean | undefined;
  readonly airGappedVaultArn?: string | undefined;
  readonly idempotencyToken?: string | undefined;
  readonly requestFingerprint?: string | undefined;
}

export function newBackupJob(ports: Pick<ControlPorts, 'ids' | 'clock'>, request: BackupJobRequest): NewBackupJob {
  const { resource, vault, scheduledAt } = request;
  const scope = { accountId: resource.accountId, region: resource.region };
  const startWindow = request.startWindowMinutes ?? DEFAULT_START_WINDOW_MINUTES;
  const completeWindow = request.completeWindowMinutes;
  return {
    ...scope,
    jobId: ports.ids.uuid().toUpperCase(),
    vaultId: vault.vaultId,
    vaultName: vault.name,
    vaultArn: vault.arn,
    vaultType: vault.type,
    resourceArn: resource.arn,
    resourceType: resource.resourceType,
    resourceName: resource.name,
    iamRoleArn: request.iamRoleArn,
    recoveryPointArn: backupArn(scope, 'recovery-point', ports.ids.uuid()),
    encryptionKeyArn: vault.encryptionKeyArn,
    recoveryPointTags: request.recoveryPointTags,
    backupOptions: request.backupOptions,
    createdAt: ports.clock.now(),
    scheduledAt,
    startBy: scheduledAt + startWindow * MINUTE_MS,
    isParent: false,
    isContinuous: request.isContinuous ?? false,
    ...withoutUndefined({
      completeBy: completeWindow === undefined ? undefined : scheduledAt + completeWindow * MINUTE_MS,
      lifecycle: request.lifecycle,
      createdBy: request.createdBy,
      hasCopies: request.hasCopies,
      airGappedVaultArn: request.airGappedVaultArn,
      idempotencyToken: request.idempotencyToken,
      requestFingerprint: request.requestFingerprint,
    }),
  };
}
