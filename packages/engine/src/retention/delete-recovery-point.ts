import type { CommittedRecoveryPoint } from '../authority/authority.ts';
import { AuthorityError } from '../authority/authority-error.ts';
import { pointKey } from '../point/point-object.ts';
import { isStoreError } from '../store/store-error.ts';
import { deletionRefusal } from './effective-retention.ts';
import { readSealedRetention, retentionKey, type SealedRetention } from './retention-records.ts';
import type { VaultParts } from './vault-parts.ts';

/** Why a recovery point cannot be deleted now; undefined when it can. */
export interface DeletionRefusal {
  readonly reason: 'not-found' | 'locked' | 'held';
  readonly message: string;
}

/**
 * Judges a deletion by what the authority knows and by what was sealed in the store: the stricter one counts. A store
 * that says less than the authority, or a recovery point that cannot be read, never makes deletion easier.
 */
export async function judgeDeletion(parts: VaultParts, recoveryPointId: string): Promise<DeletionRefusal | undefined> {
  const committed = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
  if (committed === undefined) {
    return { reason: 'not-found', message: `there is no recovery point ${recoveryPointId}` };
  }
  const sealed = await sealedRetentionOf(parts, committed);
  const now = parts.clock();
  return (
    deletionRefusal(recoveryPointId, committed, now) ??
    (sealed === undefined ? undefined : deletionRefusal(recoveryPointId, sealed, now))
  );
}

/** Undefined when the object is gone: an earlier deletion was cut in two, or somebody emptied the store. */
async function sealedRetentionOf(
  parts: VaultParts,
  { recoveryPointId, fence }: CommittedRecoveryPoint,
): Promise<SealedRetention | undefined> {
  try {
    return await readSealedRetention(parts, recoveryPointId, fence);
  } catch (error) {
    if (isStoreError(error, 'not-found')) return undefined;
    throw error;
  }
}

/**
 * Deletes a recovery point: at the authority, then its objects. Its packs are freed by collection. Whoever asks, a lock
 * or hold that was sealed in the store refuses it.
 * @throws AuthorityError `locked`, `held`, `in-use`, `not-found`; EngineError `damaged` when the sealed facts cannot be read
 */
export async function deleteRecoveryPoint(parts: VaultParts, recoveryPointId: string): Promise<void> {
  const refusal = await judgeDeletion(parts, recoveryPointId);
  if (refusal !== undefined) throw new AuthorityError(refusal.reason, refusal.message);
  const committed = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
  if (committed === undefined) throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId}`);
  await parts.authority.deleteRecoveryPoint(parts.vaultId, recoveryPointId);
  await deletePointObjects(parts, recoveryPointId, committed.fence);
}

/** Removes the object of a recovery point that the authority no longer has, and the changes of its retention. */
export async function deletePointObjects(
  parts: Pick<VaultParts, 'store'>,
  recoveryPointId: string,
  fence: number,
): Promise<void> {
  // The object first: what is left after a crash are changes of a point that is not there, which mean nothing.
  await parts.store.delete(pointKey(recoveryPointId, fence));
  for (let sequence = 1; ; sequence += 1) {
    const name = retentionKey(recoveryPointId, fence, sequence);
    const facts = await parts.store.head(name).catch((error: unknown) => {
      if (!isStoreError(error, 'not-found')) throw error;
    });
    if (facts === undefined) return;
    await parts.store.delete(name);
  }
}
