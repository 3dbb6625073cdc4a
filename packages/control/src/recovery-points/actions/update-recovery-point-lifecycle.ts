import type { BackupHandler } from '../../action.ts';
import { invalidParameter, invalidRequest } from '../../errors.ts';
import type { ControlPorts } from '../../ports.ts';
import type { BackupVaultRecord } from '../../vaults/vault-store.ts';
import { findRecoveryPoint } from '../find-recovery-point.ts';
import { calculateLifecycle, presentCalculatedLifecycle, presentLifecycle, readLifecycle } from '../lifecycle-rules.ts';
import type { Lifecycle, RecoveryPointRecord } from '../recovery-point-store.ts';
import { retentionForEngine } from '../retention-for-engine.ts';

const DAY_MS = 86_400_000;
const CHANGEABLE = ['AVAILABLE', 'COMPLETED', 'PARTIAL', 'EXPIRED', 'STOPPED'] as const;

/** UpdateRecoveryPointLifecycle (API2-172 to API2-175, BKP-227). */
export function updateRecoveryPointLifecycle(ports: ControlPorts): BackupHandler<'UpdateRecoveryPointLifecycle'> {
  return async (input, context) => {
    const { vault, recoveryPoint } = await findRecoveryPoint(ports, context, {
      vaultName: input.BackupVaultName,
      recoveryPointArn: input.RecoveryPointArn,
    });
    const { deleteAfterEvent } = recoveryPoint.lifecycle ?? {};
    const asked = readLifecycle(input.Lifecycle) ?? {};
    const lifecycle: Lifecycle = { ...asked, ...(deleteAfterEvent === undefined ? {} : { deleteAfterEvent }) };
    checkChange(vault, recoveryPoint, lifecycle, ports.clock.now());
    const calculated = calculateLifecycle(lifecycle, recoveryPoint.createdAt, recoveryPoint.resourceType);
    // The store first: should the catalog fail then, bytes are kept longer than promised, never shorter.
    const retention = retentionForEngine(ports.clock.now(), calculated.deleteAt, vault.lock);
    await ports.repositories.changeRetention(vault, recoveryPoint.engineId, retention);
    const changed = await ports.stores.recoveryPoints.change(
      vault.vaultId,
      recoveryPoint.arn,
      {
        lifecycle,
        deleteAt: calculated.deleteAt ?? null,
        moveToColdStorageAt: calculated.moveToColdStorageAt ?? null,
      },
      CHANGEABLE,
    );
    if (changed === undefined) {
      throw invalidRequest(`Recovery point ${recoveryPoint.arn} is being deleted or created.`, recoveryPoint.arn);
    }
    ports.emit({ kind: 'recovery-point-changed', at: ports.clock.now(), recoveryPoint: changed });
    return {
      BackupVaultArn: vault.arn,
      RecoveryPointArn: changed.arn,
      Lifecycle: presentLifecycle(changed.lifecycle),
      CalculatedLifecycle: presentCalculatedLifecycle(changed),
    };
  };
}

function checkChange(vault: BackupVaultRecord, point: RecoveryPointRecord, wanted: Lifecycle, now: number): void {
  if (vault.lock !== undefined) {
    throw invalidRequest(
      `The lifecycle of ${point.arn} cannot be changed: backup vault "${vault.name}" is locked.`,
      point.arn,
    );
  }
  if (point.isContinuous) {
    throw invalidRequest(`The lifecycle of the continuous backup ${point.arn} cannot be changed.`, point.arn);
  }
  const cold = wanted.moveToColdStorageAfterDays;
  if (cold === point.lifecycle?.moveToColdStorageAfterDays) return;
  if (point.storageClass === 'COLD') {
    throw invalidRequest(
      `${point.arn} is in cold storage: MoveToColdStorageAfterDays can no longer be changed.`,
      point.arn,
    );
  }
  const ageDays = Math.floor((now - point.createdAt) / DAY_MS);
  if (cold !== undefined && cold < ageDays + 1) {
    throw invalidParameter(
      `MoveToColdStorageAfterDays must be at least ${ageDays + 1}, one day more than the age of ${point.arn}.`,
      'Lifecycle',
    );
  }
}
