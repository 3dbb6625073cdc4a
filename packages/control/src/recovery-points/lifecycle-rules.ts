/** The rules of `Lifecycle`: what may be asked for, and which moments follow from it (TYPE-38 to TYPE-42). */
import { invalidParameter } from '../errors.ts';
import { optionalDate } from '../optional-date.ts';
import { canMoveToColdStorage } from '../resources/resource-types.ts';
import type { Lifecycle } from './recovery-point-store.ts';

const DAY_MS = 86_400_000;
const MINIMUM_COLD_DAYS = 90;
const MAXIMUM_DAYS = 36_500;

/** `Lifecycle` as it stands in requests and answers. */
export interface ApiLifecycle {
  MoveToColdStorageAfterDays?: number | undefined;
  DeleteAfterDays?: number | undefined;
  OptInToArchiveForSupportedResources?: boolean | undefined;
  DeleteAfterEvent?: 'DELETE_AFTER_COPY' | undefined;
}

export interface CalculatedLifecycle {
  readonly deleteAt?: number;
  readonly moveToColdStorageAt?: number;
}

/**
 * Reads and checks a lifecycle; -1 days mean "never", as an absent member does. What the service sets itself is refused.
 * @throws ServiceError InvalidParameterValueException
 */
export function readLifecycle(input: ApiLifecycle | undefined): Lifecycle | undefined {
  if (input === undefined) return undefined;
  if (input.DeleteAfterEvent !== undefined) {
    throw invalidParameter(
      'Invalid lifecycle. DeleteAfterEvent is set by the service alone; leave it out of requests.',
      'Lifecycle',
    );
  }
  const moveToColdStorageAfterDays = readDays(input.MoveToColdStorageAfterDays, 'MoveToColdStorageAfterDays');
  const deleteAfterDays = readDays(input.DeleteAfterDays, 'DeleteAfterDays');
  if (
    deleteAfterDays !== undefined &&
    moveToColdStorageAfterDays !== undefined &&
    deleteAfterDays < moveToColdStorageAfterDays + MINIMUM_COLD_DAYS
  ) {
    throw invalidParameter(
      `Invalid lifecycle. DeleteAfterDays (${deleteAfterDays}) must be at least ${MINIMUM_COLD_DAYS} days more than ` +
        `MoveToColdStorageAfterDays (${moveToColdStorageAfterDays}).`,
      'Lifecycle',
    );
  }
  return {
    ...(moveToColdStorageAfterDays === undefined ? {} : { moveToColdStorageAfterDays }),
    ...(deleteAfterDays === undefined ? {} : { deleteAfterDays }),
    ...(input.OptInToArchiveForSupportedResources === undefined
      ? {}
      : { optInToArchiveForSupportedResources: input.OptInToArchiveForSupportedResources }),
  };
}

function readDays(days: number | undefined, name: string): number | undefined {
  if (days === undefined || days === -1) return undefined;
  if (Number.isInteger(days) && days >= 1 && days <= MAXIMUM_DAYS) return days;
  throw invalidParameter(
    `Invalid lifecycle. ${name} must be from 1 to ${MAXIMUM_DAYS} days, not ${days}.`,
    'Lifecycle',
  );
}

/** The moments at which a recovery point made at `createdAt` moves and expires; cold is ignored where a type has none. */
export function calculateLifecycle(
  lifecycle: Lifecycle | undefined,
  createdAt: number,
  resourceType: string,
): CalculatedLifecycle {
  const cold = lifecycle?.moveToColdStorageAfterDays;
  const optIn = lifecycle?.optInToArchiveForSupportedResources === true;
  return {
    ...(lifecycle?.deleteAfterDays === undefined ? {} : { deleteAt: createdAt + lifecycle.deleteAfterDays * DAY_MS }),
    ...(cold === undefined || !canMoveToColdStorage(resourceType, optIn)
      ? {}
      : { moveToColdStorageAt: createdAt + cold * DAY_MS }),
  };
}

/** A lifecycle in the words of the API; undefined when there is none. */
export function presentLifecycle(lifecycle: Lifecycle | undefined): ApiLifecycle | undefined {
  if (lifecycle === undefined || Object.keys(lifecycle).length === 0) return undefined;
  return {
    MoveToColdStorageAfterDays: lifecycle.moveToColdStorageAfterDays,
    DeleteAfterDays: lifecycle.deleteAfterDays,
    OptInToArchiveForSupportedResources: lifecycle.optInToArchiveForSupportedResources,
    DeleteAfterEvent: lifecycle.deleteAfterEvent,
  };
}

/** `CalculatedLifecycle` of the API; undefined when neither moment exists. */
export function presentCalculatedLifecycle(
  calculated: CalculatedLifecycle,
): { DeleteAt?: Date | undefined; MoveToColdStorageAt?: Date | undefined } | undefined {
  if (calculated.deleteAt === undefined && calculated.moveToColdStorageAt === undefined) return undefined;
  return {
    DeleteAt: optionalDate(calculated.deleteAt),
    MoveToColdStorageAt: optionalDate(calculated.moveToColdStorageAt),
  };
}
