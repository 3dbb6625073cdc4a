/** What the lifecycle does with a recovery point now, and why not (PLAN-78 to PLAN-89, HOLD-1, BKP-214 to BKP-216). Pure. */
import type { RoleCheck } from '../ports.ts';
import { type DeletionPlan, planDeletion } from '../recovery-points/deletion-plan.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';

export interface LifecycleFacts {
  readonly vault: Pick<BackupVaultRecord, 'name' | 'lock'>;
  /** Active legal holds on the recovery point. */
  readonly holds: readonly string[];
  /** Whether the role that made the recovery point may still be used. */
  readonly role: RoleCheck;
  /** A restore or a copy is reading it. */
  readonly isBeingRead: boolean;
  /** A composite with nested recovery points goes after the last of them. */
  readonly hasNested: boolean;
  readonly expiryDelayMs: number;
  readonly now: number;
}

export type LifecycleAction =
  | { readonly kind: 'delete'; readonly plan: DeletionPlan }
  /** It is past its retention and cannot be deleted; somebody must act (API-139). */
  | { readonly kind: 'expire'; readonly point: RecoveryPointRecord; readonly reason: string }
  | { readonly kind: 'move-to-cold-storage'; readonly point: RecoveryPointRecord }
  | {
      readonly kind: 'wait';
      readonly point: RecoveryPointRecord;
      readonly because: 'not-due' | 'held' | 'being-read' | 'has-nested' | 'other-action';
    };

export function planLifecycle(point: RecoveryPointRecord, facts: LifecycleFacts): LifecycleAction {
  const wait = (because: Extract<LifecycleAction, { kind: 'wait' }>['because']): LifecycleAction => ({
    kind: 'wait',
    point,
    because,
  });
  if (point.status === 'DELETING' || point.status === 'CREATING' || point.status === 'EXPIRED')
    return wait('other-action');
  // A hold postpones both steps, except that it never prolongs a continuous backup (HOLD-3).
  const holds = point.isContinuous ? [] : facts.holds;
  if (point.deleteAt !== undefined && point.deleteAt <= facts.now) {
    // What was made to be copied goes as soon as it has been; expiries are spread.
    const delayMs = point.lifecycle?.deleteAfterEvent === undefined ? facts.expiryDelayMs : 0;
    if (point.deleteAt + delayMs > facts.now) return wait('not-due');
    if (holds.length > 0) return wait('held');
    if (facts.isBeingRead) return wait('being-read');
    if (facts.hasNested) return wait('has-nested');
    if (!facts.role.ok) {
      return {
        kind: 'expire',
        point,
        reason: `The role ${point.iamRoleArn} cannot be used to delete it: ${facts.role.reason}`,
      };
    }
    const decision = planDeletion(point, {
      vault: facts.vault,
      holds,
      isBeingRestored: false,
      cause: 'lifecycle',
      now: facts.now,
    });
    return decision.allowed
      ? { kind: 'delete', plan: decision.plan }
      : { kind: 'expire', point, reason: decision.reason };
  }
  const moveAt = point.moveToColdStorageAt;
  if (moveAt === undefined || moveAt > facts.now || point.storageClass !== 'WARM') return wait('not-due');
  if (holds.length > 0) return wait('held');
  return facts.isBeingRead ? wait('being-read') : { kind: 'move-to-cold-storage', point };
}
