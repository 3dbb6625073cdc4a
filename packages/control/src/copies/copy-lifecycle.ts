import type { Lifecycle, RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';

const MINIMUM_COLD_DAYS = 90;

/**
 * The lifecycle of a copy. Without one of its own it has the source's; one that would keep the copy for ever leaves the
 * source's expiry in force (COPY-5). Days count from the creation of the source, whose creation date the copy keeps
 * (COPY-4).
 */
export function copyLifecycle(source: RecoveryPointRecord, asked: Lifecycle | undefined): Lifecycle | undefined {
  if (asked === undefined) return withoutEvent(source.lifecycle);
  const deleteAfterDays = asked.deleteAfterDays ?? source.lifecycle?.deleteAfterDays;
  return { ...asked, ...(deleteAfterDays === undefined ? {} : { deleteAfterDays }) };
}

/** Why a lifecycle cannot be that of a copy made now; undefined when it can. */
export function copyLifecycleRefusal(
  lifecycle: Lifecycle | undefined,
  deleteAt: number | undefined,
  now: number,
): string | undefined {
  const { deleteAfterDays, moveToColdStorageAfterDays } = lifecycle ?? {};
  if (
    deleteAfterDays !== undefined &&
    moveToColdStorageAfterDays !== undefined &&
    deleteAfterDays < moveToColdStorageAfterDays + MINIMUM_COLD_DAYS
  ) {
    return (
      `the copy would be deleted ${deleteAfterDays} days after the source was created, less than ${MINIMUM_COLD_DAYS} days ` +
      `after its move to cold storage (${moveToColdStorageAfterDays} days)`
    );
  }
  if (deleteAt === undefined || deleteAt > now) return undefined;
  return `the copy's retention of ${deleteAfterDays} days, which counts from the creation of the source, is over already`;
}

/** The event that ends the source has nothing to do with its copy. */
function withoutEvent(lifecycle: Lifecycle | undefined): Lifecycle | undefined {
  if (lifecycle?.deleteAfterEvent === undefined) return lifecycle;
  const { deleteAfterEvent: _, ...dates } = lifecycle;
  return dates;
}
