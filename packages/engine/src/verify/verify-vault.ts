import type { CountedPack, PackId } from '../authority/authority.ts';
import type { CheckLayer, PackCheck } from '../authority/collection-authority.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { checkPackCheaply, checkPackDeeply } from './check-pack.ts';

const DAY_MS = 86_400_000;
const PAGE = 1000;

export interface VerificationOptions {
  /** Every pack's size and checksum is asked for at least this often; default one day. */
  readonly cheapEveryMs: number;
  /** Every byte is read at least this often: the promise (SLA) of the vault; default 30 days. */
  readonly deepEveryMs: number;
  /** What one run may read; default 100 GiB. */
  readonly deepBytes: number;
  /** Requests in flight; default 4. */
  readonly inFlight: number;
}

export const VERIFICATION_DEFAULTS: VerificationOptions = {
  cheapEveryMs: DAY_MS,
  deepEveryMs: 30 * DAY_MS,
  deepBytes: 100 * 2 ** 30,
  inFlight: 4,
};

/** What a verification would look at; a plain value. */
export interface VerificationPlan {
  readonly plannedAt: number;
  readonly cheap: readonly CountedPack[];
  /** Longest unread first, within the budget. */
  readonly deep: readonly CountedPack[];
  readonly deepBytes: number;
  /** Packs that are beyond the promise now; alarm when there are any after a run. */
  readonly overdue: number;
  /** Cold packs are never read just to verify them. */
  readonly skippedCold: number;
}

export async function planVerification(
  { authority, vaultId, clock }: Pick<VaultParts, 'authority' | 'vaultId' | 'clock'>,
  options: VerificationOptions = VERIFICATION_DEFAULTS,
): Promise<VerificationPlan> {
  const now = clock();
  const { collection } = authority;
  const cheap = await collection.packsToCheck(vaultId, 'cheap', now - options.cheapEveryMs + 1, PAGE);
  // From half of the promised time on, so that reading spreads out and a run that is missed breaks no promise.
  const due = await collection.packsToCheck(vaultId, 'deep', now - Math.floor(options.deepEveryMs / 2), PAGE);
  const cold = new Set(
    await collection.coldPacks(
      vaultId,
      due.map(({ pack }) => pack.packId),
    ),
  );
  const deep: CountedPack[] = [];
  let deepBytes = 0;
  for (const { pack } of due) {
    if (cold.has(pack.packId) || deepBytes + pack.sizeBytes > options.deepBytes) continue;
    deep.push(pack);
    deepBytes += pack.sizeBytes;
  }
  const overdue = due.filter(({ checkedAt = 0 }) => checkedAt < now - options.deepEveryMs).length;
  return { plannedAt: now, cheap: cheap.map(({ pack }) => pack), deep, deepBytes, overdue, skippedCold: cold.size };
}

export interface VerificationOutcome {
  readonly checkedCheaply: number;
  readonly checkedDeeply: number;
  readonly readBytes: number;
  readonly damaged: readonly { readonly packId: PackId; readonly layer: CheckLayer; readonly damage: string }[];
}

/** Looks, and writes what it found into the ledger pack by pack, so that an interrupted run loses nothing. */
export async function executeVerification(
  parts: Pick<VaultParts, 'authority' | 'vaultId' | 'clock' | 'store'>,
  plan: VerificationPlan,
  options: Pick<VerificationOptions, 'inFlight'> & { readonly signal?: AbortSignal } = VERIFICATION_DEFAULTS,
): Promise<VerificationOutcome> {
  const damaged: VerificationOutcome['damaged'][number][] = [];
  const run = async (layer: CheckLayer, packs: readonly CountedPack[]): Promise<void> => {
    const check = layer === 'cheap' ? checkPackCheaply : checkPackDeeply;
    for (let start = 0; start < packs.length; start += options.inFlight) {
      options.signal?.throwIfAborted();
      const batch = packs.slice(start, start + options.inFlight);
      const findings = await Promise.all(batch.map((pack) => check(parts.store, pack, options.signal)));
      const checks = batch.map(({ packId }, index): PackCheck => {
        const damage = findings[index]?.damage;
        if (damage !== undefined) damaged.push({ packId, layer, damage });
        return { packId, layer, checkedAt: parts.clock(), ...(damage === undefined ? {} : { damage }) };
      });
      await parts.authority.collection.recordPackChecks(parts.vaultId, checks);
    }
  };
  await run('cheap', plan.cheap);
  await run('deep', plan.deep);
  return { checkedCheaply: plan.cheap.length, checkedDeeply: plan.deep.length, readBytes: plan.deepBytes, damaged };
}
