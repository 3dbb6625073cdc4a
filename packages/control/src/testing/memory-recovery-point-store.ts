import type { Page, PageRequest } from '../pagination/page.ts';
import type {
  RecoveryPointChange,
  RecoveryPointCommit,
  RecoveryPointListQuery,
  RecoveryPointRecord,
  RecoveryPointStatus,
  RecoveryPointStore,
} from '../recovery-points/recovery-point-store.ts';
import type { MemoryTagStore } from './memory-tag-store.ts';
import type { MemoryVaultStore } from './memory-vault-store.ts';
import { fits, isWithin, newestFirst, pageOf } from './page-of.ts';

const USABLE: readonly RecoveryPointStatus[] = ['COMPLETED', 'PARTIAL'];

export class MemoryRecoveryPointStore implements RecoveryPointStore {
  readonly #points = new Map<string, RecoveryPointRecord>();
  readonly #tags: MemoryTagStore;
  readonly #vaults: MemoryVaultStore;

  constructor(tags: MemoryTagStore, vaults: MemoryVaultStore) {
    this.#tags = tags;
    this.#vaults = vaults;
  }

  all(): readonly RecoveryPointRecord[] {
    return [...this.#points.values()];
  }

  async commit({ recoveryPoint, tags }: RecoveryPointCommit): Promise<void> {
    this.#points.set(key(recoveryPoint.vaultId, recoveryPoint.arn), recoveryPoint);
    await this.#tags.put(recoveryPoint.accountId, recoveryPoint.arn, tags, Number.POSITIVE_INFINITY);
    await this.#recount(recoveryPoint.vaultId);
  }

  async get(vaultId: string, arn: string): Promise<RecoveryPointRecord | undefined> {
    return this.#points.get(key(vaultId, arn));
  }

  async getByArn(accountId: string, arn: string): Promise<RecoveryPointRecord | undefined> {
    return this.all()
      .filter((point) => point.accountId === accountId && point.arn === arn)
      .sort(newestFirst((point) => point.arn))[0];
  }

  async list(query: RecoveryPointListQuery, page: PageRequest): Promise<Page<RecoveryPointRecord>> {
    const points = this.all().filter(
      (point) =>
        fits(point.vaultId, query.vaultId) &&
        fits(point.accountId, query.scope?.accountId) &&
        fits(point.region, query.scope?.region) &&
        fits(point.resourceArn, query.resourceArn) &&
        fits(point.resourceType, query.resourceType) &&
        fits(point.createdBy?.backupPlanId, query.backupPlanId) &&
        fits(point.parentRecoveryPointArn, query.parentRecoveryPointArn) &&
        (query.statuses?.includes(point.status) ?? true) &&
        isWithin(point.createdAt, query.created),
    );
    return pageOf(points.sort(newestFirst((point) => point.arn)), (point) => key(point.vaultId, point.arn), page);
  }

  async newestUsable(vaultId: string, resourceArn: string): Promise<RecoveryPointRecord | undefined> {
    const page = await this.list({ vaultId, resourceArn, statuses: USABLE }, { limit: 1 });
    return page.items[0];
  }

  async change(
    vaultId: string,
    arn: string,
    change: RecoveryPointChange,
    whileStatus?: readonly RecoveryPointStatus[],
  ): Promise<RecoveryPointRecord | undefined> {
    const point = await this.get(vaultId, arn);
    if (point === undefined || whileStatus?.includes(point.status) === false) return undefined;
    const changed = { ...point, ...change } as Record<string, unknown>;
    for (const [name, value] of Object.entries(change)) if (value === null) delete changed[name];
    return this.#keep(changed as RecoveryPointRecord & Record<string, unknown>);
  }

  #keep(point: RecoveryPointRecord): RecoveryPointRecord {
    this.#points.set(key(point.vaultId, point.arn), point);
    return point;
  }

  async remove(vaultId: string, arn: string): Promise<void> {
    const point = await this.get(vaultId, arn);
    if (point === undefined) return;
    this.#points.delete(key(vaultId, arn));
    await this.#tags.removeAll(point.accountId, arn);
    await this.#recount(vaultId);
  }

  async listByStatus(status: RecoveryPointStatus, page: PageRequest): Promise<Page<RecoveryPointRecord>> {
    return pageOf(
      this.all().filter((point) => point.status === status),
      (point) => point.arn,
      page,
    );
  }

  async #recount(vaultId: string): Promise<void> {
    const recoveryPointCount = this.all().filter((point) => point.vaultId === vaultId).length;
    if ((await this.#vaults.getById(vaultId)) !== undefined) this.#vaults.change(vaultId, { recoveryPointCount });
  }
}

function key(vaultId: string, arn: string): string {
  return `${vaultId} ${arn}`;
}
