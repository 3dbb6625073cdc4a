/** Carries deletion plans out: DELETING in the catalog, then the engine, then the record. Safe to repeat after a crash. */
import { type Refusal, StoreError } from '@holdfast/engine';
import { requestContinuousDeletion } from '../continuous/request-continuous-deletion.ts';
import type { ControlPorts } from '../ports.ts';
import { leaveComposite } from './composite.ts';
import type { DeletionPlan } from './deletion-plan.ts';
import type { RecoveryPointRecord } from './recovery-point-store.ts';

const DELETABLE = ['AVAILABLE', 'COMPLETED', 'PARTIAL', 'EXPIRED', 'STOPPED'] as const;

/**
 * Marks the recovery point DELETING (undefined when another action was quicker) and frees its bytes in the background.
 */
export async function startDeletion(ports: ControlPorts, plan: DeletionPlan): Promise<RecoveryPointRecord | undefined> {
  const { vaultId, arn } = plan.recoveryPoint;
  const change = { status: 'DELETING', statusMessage: null } as const;
  const marked = await ports.stores.recoveryPoints.change(vaultId, arn, change, DELETABLE);
  if (marked === undefined) return undefined;
  ports.emit({ kind: 'recovery-point-changed', at: ports.clock.now(), recoveryPoint: marked });
  ports.background.run(`delete recovery point ${arn}`, () => finishDeletion(ports, marked));
  return marked;
}

/** What became of the bytes of a recovery point. */
type Deletion =
  | { readonly outcome: 'deleted' }
  /** A legal hold came between the request and the deletion: nothing was deleted. */
  | { readonly outcome: 'held'; readonly reason: string }
  /** The store or a rule of it refuses for good: somebody must look. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** Somebody reads it, or the store cannot be reached now: tried again later. */
  | { readonly outcome: 'waiting'; readonly reason: string };

/**
 * Deletes a recovery point in DELETING from the engine and the catalog. What is refused becomes EXPIRED; what fails
 * for a passing reason stays DELETING, with the reason, for `resumeDeletions`. Safe to repeat.
 */
export async function finishDeletion(ports: ControlPorts, point: RecoveryPointRecord): Promise<void> {
  // A worker must close the capture first; it deletes and tells then.
  if (point.isContinuous && (await requestContinuousDeletion(ports, point))) return;
  const deletion = await deleteFromEngine(ports, point);
  const { vaultId, arn } = point;
  if (deletion.outcome === 'deleted') {
    await ports.stores.recoveryPoints.remove(vaultId, arn);
    await leaveComposite(ports, point);
    ports.emit({ kind: 'recovery-point-deleted', at: ports.clock.now(), recoveryPoint: point });
    return;
  }
  const { reason } = deletion;
  ports.log('warn', 'a recovery point could not be deleted', { recoveryPointArn: arn, reason });
  if (deletion.outcome === 'held') return takeBack(ports, point, reason);
  if (deletion.outcome === 'refused') return markExpired(ports, point, reason);
  await ports.stores.recoveryPoints.change(vaultId, arn, { statusMessage: reason }, ['DELETING']);
}

async function deleteFromEngine(ports: ControlPorts, point: RecoveryPointRecord): Promise<Deletion> {
  try {
    // Asked again: the hold may be younger than the request that marked the recovery point. Continuous ones expire in
    // spite of holds (HOLD-3).
    const [hold] = point.isContinuous ? [] : await ports.holds.holdsOn(point);
    if (hold !== undefined) return { outcome: 'held', reason: `The recovery point is under legal hold (${hold}).` };
    const repository = await ports.repositories.open(point);
    const plan = await repository.planDelete([point.engineId]);
    const [refusal] = [...plan.refusals, ...(await repository.executeDelete(plan)).refused];
    return refusal === undefined ? { outcome: 'deleted' } : await judged(ports, point, refusal);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const isRefusal = error instanceof StoreError && (error.code === 'locked' || error.code === 'denied');
    return { outcome: isRefusal ? 'refused' : 'waiting', reason };
  }
}

/** What a refusal of the engine means here: gone already, passing by itself, or for somebody to look at. */
async function judged(ports: ControlPorts, point: RecoveryPointRecord, refusal: Refusal): Promise<Deletion> {
  const { reason, message } = refusal;
  switch (reason) {
    case 'not-found':
      return { outcome: 'deleted' };
    case 'in-use':
    case 'frozen':
      return { outcome: 'waiting', reason: message };
    case 'held':
      return { outcome: (await ports.holds.isBeingReleased(point)) ? 'waiting' : 'refused', reason: message };
    case 'locked':
    case 'unreadable':
      return { outcome: 'refused', reason: message };
  }
}

/** The recovery point is what it was before its deletion was asked for. */
async function takeBack(ports: ControlPorts, point: RecoveryPointRecord, reason: string): Promise<void> {
  const status = point.issueCount > 0 ? 'PARTIAL' : 'COMPLETED';
  const change = { status, statusMessage: reason } as const;
  const changed = await ports.stores.recoveryPoints.change(point.vaultId, point.arn, change, ['DELETING']);
  if (changed === undefined) return;
  ports.emit({ kind: 'recovery-point-changed', at: ports.clock.now(), recoveryPoint: changed });
}

/** A recovery point that should go and cannot is EXPIRED, with the reason for people to read (API-139). */
export async function markExpired(ports: ControlPorts, point: RecoveryPointRecord, reason: string): Promise<void> {
  const change = { status: 'EXPIRED', statusMessage: reason } as const;
  const changed = await ports.stores.recoveryPoints.change(point.vaultId, point.arn, change);
  if (changed === undefined) return;
  ports.emit({ kind: 'recovery-point-changed', at: ports.clock.now(), recoveryPoint: changed });
}

/** Finishes deletions that a stop of the server interrupted or that had to wait. Call at start and now and then. */
export async function resumeDeletions(ports: ControlPorts): Promise<void> {
  let afterKey: string | undefined;
  do {
    const page = await ports.stores.recoveryPoints.listByStatus('DELETING', {
      limit: 100,
      ...(afterKey === undefined ? {} : { afterKey }),
    });
    for (const point of page.items) {
      ports.background.run(`delete recovery point ${point.arn}`, () => finishDeletion(ports, point));
    }
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
}
