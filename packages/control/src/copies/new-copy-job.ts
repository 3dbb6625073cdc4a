import { backupArn, parseVaultArn } from '../arn.ts';
import type { ControlPorts } from '../ports.ts';
import type { Lifecycle, RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { NewCopyJob } from './copy-job-store.ts';

export interface CopyJobRequest {
  readonly source: RecoveryPointRecord;
  readonly destinationVaultArn: string;
  readonly iamRoleArn: string;
  readonly lifecycle?: Lifecycle | undefined;
  readonly createdByBackupJobId?: string | undefined;
  /** The composite that the copy belongs to. */
  readonly parent?: { readonly jobId: string; readonly destinationRecoveryPointArn: string } | undefined;
  readonly idempotencyToken?: string | undefined;
  readonly requestFingerprint?: string | undefined;
}

/** Makes the job of one copy, for a request or for a copy action of a plan. The destination's ARN was checked before. */
export function newCopyJob(ports: Pick<ControlPorts, 'ids' | 'clock'>, request: CopyJobRequest): NewCopyJob {
  const { source } = request;
  const named = parseVaultArn(request.destinationVaultArn);
  if (named === undefined) throw new Error(`${request.destinationVaultArn} is no vault ARN`);
  const destination = { accountId: named.accountId, region: named.region };
  return {
    accountId: source.accountId,
    region: source.region,
    jobId: ports.ids.uuid().toUpperCase(),
    sourceVaultId: source.vaultId,
    sourceVaultArn: source.vaultArn,
    sourceRecoveryPointArn: source.arn,
    destinationVaultArn: backupArn(destination, 'backup-vault', named.name),
    destinationAccountId: destination.accountId,
    destinationRegion: destination.region,
    destinationRecoveryPointArn: backupArn(destination, 'recovery-point', ports.ids.uuid()),
    resourceArn: source.resourceArn,
    resourceType: source.resourceType,
    iamRoleArn: request.iamRoleArn,
    createdAt: ports.clock.now(),
    isParent: source.isParent,
    ...withoutUndefined({
      resourceName: source.resourceName,
      lifecycle: request.lifecycle,
      createdBy: request.createdByBackupJobId === undefined ? undefined : source.createdBy,
      createdByBackupJobId: request.createdByBackupJobId,
      parentJobId: request.parent?.jobId,
      destinationParentArn: request.parent?.destinationRecoveryPointArn,
      compositeMemberIdentifier: request.parent === undefined ? undefined : source.compositeMemberIdentifier,
      idempotencyToken: request.idempotencyToken,
      requestFingerprint: request.requestFingerprint,
    }),
  };
}
