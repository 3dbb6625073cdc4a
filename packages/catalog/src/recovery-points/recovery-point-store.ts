import type {
  Page,
  PageRequest,
  RecoveryPointChange,
  RecoveryPointCommit,
  RecoveryPointListQuery,
  RecoveryPointRecord,
  RecoveryPointStatus,
  RecoveryPointStore,
} from '@holdfast/control';
import { requireLease } from '@holdfast/jobs';
import type { RawBuilder } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { allOf, equals, oneOf, withinFrom } from '../database/filters.ts';
import { mapPage, type PageOrder, readPage } from '../database/page.ts';
import { CatalogJobStore } from '../jobs/queue-store.ts';
import { refreshProtectedResource } from '../protected-resources/refresh-protected-resource.ts';
import { CatalogTagStore } from '../tags/tag-store.ts';
import { changedColumns, toRecord, toRow } from './recovery-point-row.ts';
import type { RecoveryPointRow } from './tables.ts';

/** Recovery points of all vaults. */
export class CatalogRecoveryPointStore implements RecoveryPointStore {
  readonly #catalog: Catalog;
  readonly #tags: CatalogTagStore;
  readonly #jobs: CatalogJobStore;
  readonly #now: () => number;

  /** `now` judges the leases of jobs that commit. */
  constructor(catalog: Catalog, now: () => number) {
    this.#catalog = catalog;
    this.#tags = new CatalogTagStore(catalog);
    this.#jobs = new CatalogJobStore(catalog);
    this.#now = now;
  }

  async commit({ recoveryPoint, tags, fence }: RecoveryPointCommit): Promise<void> {
    await this.#catalog.transaction(async () => {
      if (fence !== undefined) {
        requireLease(await this.#jobs.get(fence.jobId), fence.jobId, fence.fencingToken, this.#now());
      }
      await this.#catalog.db.insertInto('recovery_points').values(toRow(recoveryPoint)).execute();
      await this.#tags.put(recoveryPoint.accountId, recoveryPoint.arn, tags, Number.POSITIVE_INFINITY);
      await this.#count(recoveryPoint.vaultId, 1);
      await refreshProtectedResource(this.#catalog, recoveryPoint);
    });
  }

  async #count(vaultId: string, difference: 1 | -1): Promise<void> {
    await this.#catalog.db
      .updateTable('vaults')
      .set((eb) => ({ recovery_point_count: eb('recovery_point_count', '+', difference) }))
      .where('vault_id', '=', vaultId)
      .execute();
  }

  async get(vaultId: string, arn: string): Promise<RecoveryPointRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('recovery_points')
      .selectAll()
      .where('vault_id', '=', vaultId)
      .where('arn', '=', arn)
      .executeTakeFirst();
    return row === undefined ? undefined : toRecord(row);
  }

  async getByArn(accountId: string, arn: string): Promise<RecoveryPointRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('recovery_points')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('arn', '=', arn)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? undefined : toRecord(row);
  }

  list(query: RecoveryPointListQuery, page: PageRequest): Promise<Page<RecoveryPointRecord>> {
    const condition = allOf([
      equals('vault_id', query.vaultId),
      equals('account_id', query.scope?.accountId),
      equals('region', query.scope?.region),
      equals('resource_arn', query.resourceArn),
      equals('resource_type', query.resourceType),
      equals('backup_plan_id', query.backupPlanId),
      equals('parent_recovery_point_arn', query.parentRecoveryPointArn),
      withinFrom(page, 'created_at', query.created),
      oneOf('status', query.statuses),
    ]);
    // Within a vault an ARN is unique; over vaults, copies may share it.
    const columns = query.vaultId === undefined ? NEWEST : NEWEST_OF_VAULT;
    return this.#page(condition, { list: 'recovery-points', filter: query, columns, direction: 'desc', page });
  }

  async newestUsable(vaultId: string, resourceArn: string): Promise<RecoveryPointRecord | undefined> {
    const newest = await this.list({ vaultId, resourceArn, statuses: ['COMPLETED', 'PARTIAL'] }, { limit: 1 });
    return newest.items[0];
  }

  async change(
    vaultId: string,
    arn: string,
    change: RecoveryPointChange,
    whileStatus?: readonly RecoveryPointStatus[],
  ): Promise<RecoveryPointRecord | undefined> {
    const columns = changedColumns(change);
    const condition = allOf([equals('vault_id', vaultId), equals('arn', arn), oneOf('status', whileStatus)]);
    return await this.#catalog.transaction(async () => {
      if (Object.keys(columns).length > 0) {
        const result = await this.#catalog.db
          .updateTable('recovery_points')
          .set(columns)
          .where(condition)
          .executeTakeFirst();
        return result.numUpdatedRows === 0n ? undefined : await this.get(vaultId, arn);
      }
      const row = await this.#catalog.db.selectFrom('recovery_points').selectAll().where(condition).executeTakeFirst();
      return row === undefined ? undefined : toRecord(row);
    });
  }

  async remove(vaultId: string, arn: string): Promise<void> {
    await this.#catalog.transaction(async () => {
      const point = await this.get(vaultId, arn);
      if (point === undefined) return;
      await this.#catalog.db
        .deleteFrom('recovery_points')
        .where('vault_id', '=', vaultId)
        .where('arn', '=', arn)
        .execute();
      // Copies in other vaults may share the ARN, and then its tags.
      if ((await this.getByArn(point.accountId, arn)) === undefined) await this.#tags.removeAll(point.accountId, arn);
      await this.#count(vaultId, -1);
      await refreshProtectedResource(this.#catalog, point);
    });
  }

  listByStatus(status: RecoveryPointStatus, page: PageRequest): Promise<Page<RecoveryPointRecord>> {
    return this.#page(allOf([equals('status', status)]), {
      list: 'recovery-points-by-status',
      filter: status,
      columns: NEWEST,
      direction: 'asc',
      page,
    });
  }

  async #page(condition: RawBuilder<boolean>, order: PageOrder<RecoveryPointRow>): Promise<Page<RecoveryPointRecord>> {
    const query = this.#catalog.db.selectFrom('recovery_points').selectAll().where(condition);
    return mapPage(await readPage(query, order), toRecord);
  }
}

const NEWEST_OF_VAULT = ['created_at', 'arn'] as const;
const NEWEST = ['created_at', 'arn', 'vault_id'] as const;
