/**
 * Carries the lifecycle out: deletes what has expired, marks what cannot be deleted, moves to cold storage what is due.
 * Two indexed queries find the recovery points whose time has come; nothing else is looked at. Records of legal holds
 * that were cancelled long ago go as well.
 */
import { type LegalHoldRecord, recoveryPointKey } from '../legal-holds/legal-hold-store.ts';
import type { Page, PageRequest } from '../pagination/page.ts';
import type { RoleCheck } from '../ports.ts';
import { hasNested } from '../recovery-points/composite.ts';
import { markExpired, startDeletion } from '../recovery-points/delete-recovery-point.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import { deletionRights } from '../roles/role-rights.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import { type LifecycleAction, planLifecycle } from './lifecycle-plan.ts';
import type { LifecyclePorts } from './lifecycle-ports.ts';

const PAGE = 500;

export interface LifecycleTick {
  readonly deleted: number;
  readonly expired: number;
  readonly movedToColdStorage: number;
  /** Due, but waiting: being read, or later within the spread of its expiry. */
  readonly waiting: number;
}

/** One round over all that is due now. An error with one recovery point is logged and does not stop the others. */
export async function runLifecycleTick(ports: LifecyclePorts, signal?: AbortSignal): Promise<LifecycleTick> {
  const now = ports.clock.now();
  const lookup = new FactLookup(ports, now);
  const counts = { deleted: 0, expired: 0, movedToColdStorage: 0, waiting: 0 };
  const due = ports.dueRecoveryPoints;
  const queues: readonly ((page: PageRequest) => Promise<Page<RecoveryPointRecord>>)[] = [
    (page) => due.listToDelete(now, page),
    (page) => due.listToCool(now, page),
  ];
  await ports.legalHolds.purge(now);
  for (const queue of queues) {
    for await (const points of pages(queue)) {
      const actions = await lookup.plan(points);
      for (const action of actions) {
        if (signal?.aborted) return counts;
        counts[await outcomeOf(ports, action)] += 1;
      }
    }
  }
  return counts;
}

async function* pages(
  queue: (page: PageRequest) => Promise<Page<RecoveryPointRecord>>,
): AsyncGenerator<readonly RecoveryPointRecord[]> {
  let afterKey: string | undefined;
  do {
    const page: Page<RecoveryPointRecord> = await queue({
      limit: PAGE,
      ...(afterKey === undefined ? {} : { afterKey }),
    });
    yield page.items;
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
}

async function outcomeOf(ports: LifecyclePorts, action: LifecycleAction): Promise<keyof LifecycleTick> {
  try {
    return await executeLifecycle(ports, action);
  } catch (error) {
    const point = action.kind === 'delete' ? action.plan.recoveryPoint : action.point;
    const reason = error instanceof Error ? error.message : String(error);
    ports.log('error', 'The lifecycle of a recovery point could not be carried out; it is tried again', {
      recoveryPointArn: point.arn,
      action: action.kind,
      reason,
    });
    return 'waiting';
  }
}

/** Does what the plan says; what changed meanwhile is left for the next round. */
export async function executeLifecycle(ports: LifecyclePorts, action: LifecycleAction): Promise<keyof LifecycleTick> {
  switch (action.kind) {
    case 'delete':
      return (await startDeletion(ports, action.plan)) === undefined ? 'waiting' : 'deleted';
    case 'expire':
      await markExpired(ports, action.point, action.reason);
      return 'expired';
    case 'move-to-cold-storage':
      return (await moveToColdStorage(ports, action.point)) ? 'movedToColdStorage' : 'waiting';
    case 'wait':
      return 'waiting';
  }
}

async function moveToColdStorage(ports: LifecyclePorts, point: RecoveryPointRecord): Promise<boolean> {
  await ports.coldStorage.moveToColdStorage(point);
  const usable = ['COMPLETED', 'PARTIAL', 'AVAILABLE', 'STOPPED'] as const;
  const moved = await ports.stores.recoveryPoints.change(point.vaultId, point.arn, { storageClass: 'COLD' }, usable);
  if (moved === undefined) return false;
  ports.emit({ kind: 'recovery-point-changed', at: ports.clock.now(), recoveryPoint: moved });
  return true;
}

/** Gathers the facts of a page of recovery points; vaults and roles are asked for once per round. */
class FactLookup {
  readonly #ports: LifecyclePorts;
  readonly #now: number;
  readonly #vaults = new Map<string, Promise<BackupVaultRecord | undefined>>();
  readonly #roles = new Map<string, Promise<RoleCheck>>();

  constructor(ports: LifecyclePorts, now: number) {
    this.#ports = ports;
    this.#now = now;
  }

  async plan(points: readonly RecoveryPointRecord[]): Promise<readonly LifecycleAction[]> {
    if (points.length === 0) return [];
    const holds = await this.#ports.legalHolds.activeHoldsOn(points);
    const actions: LifecycleAction[] = [];
    for (const point of points) actions.push(await this.#planOne(point, holds.get(recoveryPointKey(point)) ?? []));
    return actions;
  }

  async #planOne(point: RecoveryPointRecord, holds: readonly LegalHoldRecord[]): Promise<LifecycleAction> {
    const { stores, copyJobs, expiryDelay } = this.#ports;
    const vault = await this.#vault(point.vaultId);
    return planLifecycle(point, {
      vault: vault ?? { name: point.vaultName },
      holds: holds.map((hold) => hold.arn),
      role: await this.#role(point),
      isBeingRead:
        (await stores.restoreJobs.isRestoring(point.arn)) || (await copyJobs.isCopying(point.vaultId, point.arn)),
      hasNested: await hasNested(this.#ports, point),
      expiryDelayMs: expiryDelay(point),
      now: this.#now,
    });
  }

  #vault(vaultId: string): Promise<BackupVaultRecord | undefined> {
    const vault = this.#vaults.get(vaultId) ?? this.#ports.stores.vaults.getById(vaultId);
    this.#vaults.set(vaultId, vault);
    return vault;
  }

  #role(point: RecoveryPointRecord): Promise<RoleCheck> {
    const { accountId, iamRoleArn, region, resourceType } = point;
    const key = [accountId, iamRoleArn, region, resourceType].join(' ');
    const role = this.#roles.get(key) ?? this.#ports.roles.mayDelete(accountId, iamRoleArn, deletionRights(point));
    this.#roles.set(key, role);
    return role;
  }
}
