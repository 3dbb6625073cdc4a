/**
 * Legal holds stand twice: in the catalog, which counts from the answer to the request on, and in the engine of each
 * vault, which then refuses a deletion whoever asks for it. This brings the engines in line; safe to repeat and to run
 * in several processes at once.
 */
import type { LegalHoldPorts } from './legal-hold-ports.ts';
import type { LegalHoldRecord, LegalHoldStatus } from './legal-hold-store.ts';

const BATCH = 500;
/** Recovery points that a request waits for; those beyond follow in the background. */
const AT_ONCE = 20;

export type EnforcementPorts = Pick<LegalHoldPorts, 'legalHolds' | 'repositories' | 'background' | 'log'>;

/**
 * Places or releases a hold that was just made or cancelled: a small one before the answer, the rest in the background.
 * @returns the state of the hold then; a store that cannot be reached leaves it for `enforceLegalHolds`
 */
export async function beginEnforcement(
  ports: EnforcementPorts,
  hold: LegalHoldRecord,
): Promise<LegalHoldRecord['status']> {
  try {
    const status = await enforce(ports, hold, AT_ONCE);
    if (isUnsettled(status)) {
      ports.background.run(`bring legal hold ${hold.holdId} into force`, async () => {
        await enforce(ports, hold, Number.POSITIVE_INFINITY);
      });
    }
    return status;
  } catch (error) {
    logFailure(ports, hold, error);
    return hold.status;
  }
}

/** Goes on with every hold that is CREATING or CANCELING. Call at start and now and then. */
export async function enforceLegalHolds(ports: EnforcementPorts, signal?: AbortSignal): Promise<void> {
  let afterKey: string | undefined;
  do {
    const page = await ports.legalHolds.listUnsettled({ limit: 100, ...(afterKey === undefined ? {} : { afterKey }) });
    for (const hold of page.items) {
      if (signal?.aborted) return;
      try {
        await enforce(ports, hold, Number.POSITIVE_INFINITY, signal);
      } catch (error) {
        logFailure(ports, hold, error);
      }
    }
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
}

async function enforce(
  ports: EnforcementPorts,
  hold: LegalHoldRecord,
  most: number,
  signal?: AbortSignal,
): Promise<LegalHoldStatus> {
  const { legalHolds, repositories } = ports;
  const isPlacing = hold.status === 'CREATING';
  const act = isPlacing ? repositories.placeHold : repositories.releaseHold;
  const { holdId } = hold;
  for (let left = most; left > 0; left -= BATCH) {
    const limit = Math.min(BATCH, left);
    const points = await (isPlacing ? legalHolds.listToPlace(holdId, limit) : legalHolds.listToRelease(holdId, limit));
    for (const point of points) {
      if (signal?.aborted) return hold.status;
      await act.call(repositories, point, point.engineId, hold.arn);
      await legalHolds.setPlaced(holdId, point, isPlacing);
    }
    if (points.length < limit) break;
  }
  const status = (await legalHolds.settle(holdId)) ?? hold.status;
  const isCancelled = status === 'CANCELING' || status === 'CANCELED';
  if (!isPlacing || !isCancelled) return status;
  // It was cancelled while this went on placing it: what came too late is taken off again.
  return await enforce(ports, { ...hold, status: 'CANCELING' }, Number.POSITIVE_INFINITY, signal);
}

function isUnsettled(status: LegalHoldStatus): boolean {
  return status === 'CREATING' || status === 'CANCELING';
}

function logFailure(ports: EnforcementPorts, hold: LegalHoldRecord, error: unknown): void {
  ports.log('warn', 'A legal hold could not be brought into force in the engine; it is tried again', {
    legalHoldArn: hold.arn,
    status: hold.status,
    reason: error instanceof Error ? error.message : String(error),
  });
}
