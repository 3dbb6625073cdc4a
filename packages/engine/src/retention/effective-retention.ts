import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import type { Refusal } from './refusal.ts';

/** Retention and holds as they were set at a time, after the recovery point was made. */
export interface RetentionChange {
  /** 1, 2, 3 ... without gaps. */
  readonly sequence: number;
  readonly retention: RecoveryPointRetention;
  /** Names of all legal holds that stand from now on. */
  readonly holds: readonly string[];
  readonly changedAt: number;
}

export interface EffectiveRetention {
  readonly retention: RecoveryPointRetention;
  readonly holds: readonly string[];
}

/**
 * What counts after some changes. A compliance lock that stood at the time of a change cannot have become shorter or
 * weaker by it, whoever wrote it.
 */
export function effectiveRetention(
  sealed: RecoveryPointRetention,
  changes: readonly RetentionChange[],
): EffectiveRetention {
  let retention = sealed;
  let holds: readonly string[] = [];
  for (const change of changes) {
    retention = shortens(retention, change.retention, change.changedAt)
      ? { ...change.retention, ...lockOf(retention) }
      : change.retention;
    holds = change.holds;
  }
  return { retention, holds };
}

/** True when a change would end or weaken a compliance lock that stands at the time. */
export function shortens(held: RecoveryPointRetention, wanted: RecoveryPointRetention, at: number): boolean {
  const until = held.lockedUntilAt;
  if (until === undefined || until <= at || (held.lockMode ?? 'compliance') !== 'compliance') return false;
  return (wanted.lockedUntilAt ?? 0) < until || (wanted.lockMode ?? 'compliance') !== 'compliance';
}

function lockOf(retention: RecoveryPointRetention): Pick<RecoveryPointRetention, 'lockedUntilAt' | 'lockMode'> {
  const { lockedUntilAt, lockMode } = retention;
  return {
    ...(lockedUntilAt === undefined ? {} : { lockedUntilAt }),
    ...(lockMode === undefined ? {} : { lockMode }),
  };
}

/** Why a recovery point must not be deleted now; undefined when it may. */
export function deletionRefusal(
  recoveryPointId: string,
  { retention, holds }: EffectiveRetention,
  now: number,
): (Refusal & { readonly reason: 'held' | 'locked' }) | undefined {
  if (holds.length > 0) {
    const message = `recovery point ${recoveryPointId} is under legal hold: ${holds.join(', ')}`;
    return { recoveryPointId, reason: 'held', message };
  }
  const { lockedUntilAt } = retention;
  if (lockedUntilAt === undefined || lockedUntilAt <= now) return undefined;
  const message = `recovery point ${recoveryPointId} is locked until ${new Date(lockedUntilAt).toISOString()}`;
  return { recoveryPointId, reason: 'locked', message, untilAt: lockedUntilAt };
}
