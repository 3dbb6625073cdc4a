import { createHash } from 'node:crypto';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';

/** Expired recovery points go at a random moment within this time, to spread the load (BKP-36). */
export const EXPIRY_SPREAD_MS = 8 * 3_600_000;

/** How long after its expiry a recovery point is deleted, from 0 to less than `EXPIRY_SPREAD_MS`. */
export type ExpiryDelay = (point: RecoveryPointRecord) => number;

/**
 * Random over recovery points and the same for one whenever it is asked, so that nothing has to be remembered and a
 * restart changes nothing. The seed makes installations differ.
 */
export function expiryDelay(seed: string): ExpiryDelay {
  return ({ vaultId, arn }) => {
    const digest = createHash('sha256').update(`${seed}\n${vaultId}\n${arn}`).digest();
    return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * EXPIRY_SPREAD_MS);
  };
}
