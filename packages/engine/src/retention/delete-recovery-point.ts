import type { CommittedRecoveryPoint } from '../authority/authority.ts';
import { AuthorityError, type AuthorityErrorCode } from '../authority/authority-error.ts';
import { EngineError } from '../engine-error.ts';
import { pointKey } from '../point/point-object.ts';
import { isStoreError } from '../store/store-error.ts';
import { deletionRefusal } from './effective-retention.ts';
import type { Refusal, RefusalReason } from './refusal.ts';
import { readSealedRetention, retentionKey, type SealedRetention } from './retention-records.ts';
import { alignOwnHolds } from './store-holds.ts';
import type { VaultParts } from './vault-parts.ts';

/**
 * Judges a deletion by what the authority knows and by what was sealed in the store: the stricter one counts. A store
 * that says less than the authority, or a recovery point that cannot be read, never makes deletion easier.
 */
export async function judgeDeletion(parts: VaultParts, recoveryPointId: string): Promise<Refusal | undefined> {
  const committed = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
  if (committed === undefined) {
    return { recoveryPointId, reason: 'not-found', message: `there is no recovery point ${recoveryPointId}` };
  }
  const sealed = await sealedRetentionOf(parts, committed);
  if (sealed instanceof EngineError) return { recoveryPointId, reason: 'unreadable', message: sealed.message };
  return judge(parts, committed, sealed);
}

type JudgedRefusal = Refusal & { readonly reason: Exclude<RefusalReason, 'unreadable'> };

async function judge(
  parts: VaultParts,
  committed: CommittedRecoveryPoint,
  sealed: SealedRetention | undefined,
): Promise<JudgedRefusal | undefined> {
  const { recoveryPointId } = committed;
  const now = parts.clock();
  for (const facts of [committed, ...(sealed === undefined ? [] : [sealed])]) {
    const refusal = deletionRefusal(recoveryPointId, facts, now);
    if (refusal !== undefined) return refusal;
  }
  const frozen = await parts.authority.collection.frozenReason(parts.vaultId);
  if (frozen === undefined) return undefined;
  return { recoveryPointId, reason: 'frozen', message: `deletion is frozen in this vault: ${frozen}` };
}

/** Undefined when the object is gone: an earlier deletion was cut in two, or somebody emptied the store. */
async function sealedRetentionOf(
  parts: VaultParts,
  { recoveryPointId, fence }: CommittedRecoveryPoint,
): Promise<SealedRetention | EngineError | undefined> {
  try {
    return await readSealedRetention(parts, recoveryPointId, fence);
  } catch (error) {
    if (isStoreError(error, 'not-found')) return undefined;
    if (isUnreadable(error)) return error;
    throw error;
  }
}

/**
 * Deletes a recovery point: at the authority, then its objects. Its packs are freed by collection. Whoever asks, a lock
 * or hold that was sealed in the store refuses it.
 * @throws AuthorityError `locked`, `held`, `in-use`, `frozen`, `not-found`; EngineError `damaged` or `unsupported` when the
 * sealed facts cannot be read
 */
export async function deleteRecoveryPoint(parts: VaultParts, recoveryPointId: string): Promise<void> {
  const committed = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
  if (committed === undefined) throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId}`);
  const sealed = await sealedRetentionOf(parts, committed);
  if (sealed instanceof EngineError) throw sealed;
  const refusal = await judge(parts, committed, sealed);
  if (refusal !== undefined) throw new AuthorityError(refusal.reason, refusal.message);
  // A release that was cut off may have left its flags in the store.
  if (sealed?.changes.some(({ holds }) => holds.length > 0) === true) await alignOwnHolds(parts, recoveryPointId);
  await parts.authority.deleteRecoveryPoint(parts.vaultId, recoveryPointId);
  await deletePointObjects(parts, recoveryPointId, committed.fence);
}

/** The refusal that an error of `deleteRecoveryPoint` stands for; undefined when it is a failure. */
export function refusalOf(recoveryPointId: string, error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  if (isUnreadable(error)) return { recoveryPointId, reason: 'unreadable', message };
  if (!(error instanceof AuthorityError) || !isRefusal(error.code)) return undefined;
  return { recoveryPointId, reason: error.code, message };
}

function isRefusal(code: AuthorityErrorCode): code is Exclude<RefusalReason, 'unreadable'> {
  return code === 'not-found' || code === 'held' || code === 'locked' || code === 'in-use' || code === 'frozen';
}

function isUnreadable(error: unknown): error is EngineError {
  return error instanceof EngineError && (error.code === 'damaged' || error.code === 'unsupported');
}

/** Removes the object of a recovery point that the authority no longer has, and the changes of its retention. */
export async function deletePointObjects(
  parts: Pick<VaultParts, 'store'>,
  recoveryPointId: string,
  fence: number,
): Promise<void> {
  // The object first: what is left after a crash are changes of a point that is not there, which mean nothing.
  await deleteUnheld(parts.store, pointKey(recoveryPointId, fence));
  for (let sequence = 1; ; sequence += 1) {
    const name = retentionKey(recoveryPointId, fence, sequence);
    const facts = await parts.store.head(name).catch((error: unknown) => {
      if (!isStoreError(error, 'not-found')) throw error;
    });
    if (facts === undefined) return;
    await deleteUnheld(parts.store, name);
  }
}

/** A hold that came and went while this was decided may have left its flag; the authority knows of none any more. */
async function deleteUnheld(store: VaultParts['store'], key: string): Promise<void> {
  try {
    await store.delete(key);
  } catch (error) {
    if (!isStoreError(error, 'locked') || store.properties.legalHold === 'none') throw error;
    await store.setHold(key, false);
    await store.delete(key);
  }
}
