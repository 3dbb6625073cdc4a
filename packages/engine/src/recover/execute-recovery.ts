import type { PackId } from '../authority/authority.ts';
import { putSegments } from '../collect/put-segment.ts';
import { pointKey } from '../point/point-object.ts';
import { storeLockOf } from '../retention/store-lock.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { RecoveredPoint, RecoveryPlan } from './recover-vault.ts';

const UNDER_WAY = 'a recovery is under way: run it again if it was cut off';

export interface RecoveryOutcome {
  readonly committed: readonly string[];
  /** Recovery points that the authority had already. */
  readonly known: readonly string[];
}

/**
 * Fills an authority from a recovery plan: packs, counters, segments, recovery points with dates and holds. Repeating it
 * after a crash goes on where it stopped.
 */
export async function executeRecovery(
  parts: Pick<VaultParts, 'vaultId' | 'authority' | 'store' | 'keys' | 'random'>,
  plan: RecoveryPlan,
  signal?: AbortSignal,
): Promise<RecoveryOutcome> {
  const { authority, vaultId } = parts;
  const freezes = freezeReason(plan);
  // Until all recovery points are back, packs of the others look like garbage.
  await authority.collection.freeze(vaultId, freezes ?? UNDER_WAY);
  const committed: string[] = [];
  const known: string[] = [];
  await authority.collection.raiseFence(vaultId, plan.highestFence);
  await authority.collection.restorePacks(vaultId, plan.packs);
  await authority.collection.restoreMoves(vaultId, plan.moves);
  const rebuilt = plan.fromTrailers.length === 0 ? [] : await putSegments(parts, plan.fromTrailers);
  await authority.replaceSegments(vaultId, [...plan.segments, ...rebuilt], []);
  for (const recovered of plan.points) {
    signal?.throwIfAborted();
    const { recoveryPointId } = recovered.point.header;
    const isNew = await authority.collection.restorePoint(vaultId, {
      recoveryPointId,
      ...(recovered.point.body.parentId === undefined ? {} : { parentId: recovered.point.body.parentId }),
      fence: recovered.point.header.fence,
      createdAt: recovered.point.body.createdAt,
      retention: recovered.retention,
      holds: recovered.holds,
      logicalBytes: recovered.point.body.statistics.logicalBytes,
      itemCount: recovered.point.body.statistics.itemCount,
      uses: recovered.uses,
    });
    (isNew ? committed : known).push(recoveryPointId);
    await rememberLocks(parts, recovered);
  }
  if ((await authority.collection.frozenReason(vaultId)) === UNDER_WAY) await authority.collection.unfreeze(vaultId);
  return { committed, known };
}

/**
 * What an unusable recovery point needs is unknown, so nothing may be deleted until a person has looked; the same holds
 * when it is unknown what was moved. An object that a later one of the same recovery point replaced needs nothing.
 */
function freezeReason(plan: RecoveryPlan): string | undefined {
  const usable = new Set(plan.points.map(({ point }) => pointKey(point.header.recoveryPointId, 0).split('.')[0]));
  const points = plan.unusable.filter(({ name }) => !usable.has(name.split('.')[0]));
  const [first] = [...points, ...plan.unreadableMoves];
  if (first === undefined) return undefined;
  return `recovery found ${first.name} to be ${first.reason}: ${first.message}`;
}

/** The ledger of locks starts again from what each recovery point asks of its packs. */
async function rememberLocks(
  { authority, vaultId }: Pick<VaultParts, 'vaultId' | 'authority'>,
  { retention, uses }: RecoveredPoint,
): Promise<void> {
  const lock = storeLockOf(retention);
  if (lock === undefined) return;
  const packIds: readonly PackId[] = uses.map(({ packId }) => packId);
  await authority.collection.recordPackLocks(
    vaultId,
    packIds.map((packId) => ({ packId, ...lock })),
  );
}
