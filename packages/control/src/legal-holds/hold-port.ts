import type { HoldPort } from '../ports.ts';
import type { TagTarget } from '../tags/tag-target.ts';
import { type LegalHoldStore, recoveryPointKey } from './legal-hold-store.ts';

/** Legal holds as deleting and lifecycle ask for them. */
export function holdPort(legalHolds: LegalHoldStore): HoldPort {
  return {
    async holdsOn(recoveryPoint) {
      const holds = await legalHolds.activeHoldsOn([recoveryPoint]);
      return (holds.get(recoveryPointKey(recoveryPoint)) ?? []).map((hold) => `${hold.title}: ${hold.arn}`);
    },
    isBeingReleased: (recoveryPoint) => legalHolds.isBeingReleased(recoveryPoint),
  };
}

/** Legal holds can carry tags. */
export function legalHoldTagTarget(legalHolds: LegalHoldStore): TagTarget {
  return {
    async find(scope, arn) {
      const holdId = /:legal-hold:([^:]+)$/.exec(arn)?.[1];
      const hold = holdId === undefined ? undefined : await legalHolds.get(scope, holdId);
      return hold?.arn === arn ? arn : undefined;
    },
  };
}
