import type { PackId } from '../authority/authority.ts';
import { storeLockOf } from '../retention/store-lock.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { RecoveredPoint, RecoveryPlan } from './recover-vault.ts';

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
  parts: Pick<VaultParts, 'vaultId' | 'authority' | 'holder' | 'leaseMs'>,
  plan: RecoveryPlan,
  signal?: AbortSignal,
): Promise<RecoveryOutcome> {
  const { authority, vaultId } = parts;
  const committed: string[] = [];
  const known: string[] = [];
  await authority.collection.raiseFence(vaultId, plan.highestFence);
  await authority.collection.restorePacks(vaultId, plan.packs);
  await authority.replaceSegments(vaultId, plan.segments, []);
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
  return { committed, known };
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
