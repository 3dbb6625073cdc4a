import { AuthorityError } from './authority/authority-error.ts';
import { pointKey } from './point/point-object.ts';
import type { DeleteOutcome, DeletePlan } from './repository.ts';
import type { Vault } from './vault.ts';

/** Says what deleting recovery points would do. */
export async function planDelete(vault: Vault, recoveryPointIds: readonly string[]): Promise<DeletePlan> {
  const deletes: DeletePlan['deletes'][number][] = [];
  const refusals: DeletePlan['refusals'][number][] = [];
  for (const recoveryPointId of recoveryPointIds) {
    const point = await vault.authority.recoveryPoint(vault.vaultId, recoveryPointId);
    const lockedUntilAt = point?.retention.lockedUntilAt ?? 0;
    if (point === undefined) {
      refusals.push({ recoveryPointId, reason: 'not-found', message: `there is no recovery point ${recoveryPointId}` });
    } else if (point.holds.length > 0) {
      const message = `recovery point ${recoveryPointId} is under legal hold: ${point.holds.join(', ')}`;
      refusals.push({ recoveryPointId, reason: 'held', message });
    } else if (lockedUntilAt > vault.clock()) {
      const message = `recovery point ${recoveryPointId} is locked until ${new Date(lockedUntilAt).toISOString()}`;
      refusals.push({ recoveryPointId, reason: 'locked', message });
    } else deletes.push({ recoveryPointId, logicalBytes: point.logicalBytes });
  }
  return { deletes, refusals };
}

/** Deletes in the order of docs/format/order.md: the authority first, then the object; packs go by collection. */
export async function executeDelete(vault: Vault, plan: DeletePlan): Promise<DeleteOutcome> {
  const deleted: string[] = [];
  const refused: { recoveryPointId: string; message: string }[] = [];
  for (const { recoveryPointId } of plan.deletes) {
    const point = await vault.authority.recoveryPoint(vault.vaultId, recoveryPointId);
    try {
      await vault.authority.deleteRecoveryPoint(vault.vaultId, recoveryPointId);
    } catch (error) {
      if (!(error instanceof AuthorityError)) throw error;
      refused.push({ recoveryPointId, message: error.message });
      continue;
    }
    if (point !== undefined) await vault.store.delete(pointKey(recoveryPointId, point.fence));
    deleted.push(recoveryPointId);
  }
  return { deleted, refused };
}
