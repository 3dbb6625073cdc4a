/** Brings legal holds back into a catalog that was lost, from what the engine has sealed with each recovery point. */
import { parseArn } from '../arn.ts';
import type { ControlPorts } from '../ports.ts';
import type { FoundRecoveryPoint } from '../recovery-points/recover-vault-records.ts';
import { readSealedFacts } from '../recovery-points/sealed-facts.ts';
import type { LegalHoldRecord, LegalHoldStore, RecoveryPointKey } from './legal-hold-store.ts';

const DESCRIPTION =
  'Found in the vaults when the catalog was recovered. The title, the description and the criteria of the hold were lost.';

/** A recovery point with the names of the legal holds that the engine keeps it under. */
export interface FoundHeldRecoveryPoint extends Pick<FoundRecoveryPoint, 'facts'> {
  readonly holds: readonly string[];
}

/**
 * Makes every hold that stands in the engine of a vault visible again, ACTIVE and on the same recovery points: it counts
 * for deletion and lifecycle, and it can be cancelled. Safe to repeat, for further vaults too. Names that this service did
 * not give are logged: the engine goes on enforcing them.
 * @returns how many holds stand on the recovery points
 */
export async function recoverLegalHolds(
  ports: Pick<ControlPorts, 'clock' | 'log'> & { readonly legalHolds: Pick<LegalHoldStore, 'restore'> },
  found: readonly FoundHeldRecoveryPoint[],
): Promise<number> {
  const pointsOf = new Map<string, RecoveryPointKey[]>();
  for (const { facts, holds } of found) {
    if (holds.length === 0) continue;
    const { vaultId, arn } = readSealedFacts(facts).recoveryPoint;
    for (const hold of holds) pointsOf.set(hold, [...(pointsOf.get(hold) ?? []), { vaultId, arn }]);
  }
  let recovered = 0;
  for (const [name, points] of pointsOf) {
    const hold = holdNamed(name, ports.clock.now());
    if (hold === undefined) {
      ports.log('warn', 'Recovery points are under a hold that is no legal hold of this service', {
        hold: name,
        recoveryPointArn: points[0]?.arn,
        recoveryPoints: points.length,
      });
      continue;
    }
    await ports.legalHolds.restore(hold, points);
    recovered += 1;
  }
  return recovered;
}

function holdNamed(arn: string, now: number): LegalHoldRecord | undefined {
  const { service, region, accountId, resource } = parseArn(arn) ?? {};
  const holdId = /^legal-hold:([^:]+)$/.exec(resource ?? '')?.[1];
  if (service !== 'backup' || region === undefined || accountId === undefined || holdId === undefined) return undefined;
  return {
    accountId,
    region,
    holdId,
    arn,
    title: `Recovered hold ${holdId}`,
    description: DESCRIPTION,
    status: 'ACTIVE',
    criteria: {},
    createdAt: now,
    requestFingerprint: '',
  };
}
