/** May a recovery point be deleted, and what would that free? Pure: the executor takes only such a plan. */
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { RecoveryPointRecord } from './recovery-point-store.ts';

export interface DeletionFacts {
  readonly vault: Pick<BackupVaultRecord, 'name' | 'lock'>;
  /** Active legal holds on the recovery point. */
  readonly holds: readonly string[];
  readonly isBeingRestored: boolean;
  readonly isBeingCopied?: boolean;
  /** A composite that still holds nested recovery points (BKP-179). */
  readonly hasNested?: boolean;
  /** `request` is somebody's wish, `lifecycle` the end of its retention, which a lock waits for and then allows. */
  readonly cause: 'request' | 'lifecycle';
  readonly now: number;
}

export interface DeletionPlan {
  readonly recoveryPoint: RecoveryPointRecord;
  readonly cause: DeletionFacts['cause'];
  /** Logical bytes that go; what the store gets back depends on what other recovery points share. */
  readonly sizeBytes: number;
}

export type DeletionDecision =
  | { readonly allowed: true; readonly plan: DeletionPlan }
  | { readonly allowed: false; readonly refusal: 'busy' | 'protected'; readonly reason: string };

/** Decides in the order in which the reasons weigh: lock, hold, composite, then work that passes (API-121). */
export function planDeletion(recoveryPoint: RecoveryPointRecord, facts: DeletionFacts): DeletionDecision {
  const reason = protection(recoveryPoint, facts);
  if (reason !== undefined) return { allowed: false, refusal: 'protected', reason };
  const busy = occupation(recoveryPoint, facts);
  if (busy !== undefined) return { allowed: false, refusal: 'busy', reason: busy };
  return { allowed: true, plan: { recoveryPoint, cause: facts.cause, sizeBytes: recoveryPoint.sizeBytes } };
}

function protection(point: RecoveryPointRecord, facts: DeletionFacts): string | undefined {
  const isOver = facts.cause === 'lifecycle' && point.deleteAt !== undefined && point.deleteAt <= facts.now;
  if (facts.vault.lock !== undefined && !isOver) {
    return `Recovery point ${point.arn} cannot be deleted: backup vault "${facts.vault.name}" is locked.`;
  }
  if (facts.holds.length > 0) {
    return `Recovery point ${point.arn} cannot be deleted: it is under legal hold (${facts.holds.join(', ')}).`;
  }
  if (facts.hasNested === true) {
    return (
      `Recovery point ${point.arn} is a composite that still holds nested recovery points; ` +
      'delete those first, or disassociate them from it.'
    );
  }
  return undefined;
}

function occupation(point: RecoveryPointRecord, facts: DeletionFacts): string | undefined {
  if (point.status === 'DELETING') return `Recovery point ${point.arn} is being deleted already.`;
  if (point.status === 'CREATING') return `Recovery point ${point.arn} is still being created.`;
  if (facts.isBeingCopied === true)
    return `Recovery point ${point.arn} is being copied; delete it when that has ended.`;
  if (facts.isBeingRestored) return `Recovery point ${point.arn} is being restored; delete it when that has ended.`;
  return undefined;
}
