/** What of a continuous backup has left its window, and its removal. */
import type { ControlPorts } from '../ports.ts';
import type { VaultRepository } from '../recovery-points/vault-repositories.ts';
import type { ContinuousBackupRecord, ContinuousBase } from './continuous-backup-store.ts';
import { keepFromAt } from './continuous-retention.ts';
import { logEndOf } from './restorable-window.ts';

export interface TrimPlan {
  /** Bases that no moment of the window needs. */
  readonly drops: readonly ContinuousBase[];
  readonly keeps: readonly ContinuousBase[];
}

type TrimFacts = Pick<ContinuousBackupRecord, 'nature' | 'retention' | 'latestAt' | 'logGaps'>;

/**
 * Pure. The newest base stays always. Of nature `log` the window's first moment needs the newest base before it; older
 * ones, and those whose log breaks off before the window, lead nowhere.
 */
export function planTrim(record: TrimFacts, bases: readonly ContinuousBase[], now: number): TrimPlan {
  const newest = bases.at(-1);
  if (newest === undefined) return { drops: [], keeps: [] };
  if (record.nature === 'versions') return { drops: bases.slice(0, -1), keeps: [newest] };
  const windowFrom = keepFromAt(record.retention, now);
  const first = bases.findLastIndex(({ consistentAt }) => consistentAt <= windowFrom);
  const isKept = (base: ContinuousBase, index: number): boolean =>
    base === newest || (index >= first && logEndOf(record, base) >= windowFrom);
  return { drops: bases.filter((base, index) => !isKept(base, index)), keeps: bases.filter(isKept) };
}

/**
 * Deletes the bases that the plan drops; what a lock or a reader holds stays for a later round.
 * @returns the bases that are left, oldest first
 */
export async function executeTrim(
  { stores, log }: Pick<ControlPorts, 'stores' | 'log'>,
  repository: VaultRepository,
  record: ContinuousBackupRecord,
  plan: TrimPlan,
): Promise<readonly ContinuousBase[]> {
  const all = [...plan.drops, ...plan.keeps].sort((a, b) => a.consistentAt - b.consistentAt);
  if (plan.drops.length === 0 || (await stores.restoreJobs.isRestoring(record.recoveryPointArn))) return all;
  const gone = new Set<string>();
  for (const { engineId } of plan.drops) {
    const refusal = await deleteContent(repository, engineId);
    if (refusal !== undefined) {
      log('debug', 'a base of a continuous backup stays a little longer', { engineId, reason: refusal });
      continue;
    }
    await stores.continuousBackups.removeBase(record.continuousId, engineId);
    gone.add(engineId);
  }
  return all.filter(({ engineId }) => !gone.has(engineId));
}

/** Why the engine keeps it; undefined when it is gone. */
export async function deleteContent(repository: VaultRepository, engineId: string): Promise<string | undefined> {
  const plan = await repository.planDelete([engineId]);
  const refusal = plan.refusals.find(({ reason }) => reason !== 'not-found');
  if (refusal !== undefined) return refusal.message;
  return (await repository.executeDelete(plan)).refused[0]?.message;
}
