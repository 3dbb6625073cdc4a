import type { BackupHandler } from '../../action.ts';
import { parseVaultArn } from '../../arn.ts';
import { accessDenied, invalidParameter, invalidRequest, resourceNotFound } from '../../errors.ts';
import { findRecoveryPoint } from '../../recovery-points/find-recovery-point.ts';
import { readLifecycle } from '../../recovery-points/lifecycle-rules.ts';
import type { RecoveryPointRecord } from '../../recovery-points/recovery-point-store.ts';
import { requestFingerprint } from '../../request-fingerprint.ts';
import { checkRole } from '../../roles/check-role.ts';
import type { BackupVaultRecord } from '../../vaults/vault-store.ts';
import { copyFacts, destinationVault } from '../copy-facts.ts';
import type { CopyPorts } from '../copy-ports.ts';
import { copyRefusal, DEFAULT_VAULT_NAME, FOREIGN_DEFAULT_VAULT } from '../copy-rules.ts';
import { newCopyJob } from '../new-copy-job.ts';

/** API2-143 to API2-146. What cannot be copied is refused here; locks and limits are judged when the job runs. */
export function startCopyJob(ports: CopyPorts): BackupHandler<'StartCopyJob'> {
  return async (input, context) => {
    const scope = { accountId: context.accountId, region: context.region };
    const lifecycle = readLifecycle(input.Lifecycle);
    if (parseVaultArn(input.DestinationBackupVaultArn) === undefined) {
      throw invalidParameter(
        `DestinationBackupVaultArn must be the ARN of a backup vault, not "${input.DestinationBackupVaultArn}".`,
        'DestinationBackupVaultArn',
      );
    }
    const { recoveryPoint: source } = await findRecoveryPoint(ports, scope, {
      vaultName: input.SourceBackupVaultName,
      recoveryPointArn: input.RecoveryPointArn,
    });
    await checkRole(ports.roles, scope.accountId, input.IamRoleArn);
    await checkDestination(ports, source, input.DestinationBackupVaultArn, input.IamRoleArn);
    const job = newCopyJob(ports, {
      source,
      destinationVaultArn: input.DestinationBackupVaultArn,
      iamRoleArn: input.IamRoleArn,
      lifecycle,
      idempotencyToken: input.IdempotencyToken,
      requestFingerprint: requestFingerprint(input, ['IdempotencyToken']),
    });
    const stored = await ports.copyJobs.create(job);
    if (stored.requestFingerprint !== job.requestFingerprint) {
      throw invalidRequest(
        `IdempotencyToken was used before for a different request (job ${stored.jobId}). Use a new token.`,
        'IdempotencyToken',
      );
    }
    ports.jobControl.wake();
    return { CopyJobId: stored.jobId, CreationDate: new Date(stored.createdAt), IsParent: stored.isParent };
  };
}

async function checkDestination(
  ports: CopyPorts,
  source: RecoveryPointRecord,
  vaultArn: string,
  iamRoleArn: string,
): Promise<void> {
  const destination: BackupVaultRecord | undefined = await destinationVault(ports, vaultArn);
  if (destination === undefined) {
    // Another account's vaults are not disclosed: a missing one looks like one that takes no copies.
    const named = parseVaultArn(vaultArn);
    if (named?.accountId !== source.accountId) {
      if (named?.name === DEFAULT_VAULT_NAME) throw invalidRequest(FOREIGN_DEFAULT_VAULT.reason, vaultArn);
      throw accessDenied(`Backup vault ${vaultArn} does not allow copies from account ${source.accountId}.`);
    }
    throw resourceNotFound(`There is no backup vault ${vaultArn}.`, vaultArn);
  }
  const refusal = copyRefusal(await copyFacts(ports, source, destination, true));
  if (refusal !== undefined) throw invalidRequest(refusal.reason, source.arn);
  const permission = await ports.copyPolicies.check({ source, destination, iamRoleArn });
  if (!permission.ok) throw accessDenied(permission.reason);
}
