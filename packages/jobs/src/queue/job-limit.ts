import type { JobKind } from '../states/next.ts';
import type { ActiveJobCount, Exclusion } from './job-store.ts';

/** At most so many active jobs at a time, over all workers. */
export interface JobLimit {
  readonly kind: JobKind;
  /** Only jobs of this resource type; all types together when absent. */
  readonly resourceType?: string;
  /** Counted for each account by itself (QUOTA-3). */
  readonly perAccount?: boolean;
  readonly most: number;
}

/** The jobs that must wait, given what is active now. */
export function exclusionsOf(limits: readonly JobLimit[], active: readonly ActiveJobCount[]): readonly Exclusion[] {
  return limits.flatMap((limit) => {
    const counted = active.filter(
      ({ kind, resourceType }) =>
        kind === limit.kind && (limit.resourceType === undefined || resourceType === limit.resourceType),
    );
    const scope = {
      kind: limit.kind,
      ...(limit.resourceType === undefined ? {} : { resourceType: limit.resourceType }),
    };
    if (limit.perAccount !== true) return sum(counted) >= limit.most ? [scope] : [];
    const accounts = new Set(counted.map(({ accountId }) => accountId));
    return [...accounts]
      .filter((accountId) => sum(counted.filter((entry) => entry.accountId === accountId)) >= limit.most)
      .map((accountId) => ({ ...scope, accountId }));
  });
}

function sum(counts: readonly ActiveJobCount[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}
