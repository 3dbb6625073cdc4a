import type { DueRecoveryPoints } from '../lifecycle/lifecycle-ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { MemoryLegalHoldStore } from './memory-legal-hold-store.ts';
import { ascending, pageOf } from './page-of.ts';

const OUT_OF_REACH: readonly RecoveryPointRecord['status'][] = ['CREATING', 'DELETING', 'EXPIRED'];

/** What of all recovery points is due and free. */
export function memoryDueRecoveryPoints(
  points: { all(): readonly RecoveryPointRecord[] },
  holds: Pick<MemoryLegalHoldStore, 'isHeld'>,
): DueRecoveryPoints {
  const due = (dueAt: (point: RecoveryPointRecord) => number | undefined, now: number) =>
    points
      .all()
      .filter((point) => (dueAt(point) ?? Number.POSITIVE_INFINITY) <= now && !OUT_OF_REACH.includes(point.status))
      .filter((point) => point.isContinuous || !holds.isHeld(point))
      .sort(ascending(({ arn }) => arn));
  return {
    listToDelete: async (now, page) =>
      pageOf(
        due(({ deleteAt }) => deleteAt, now),
        ({ arn }) => arn,
        page,
      ),
    listToCool: async (now, page) =>
      pageOf(
        due(
          ({ storageClass, moveToColdStorageAt }) => (storageClass === 'WARM' ? moveToColdStorageAt : undefined),
          now,
        ),
        ({ arn }) => arn,
        page,
      ),
  };
}
