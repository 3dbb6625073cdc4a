import type { CountedPack } from '../authority/authority.ts';
import { AuthorityError } from '../authority/authority-error.ts';
import { cohortUntilAt } from '../point/cohort.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import type { RelocationPlan } from './relocate.ts';

/** From this share on it is cheaper to keep a pack longer than to copy what is needed of it. */
const EXTEND_FROM = 0.6;

/** How a recovery point that lives longer than some of its packs keeps what it needs of them. */
export interface PromotionPlan {
  readonly recoveryPointId: string;
  /** Packs of shorter cohorts that stay as they are: most of each is needed. */
  readonly extend: readonly CountedPack[];
  /** Packs of which little is needed: that moves into packs of the longer cohort, for this recovery point alone. */
  readonly promote: readonly RelocationPlan[];
}

/**
 * Sorts the packs of a recovery point whose cohort ends before it does. Execute with `relocate`; whatever was not
 * promoted stays referenced, so that nothing is lost either way: this only decides how long waste is kept.
 * @throws AuthorityError `not-found`
 */
export async function planPromotion(
  { authority, vaultId, clock }: Pick<VaultParts, 'authority' | 'vaultId' | 'clock'>,
  recoveryPointId: string,
  targetPackBytes: number,
): Promise<PromotionPlan> {
  const point = await authority.recoveryPoint(vaultId, recoveryPointId);
  if (point === undefined) throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId}`);
  const end = cohortUntilAt(clock(), point.retention.keepUntilAt);
  const uses = await authority.collection.packUses(vaultId, recoveryPointId);
  const used = new Map(uses.map(({ packId, usedBytes }) => [packId, usedBytes]));
  const packs = await authority.packs(vaultId, [...used.keys()]);
  const short = packs.filter((pack) => endsBefore(pack, end) && pack.referenceCount > 1);
  const isMostlyNeeded = ({ packId, sizeBytes }: CountedPack): boolean =>
    (used.get(packId) ?? 0) >= sizeBytes * EXTEND_FROM;
  const promote = Map.groupBy(
    short.filter((pack) => !isMostlyNeeded(pack)),
    ({ kind }) => kind,
  );
  return {
    recoveryPointId,
    extend: short.filter(isMostlyNeeded),
    promote: [...promote].map(([kind, members]) => ({
      packs: members,
      kind,
      tier: 'warm' as const,
      points: [recoveryPointId],
      targetPackBytes,
      ...(end === undefined ? {} : { cohortUntilAt: end }),
    })),
  };
}

function endsBefore({ cohortUntilAt: held }: CountedPack, end: number | undefined): boolean {
  return held !== undefined && (end === undefined || held < end);
}
