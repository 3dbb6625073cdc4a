/** Brings continuous recovery points back into an empty catalog, from what was sealed with their bases and logs. */
import type { RecoveryPointStatistics } from '@holdfast/engine';
import type { ControlPorts } from '../ports.ts';
import type { SealedFacts } from '../recovery-points/sealed-facts.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { ContinuousBackupRecord, ContinuousBase } from './continuous-backup-store.ts';
import type { ContinuousFacts } from './continuous-facts.ts';
import { firstRecoveryPoint } from './continuous-recovery-point.ts';
import { expiresAt } from './continuous-retention.ts';
import { readStoredLog } from './stored-log.ts';

const REASON = 'Continuous backup ended with the loss of the catalog; the next run of a continuous rule begins anew.';
/** Sources are found again first, so that what captures left there can be removed. */
const LOOK_AFTER_MS = 10 * 60_000;

/** A base or a state of a log as the engine found it in the store. */
export interface FoundContinuous {
  readonly sealed: SealedFacts;
  readonly facts: ContinuousFacts;
  readonly statistics: RecoveryPointStatistics;
  readonly createdAt: number;
  readonly isLocked: boolean;
}

type RecoverPorts = Pick<ControlPorts, 'stores' | 'clock' | 'repositories' | 'log'>;

/**
 * One STOPPED recovery point for each continuous backup that has a base; it goes when its retention has passed.
 * @returns how many came back, and how many the catalog had already
 */
export async function recoverContinuous(
  ports: RecoverPorts,
  vault: BackupVaultRecord,
  found: readonly FoundContinuous[],
): Promise<{ readonly recovered: number; readonly known: number }> {
  const counts = { recovered: 0, known: 0 };
  for (const [continuousId, parts] of Map.groupBy(found, ({ facts }) => facts.continuousId)) {
    if ((await ports.stores.continuousBackups.get(continuousId)) !== undefined) counts.known += 1;
    else if (await recoverOne(ports, vault, parts)) counts.recovered += 1;
    else ports.log('warn', 'a log without a base cannot be restored and is left alone', { continuousId });
  }
  return counts;
}

async function recoverOne(
  ports: RecoverPorts,
  vault: BackupVaultRecord,
  parts: readonly FoundContinuous[],
): Promise<boolean> {
  // What was sealed before the capture began anew does not meet its log.
  const captureCount = Math.max(...parts.map(({ facts }) => facts.captureCount));
  const sealedBases = parts
    .filter(({ facts }) => facts.role === 'base' && facts.captureCount === captureCount)
    .map((part) => ({ part, base: baseOf(part) }))
    .sort((a, b) => a.base.consistentAt - b.base.consistentAt);
  const newest = sealedBases.at(-1);
  if (newest === undefined) return false;
  const bases = sealedBases.map(({ base }) => base);
  const now = ports.clock.now();
  const record = await recordOf(ports, vault, newest.part, bases, now);
  for (const base of bases) await ports.stores.continuousBackups.addBase(base);
  await ports.stores.continuousBackups.create(record);
  await ports.stores.recoveryPoints.commit({
    recoveryPoint: {
      ...firstRecoveryPoint(newest.part.sealed.recoveryPoint, newest.base),
      status: 'STOPPED',
      statusMessage: REASON,
      deleteAt: expiresAt(record.retention, now),
    },
    tags: newest.part.sealed.tags,
  });
  return true;
}

function baseOf({ sealed, facts, statistics, createdAt }: FoundContinuous): ContinuousBase {
  const { engineId, restoreMetadata } = sealed.recoveryPoint;
  const completedAt = createdAt + statistics.durationMs;
  const times = facts.bases.find((base) => base.engineId === engineId);
  return {
    continuousId: facts.continuousId,
    engineId,
    startAt: times?.startAt ?? createdAt,
    consistentAt: times?.consistentAt ?? completedAt,
    completedAt,
    sizeBytes: statistics.logicalBytes,
    storedBytes: statistics.storedBytes,
    itemCount: statistics.itemCount,
    issueCount: statistics.issueCount,
    restoreMetadata,
  };
}

async function recordOf(
  ports: RecoverPorts,
  vault: BackupVaultRecord,
  { sealed, facts, isLocked }: FoundContinuous,
  bases: readonly ContinuousBase[],
  now: number,
): Promise<ContinuousBackupRecord> {
  const { recoveryPoint, tags } = sealed;
  const { continuousId, nature, retention, createdAt, captureCount } = facts;
  const stored = nature === 'log' ? await readStoredLog(await ports.repositories.open(vault), continuousId) : undefined;
  const latestAt = stored?.latestAt ?? bases.at(-1)?.consistentAt;
  return {
    accountId: recoveryPoint.accountId,
    region: recoveryPoint.region,
    continuousId,
    vaultId: vault.vaultId,
    recoveryPointArn: recoveryPoint.arn,
    resourceArn: recoveryPoint.resourceArn,
    resourceType: recoveryPoint.resourceType,
    nature,
    state: 'STOPPING',
    reason: REASON,
    createdAt,
    iamRoleArn: recoveryPoint.iamRoleArn,
    recoveryPointTags: tags,
    retention,
    captureCount,
    baseCount: Math.max(...bases.map(({ engineId }) => Number(engineId.slice(engineId.lastIndexOf(':') + 1)))),
    logGaps: stored?.gaps ?? [],
    dueAt: now + LOOK_AFTER_MS,
    fence: 0,
    ...(latestAt === undefined ? {} : { latestAt }),
    ...(recoveryPoint.createdBy === undefined ? {} : { createdBy: recoveryPoint.createdBy }),
    ...(isLocked ? { lockedAt: now } : {}),
  };
}
