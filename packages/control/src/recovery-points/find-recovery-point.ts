import { resourceNotFound } from '../errors.ts';
import type { ControlPorts } from '../ports.ts';
import type { Scope } from '../scope.ts';
import { findVault } from '../vaults/find-vault.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { RecoveryPointRecord } from './recovery-point-store.ts';

export interface FoundRecoveryPoint {
  readonly vault: BackupVaultRecord;
  readonly recoveryPoint: RecoveryPointRecord;
}

/** @throws ServiceError ResourceNotFoundException when the vault or the recovery point in it does not exist */
export async function findRecoveryPoint(
  ports: ControlPorts,
  scope: Scope,
  request: { vaultName: string; recoveryPointArn: string; vaultAccountId?: string | undefined },
): Promise<FoundRecoveryPoint> {
  const vault = await findVault(ports, scope, request.vaultName, request.vaultAccountId);
  const recoveryPoint = await ports.stores.recoveryPoints.get(vault.vaultId, request.recoveryPointArn);
  if (recoveryPoint !== undefined) return { vault, recoveryPoint };
  throw resourceNotFound(
    `There is no recovery point ${request.recoveryPointArn} in backup vault "${vault.name}".`,
    request.recoveryPointArn,
  );
}
