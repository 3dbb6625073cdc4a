import {
  type HeldContent,
  type HeldRecoveryPoint,
  type LegalHoldCriteria,
  type LegalHoldRecord,
  type LegalHoldStatus,
  type LegalHoldStore,
  type RecoveryPointKey,
  recoveryPointKey,
} from '../legal-holds/legal-hold-store.ts';
import type { Page, PageRequest } from '../pagination/page.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { Scope, Tags } from '../scope.ts';
import type { TagStore } from '../tags/tag-store.ts';
import { ascending, newestFirst, pageOf } from './page-of.ts';

interface Held {
  readonly hold: LegalHoldRecord;
  readonly points: readonly RecoveryPointRecord[];
  readonly placed: Set<string>;
}

export class MemoryLegalHoldStore implements LegalHoldStore {
  readonly #holds = new Map<string, Held>();
  readonly #byPoint = new Map<string, Set<string>>();
  readonly #points: { all(): readonly RecoveryPointRecord[] };
  readonly #tags: Pick<TagStore, 'put'>;

  constructor(points: { all(): readonly RecoveryPointRecord[] }, tags: Pick<TagStore, 'put'>) {
    this.#points = points;
    this.#tags = tags;
  }

  async create(hold: LegalHoldRecord, tags: Tags): Promise<void> {
    const points = this.#points.all().filter((point) => takesIn(hold, point));
    this.#holds.set(hold.holdId, { hold, points, placed: new Set() });
    for (const point of points) {
      const key = recoveryPointKey(point);
      this.#byPoint.set(key, (this.#byPoint.get(key) ?? new Set()).add(hold.holdId));
    }
    await this.#tags.put(hold.accountId, hold.arn, tags, Number.POSITIVE_INFINITY);
  }

  async restore(hold: LegalHoldRecord, points: readonly RecoveryPointKey[]): Promise<void> {
    const known = this.#holds.get(hold.holdId) ?? { hold, points: [], placed: new Set<string>() };
    const added = new Set(points.map(recoveryPointKey));
    const others = known.points.filter((point) => !added.has(recoveryPointKey(point)));
    const records = this.#points.all().filter((point) => added.has(recoveryPointKey(point)));
    const placed = new Set([...known.placed, ...added]);
    this.#holds.set(hold.holdId, { hold: known.hold, points: [...others, ...records], placed });
    for (const key of added) this.#byPoint.set(key, (this.#byPoint.get(key) ?? new Set()).add(hold.holdId));
  }

  async get(scope: Scope, holdId: string): Promise<LegalHoldRecord | undefined> {
    return this.#inScope(scope).find((hold) => hold.holdId === holdId);
  }

  async findByIdempotencyToken(scope: Scope, token: string): Promise<LegalHoldRecord | undefined> {
    return this.#inScope(scope).find((hold) => hold.idempotencyToken === token);
  }

  async countActive(accountId: string): Promise<number> {
    return this.#all().filter((hold) => hold.accountId === accountId && isActive(hold)).length;
  }

  async list(scope: Scope, page: PageRequest): Promise<Page<LegalHoldRecord>> {
    return pageOf(this.#inScope(scope).sort(newestFirst(({ holdId }) => holdId)), ({ holdId }) => holdId, page);
  }

  async listRecoveryPoints(holdId: string, page: PageRequest): Promise<Page<HeldRecoveryPoint>> {
    const present = new Set(this.#points.all().map(recoveryPointKey));
    const points = (this.#holds.get(holdId)?.points ?? [])
      .filter((point) => present.has(recoveryPointKey(point)))
      .map((point) => ({ ...point, recoveryPointArn: point.arn }));
    return pageOf(points.sort(ascending(({ arn }) => arn)), ({ arn }) => arn, page);
  }

  async cancel(
    holdId: string,
    cancellation: { readonly at: number; readonly description: string; readonly retainRecordUntil: number },
  ): Promise<boolean> {
    const held = this.#holds.get(holdId);
    if (held === undefined || held.hold.status !== 'ACTIVE') return false;
    const { at, description, retainRecordUntil } = cancellation;
    const hold: LegalHoldRecord = {
      ...held.hold,
      status: 'CANCELING',
      cancelledAt: at,
      cancelDescription: description,
      retainRecordUntil,
    };
    this.#holds.set(holdId, { ...held, hold });
    return true;
  }

  async listUnsettled(page: PageRequest): Promise<Page<LegalHoldRecord>> {
    const unsettled = this.#all().filter(({ status }) => status === 'CREATING' || status === 'CANCELING');
    return pageOf(unsettled, ({ holdId }) => holdId, page);
  }

  async listToPlace(holdId: string, limit: number): Promise<readonly HeldContent[]> {
    const { points = [], placed } = this.#holds.get(holdId) ?? {};
    return points.filter((point) => !point.isContinuous && !placed?.has(recoveryPointKey(point))).slice(0, limit);
  }

  async listToRelease(holdId: string, limit: number): Promise<readonly HeldContent[]> {
    const { points = [], placed } = this.#holds.get(holdId) ?? {};
    return points.filter((point) => placed?.has(recoveryPointKey(point))).slice(0, limit);
  }

  async setPlaced(holdId: string, point: RecoveryPointKey, isPlaced: boolean): Promise<void> {
    const placed = this.#holds.get(holdId)?.placed;
    if (isPlaced) placed?.add(recoveryPointKey(point));
    else placed?.delete(recoveryPointKey(point));
  }

  async settle(holdId: string): Promise<LegalHoldStatus | undefined> {
    const held = this.#holds.get(holdId);
    if (held === undefined) return undefined;
    const { status } = held.hold;
    if (status === 'CREATING' && (await this.listToPlace(holdId, 1)).length === 0) {
      this.#holds.set(holdId, { ...held, hold: { ...held.hold, status: 'ACTIVE' } });
    }
    if (status === 'CANCELING' && (await this.listToRelease(holdId, 1)).length === 0) {
      this.#holds.set(holdId, { ...held, hold: { ...held.hold, status: 'CANCELED' } });
    }
    return this.#holds.get(holdId)?.hold.status;
  }

  async isBeingReleased(point: RecoveryPointKey): Promise<boolean> {
    const key = recoveryPointKey(point);
    return [...this.#holds.values()].some(({ hold, placed }) => hold.status === 'CANCELING' && placed.has(key));
  }

  async activeHoldsOn(points: readonly RecoveryPointKey[]): Promise<ReadonlyMap<string, readonly LegalHoldRecord[]>> {
    const found = new Map<string, readonly LegalHoldRecord[]>();
    for (const point of points) {
      const key = recoveryPointKey(point);
      const holds = [...(this.#byPoint.get(key) ?? [])]
        .map((holdId) => this.#holds.get(holdId)?.hold)
        .filter((hold) => hold !== undefined)
        .filter(isActive);
      if (holds.length > 0) found.set(key, holds);
    }
    return found;
  }

  isHeld(point: RecoveryPointKey): boolean {
    const holdIds = this.#byPoint.get(recoveryPointKey(point));
    if (holdIds === undefined) return false;
    return [...holdIds].some((holdId) => {
      const hold = this.#holds.get(holdId)?.hold;
      return hold !== undefined && isActive(hold);
    });
  }

  async purge(now: number): Promise<number> {
    const over = this.#all().filter((hold) => hold.status === 'CANCELED' && (hold.retainRecordUntil ?? now + 1) <= now);
    for (const hold of over) this.#holds.delete(hold.holdId);
    return over.length;
  }

  #all(): LegalHoldRecord[] {
    return [...this.#holds.values()].map(({ hold }) => hold);
  }

  #inScope(scope: Scope): LegalHoldRecord[] {
    return this.#all().filter((hold) => hold.accountId === scope.accountId && hold.region === scope.region);
  }
}

function isActive(hold: LegalHoldRecord): boolean {
  return hold.status === 'ACTIVE' || hold.status === 'CREATING';
}

function takesIn(hold: LegalHoldRecord, point: RecoveryPointRecord): boolean {
  const { vaultNames, resourceIdentifiers, createdFrom, createdTo }: LegalHoldCriteria = hold.criteria;
  return (
    point.accountId === hold.accountId &&
    point.region === hold.region &&
    point.status !== 'EXPIRED' &&
    point.status !== 'DELETING' &&
    (vaultNames?.includes(point.vaultName) ?? true) &&
    (resourceIdentifiers?.some((id) => id === point.resourceArn || id === point.resourceType) ?? true) &&
    point.createdAt >= (createdFrom ?? Number.NEGATIVE_INFINITY) &&
    point.createdAt <= (createdTo ?? Number.POSITIVE_INFINITY)
  );
}
