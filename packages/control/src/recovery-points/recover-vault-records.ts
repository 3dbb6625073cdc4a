/** Brings a vault and its recovery points back into an empty catalog, from what was sealed with each recovery point. */
import type { PolicyFacts, RecoveryPointStatistics } from '@holdfast/engine';
import { finishedRecoveryPoint } from '../backup-jobs/draft-recovery-point.ts';
import { readContinuousFacts } from '../continuous/continuous-facts.ts';
import { recoverContinuous } from '../continuous/recover-continuous.ts';
import type { ControlPorts } from '../ports.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { RecoveryPointRecord } from './recovery-point-store.ts';
import { readSealedFacts, type SealedFacts } from './sealed-facts.ts';

/** A recovery point as the engine found it in the store. */
export interface FoundRecoveryPoint {
  readonly facts: PolicyFacts;
  readonly statistics: RecoveryPointStatistics;
  readonly outcome: 'complete' | 'partial';
  readonly createdAt: number;
  /** Dates as last changed, which win over those in the facts. */
  readonly keepUntilAt?: number | undefined;
  /** Whether a lock that nobody can remove holds it. */
  readonly isLocked?: boolean;
}

export interface RecoveredRecords {
  readonly vault: BackupVaultRecord;
  readonly recoveryPoints: number;
  /** Records that the catalog had already. */
  readonly known: number;
}

/**
 * Writes the vault (unless its name is there) and every recovery point that the catalog lacks. What only the catalog
 * knew is gone: access policy, lock settings and notifications of the vault; locks of recovery points are in the store
 * and hold all the same. Legal holds come back by `recoverLegalHolds`, afterwards.
 */
export async function recoverVaultRecords(
  ports: Pick<ControlPorts, 'stores' | 'clock' | 'quotas' | 'repositories' | 'log'>,
  found: readonly FoundRecoveryPoint[],
): Promise<RecoveredRecords | undefined> {
  const points = found.map((each) => ({
    ...each,
    sealed: readSealedFacts(each.facts),
    continuous: readContinuousFacts(each.facts),
  }));
  const [first] = points;
  if (first === undefined) return undefined;
  const vault = await recoverVault(ports, first.sealed);
  const snapshots = points.filter(({ continuous }) => continuous === undefined);
  const continuous = await recoverContinuous(
    ports,
    vault,
    points.flatMap(({ continuous: facts, isLocked = false, ...point }) =>
      facts === undefined ? [] : [{ ...point, facts, isLocked }],
    ),
  );
  let known = 0;
  for (const { sealed, statistics, outcome, createdAt, keepUntilAt } of snapshots) {
    const { recoveryPoint: draft } = sealed;
    if ((await ports.stores.recoveryPoints.get(vault.vaultId, draft.arn)) !== undefined) {
      known += 1;
      continue;
    }
    const finished = finishedRecoveryPoint(
      draft,
      { statistics, outcome },
      createdAt + statistics.durationMs,
      undefined,
    );
    const record: RecoveryPointRecord = keepUntilAt === undefined ? finished : { ...finished, deleteAt: keepUntilAt };
    await ports.stores.recoveryPoints.commit({ recoveryPoint: record, tags: sealed.tags });
  }
  return {
    vault,
    recoveryPoints: snapshots.length - known + continuous.recovered,
    known: known + continuous.known,
  };
}

async function recoverVault(
  ports: Pick<ControlPorts, 'stores' | 'clock' | 'quotas'>,
  { recoveryPoint }: SealedFacts,
): Promise<BackupVaultRecord> {
  const { accountId, region, vaultId, vaultName, vaultArn, vaultType, encryptionKeyArn = '' } = recoveryPoint;
  const existing = await ports.stores.vaults.getById(vaultId);
  if (existing !== undefined) return existing;
  const vault: BackupVaultRecord = {
    accountId,
    region,
    vaultId,
    name: vaultName,
    arn: vaultArn,
    type: vaultType,
    state: 'AVAILABLE',
    encryptionKeyArn,
    encryptionKeyType: recoveryPoint.encryptionKeyType ?? 'AWS_OWNED_KMS_KEY',
    createdAt: ports.clock.now(),
    recoveryPointCount: 0,
  };
  const created = await ports.stores.vaults.create(vault, {}, ports.quotas.vaultsPerRegion);
  if (created.outcome === 'created') return vault;
  throw new Error(
    `the catalog holds another vault named ${vaultName} in ${accountId} ${region}; recover into an empty data directory`,
  );
}
