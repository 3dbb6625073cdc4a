import { AuthorityError } from './authority/authority-error.ts';
import type { DeleteOutcome, DeletePlan } from './repository.ts';
import { deleteRecoveryPoint, judgeDeletion } from './retention/delete-recovery-point.ts';
import type { Vault } from './vault.ts';

/** Says what deleting recovery points would do. */
export async function planDelete(vault: Vault, recoveryPointIds: readonly string[]): Promise<DeletePlan> {
  const deletes: DeletePlan['deletes'][number][] = [];
  const refusals: DeletePlan['refusals'][number][] = [];
  for (const recoveryPointId of recoveryPointIds) {
    const refusal = await judgeDeletion(vault, recoveryPointId);
    if (refusal !== undefined) {
      refusals.push({ recoveryPointId, ...refusal });
      continue;
    }
    const point = await vault.authority.recoveryPoint(vault.vaultId, recoveryPointId);
    deletes.push({ recoveryPointId, logicalBytes: point?.logicalBytes ?? 0 });
  }
  return { deletes, refusals };
}

/** Deletes in the order of docs/format/order.md: the authority first, then the object; packs go by collection. */
export async function executeDelete(vault: Vault, plan: DeletePlan): Promise<DeleteOutcome> {
  const deleted: string[] = [];
  const refused: { recoveryPointId: string; message: string }[] = [];
  for (const { recoveryPointId } of plan.deletes) {
    try {
      await deleteRecoveryPoint(vault, recoveryPointId);
      deleted.push(recoveryPointId);
    } catch (error) {
      if (!(error instanceof AuthorityError)) throw error;
      refused.push({ recoveryPointId, message: error.message });
    }
  }
  return { deleted, refused };
}
