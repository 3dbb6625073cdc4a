import { AuthorityError } from '../authority/authority-error.ts';
import { planPromotion, promotionsOf } from '../collect/promote.ts';
import { relocate } from '../collect/relocate.ts';
import { openReading } from '../collect/vault-reading.ts';
import { EngineError } from '../engine-error.ts';
import { cohortUntilAt } from '../point/cohort.ts';
import { pointKey } from '../point/point-object.ts';
import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import type { StoreRetention } from '../store/store.ts';
import { isStoreError } from '../store/store-error.ts';
import { shortens } from './effective-retention.ts';
import { extendPackLocks } from './pack-locks.ts';
import { appendChange, readSealedRetention, retentionKey, type SealedRetention } from './retention-records.ts';
import { alignPointHolds } from './store-holds.ts';
import { storeLockOf } from './store-lock.ts';
import type { VaultParts } from './vault-parts.ts';

const ATTEMPTS = 5;

/**
 * Moves the dates of a recovery point: tells the authority of a longer lock, which decides at once whether a deletion that
 * runs was first (F-83); seals the change in the store, moves the locks of every object that the point needs, and tells
 * the authority the rest. Repeating it finishes it, and whatever a crash cuts off, the stricter side counts.
 * @throws AuthorityError `locked` when a compliance lock would become shorter; `not-found`
 */
export async function changeRetention(
  parts: VaultParts,
  recoveryPointId: string,
  retention: RecoveryPointRetention,
): Promise<void> {
  await announceLock(parts, recoveryPointId, retention);
  await sealChange(parts, recoveryPointId, (before) => {
    if (shortens(before.retention, retention, parts.clock())) {
      throw new AuthorityError('locked', `the lock of recovery point ${recoveryPointId} cannot become shorter`);
    }
    return { retention, holds: before.holds };
  });
  await parts.authority.setRetention(parts.vaultId, recoveryPointId, retention);
  const held = (await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId))?.holds ?? [];
  // The change that was just sealed speaks of the holds too, and must stay as long as they do.
  if (held.length > 0) await alignPointHolds(parts, recoveryPointId);
}

/** From here on the authority refuses deletion; one that it decided before is told as `not-found`, and nothing is sealed. */
async function announceLock(
  { authority, vaultId }: VaultParts,
  recoveryPointId: string,
  { lockedUntilAt, lockMode }: RecoveryPointRetention,
): Promise<void> {
  const known = (await authority.recoveryPoint(vaultId, recoveryPointId))?.retention;
  if (known === undefined || lockedUntilAt === undefined || lockedUntilAt <= (known.lockedUntilAt ?? 0)) return;
  const mode = lockMode === undefined ? {} : { lockMode };
  await authority.setRetention(vaultId, recoveryPointId, { ...known, lockedUntilAt, ...mode });
}

/** What counts from a change on. */
type Next = Pick<SealedRetention, 'retention' | 'holds'>;

/**
 * Seals what `next` makes of what is sealed now, and moves the store's locks. Whoever loses a race decides again.
 * @throws AuthorityError `not-found`; whatever `next` throws
 */
export async function sealChange(
  parts: VaultParts,
  recoveryPointId: string,
  next: (before: SealedRetention) => Next,
): Promise<void> {
  const committed = await parts.authority.recoveryPoint(parts.vaultId, recoveryPointId);
  if (committed === undefined) {
    throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId}`);
  }
  for (let attempt = 1; ; attempt += 1) {
    const before = await readSealedRetention(parts, recoveryPointId, committed.fence).catch((error: unknown) =>
      failAsGone(parts, recoveryPointId, error),
    );
    const { retention, holds } = next(before);
    try {
      if (!isSame(before, { retention, holds })) await appendChange(parts, before, retention, holds);
      await extendLocks(parts, before, retention);
      return;
    } catch (error) {
      // Somebody else sealed a change at the same moment: look at theirs and decide again.
      if (!isStoreError(error, 'already-exists')) throw error;
      if (attempt >= ATTEMPTS) {
        throw new EngineError('already-exists', `the retention of ${recoveryPointId} keeps changing; try again`, {
          cause: error,
        });
      }
    }
  }
}

/** An object that is not there is lost, unless the recovery point was deleted meanwhile. */
async function failAsGone({ authority, vaultId }: VaultParts, recoveryPointId: string, error: unknown): Promise<never> {
  const isDeleted =
    isStoreError(error, 'not-found') && (await authority.recoveryPoint(vaultId, recoveryPointId)) === undefined;
  if (!isDeleted) throw error;
  throw new AuthorityError('not-found', `recovery point ${recoveryPointId} was deleted meanwhile`, { cause: error });
}

function isSame(before: Next, after: Next): boolean {
  const facts = ({ retention, holds }: Next): string =>
    JSON.stringify([retention.keepUntilAt, retention.lockedUntilAt, retention.lockMode, holds]);
  return facts(before) === facts(after);
}

/** Every object that the recovery point needs gets the lock: its own object, the changes, and its packs. */
async function extendLocks(
  parts: VaultParts,
  before: SealedRetention,
  retention: RecoveryPointRetention,
): Promise<void> {
  const lock = storeLockOf(retention);
  if (lock === undefined) return;
  const { recoveryPointId, fence } = before.point.header;
  const names = [
    pointKey(recoveryPointId, fence),
    ...before.changes.map(({ sequence }) => retentionKey(recoveryPointId, fence, sequence)),
  ];
  for (const name of names) await parts.store.extendRetention(name, lock);
  await promote(parts, recoveryPointId, retention, lock);
  const uses = await parts.authority.collection.packUses(parts.vaultId, recoveryPointId);
  await extendPackLocks(
    parts,
    uses.map(({ packId }) => packId),
    lock,
  );
}

/** Moves what is needed out of packs that are mostly needed by others, so that these are not locked longer too. */
async function promote(
  parts: VaultParts,
  recoveryPointId: string,
  { keepUntilAt }: RecoveryPointRetention,
  lock: StoreRetention,
): Promise<void> {
  const cohort = cohortUntilAt(parts.clock(), keepUntilAt);
  const uses = await parts.authority.collection.packUses(parts.vaultId, recoveryPointId);
  const plan = await planPromotion(parts, uses, lock, cohort);
  for (const relocation of promotionsOf(recoveryPointId, plan.promote, cohort)) {
    // What a writer has pinned meanwhile, or does not verify, stays where it is and is locked with all around it.
    await relocate(parts, await openReading(parts), relocation, { lock });
  }
}
