import type { DeleteOutcome, DeletePlan } from '../repository.ts';
import { deleteRecoveryPoint, judgeDeletion, refusalOf } from './delete-recovery-point.ts';
import type { Refusal } from './refusal.ts';
import type { VaultParts } from './vault-parts.ts';

/** Says what deleting recovery points would do. */
export async function planDelete(vault: VaultParts, recoveryPointIds: readonly string[]): Promise<DeletePlan> {
  const deletes: DeletePlan['deletes'][number][] = [];
  const refusals: Refusal[] = [];
  for (const recoveryPointId of recoveryPointIds) {
    const refusal = await judgeDeletion(vault, recoveryPointId);
    if (refusal !== undefined) {
      refusals.push(refusal);
      continue;
    }
    const point = await vault.authority.recoveryPoint(vault.vaultId, recoveryPointId);
    deletes.push({ recoveryPointId, logicalBytes: point?.logicalBytes ?? 0 });
  }
  return { deletes, refusals };
}

/** Deletes in the order of docs/format/order.md: the authority first, then the object; packs go by collection. */
export async function executeDelete(vault: VaultParts, plan: DeletePlan): Promise<DeleteOutcome> {
  const deleted: string[] = [];
  const refused: Refusal[] = [];
  for (const { recoveryPointId } of plan.deletes) {
    try {
      await deleteRecoveryPoint(vault, recoveryPointId);
      deleted.push(recoveryPointId);
    } catch (error) {
      const refusal = refusalOf(recoveryPointId, error);
      if (refusal === undefined) throw error;
      // Judged once more, for the date of a lock.
      refused.push((await judgeDeletion(vault, recoveryPointId)) ?? refusal);
    }
  }
  return { deleted, refused };
}
