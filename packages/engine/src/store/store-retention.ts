import type { StoreRetention } from './store.ts';

/** True while a lock stands at the given time. */
export function isLocked(retention: StoreRetention | undefined, now: number): boolean {
  return retention !== undefined && now < retention.untilAt;
}

/** True when `held` promises at least what `wanted` asks for. */
export function retentionCovers(held: StoreRetention | undefined, wanted: StoreRetention | undefined): boolean {
  if (wanted === undefined) return true;
  if (held === undefined || held.untilAt < wanted.untilAt) return false;
  return held.mode === 'compliance' || wanted.mode === 'governance';
}

/** The stronger of two locks in each respect: the later date, and compliance before governance. */
export function laterRetention(held: StoreRetention | undefined, wanted: StoreRetention): StoreRetention {
  if (held === undefined) return wanted;
  return {
    mode: held.mode === 'compliance' || wanted.mode === 'compliance' ? 'compliance' : 'governance',
    untilAt: Math.max(held.untilAt, wanted.untilAt),
  };
}
