import type {
  ContinuousBackupRecord,
  ContinuousBackupStore,
  ContinuousBase,
  ContinuousChange,
  ContinuousCondition,
  ContinuousState,
  Page,
  PageRequest,
  Scope,
} from '@holdfast/control';
import { type RawBuilder, sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { allOf, equals, oneOf } from '../database/filters.ts';
import { mapPage, readPage } from '../database/page.ts';
import { changed, liveKey, toBase, toBaseRow, toRecord, toRow } from './continuous-backup-row.ts';

/** Continuous backups, the leases of those who capture them, and their bases. */
export class CatalogContinuousBackupStore implements ContinuousBackupStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  create(record: ContinuousBackupRecord): Promise<ContinuousBackupRecord> {
    return this.#catalog.transaction(async () => {
      const live = await this.live(record, record.resourceArn);
      if (live !== undefined) return live;
      await this.#catalog.db.insertInto('continuous_backups').values(toRow(record)).execute();
      return record;
    });
  }

  get(continuousId: string): Promise<ContinuousBackupRecord | undefined> {
    return this.#first(equals('continuous_id', continuousId));
  }

  ofRecoveryPoint(vaultId: string, recoveryPointArn: string): Promise<ContinuousBackupRecord | undefined> {
    return this.#first(allOf([equals('vault_id', vaultId), equals('recovery_point_arn', recoveryPointArn)]));
  }

  live(scope: Scope, resourceArn: string): Promise<ContinuousBackupRecord | undefined> {
    return this.#first(equals('live_key', liveKey(scope, resourceArn)));
  }

  async list(
    query: { readonly scope?: Scope; readonly states?: readonly ContinuousState[] },
    page: PageRequest,
  ): Promise<Page<ContinuousBackupRecord>> {
    const condition = allOf([
      equals('account_id', query.scope?.accountId),
      equals('region', query.scope?.region),
      oneOf('state', query.states),
    ]);
    const rows = await readPage(this.#catalog.db.selectFrom('continuous_backups').selectAll().where(condition), {
      list: 'continuous-backups',
      filter: query,
      columns: ['continuous_id'],
      direction: 'asc',
      page,
    });
    return mapPage(rows, toRecord);
  }

  change(
    continuousId: string,
    change: ContinuousChange,
    condition: ContinuousCondition = {},
  ): Promise<ContinuousBackupRecord | undefined> {
    const where = allOf([
      equals('continuous_id', continuousId),
      equals('fence', condition.fence),
      oneOf('state', condition.states),
    ]);
    return this.#update(where, (record) => changed(record, change));
  }

  async remove(continuousId: string): Promise<void> {
    await this.#catalog.transaction(async () => {
      await this.#catalog.db.deleteFrom('continuous_bases').where('continuous_id', '=', continuousId).execute();
      await this.#catalog.db.deleteFrom('continuous_backups').where('continuous_id', '=', continuousId).execute();
    });
  }

  async claim(workerId: string, now: number, leaseMs: number): Promise<ContinuousBackupRecord | undefined> {
    const isFree = sql<boolean>`state <> 'STOPPED' and due_at <= ${now}
      and (lease_expires_at is null or lease_expires_at <= ${now})`;
    // Mostly there is nothing to claim, and that costs no transaction.
    if ((await this.#first(isFree)) === undefined) return undefined;
    return await this.#update(isFree, (record) => ({
      ...record,
      fence: record.fence + 1,
      lease: { workerId, expiresAt: now + leaseMs },
    }));
  }

  heartbeat(continuousId: string, fence: number, expiresAt: number): Promise<ContinuousBackupRecord | undefined> {
    const isHeld = allOf([heldWith(continuousId, fence), sql<boolean>`worker_id is not null`]);
    return this.#update(isHeld, (record) =>
      record.lease === undefined ? record : { ...record, lease: { ...record.lease, expiresAt } },
    );
  }

  async release(continuousId: string, fence: number, dueAt: number): Promise<void> {
    await this.#update(heldWith(continuousId, fence), ({ lease: _ended, ...record }) => ({ ...record, dueAt }));
  }

  async #first(condition: RawBuilder<boolean> | undefined): Promise<ContinuousBackupRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('continuous_backups')
      .selectAll()
      .where(allOf([condition]))
      .orderBy('due_at')
      .orderBy('continuous_id')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? undefined : toRecord(row);
  }

  /** Reads one record and writes it back changed, in one transaction. */
  #update(
    condition: RawBuilder<boolean>,
    next: (record: ContinuousBackupRecord) => ContinuousBackupRecord,
  ): Promise<ContinuousBackupRecord | undefined> {
    return this.#catalog.transaction(async () => {
      const record = await this.#first(condition);
      if (record === undefined) return undefined;
      const updated = next(record);
      await this.#catalog.db
        .updateTable('continuous_backups')
        .set(toRow(updated))
        .where('continuous_id', '=', record.continuousId)
        .execute();
      return updated;
    });
  }

  async addBase(base: ContinuousBase): Promise<void> {
    await this.#catalog.db
      .insertInto('continuous_bases')
      .values(toBaseRow(base))
      .onConflict((conflict) => conflict.columns(['continuous_id', 'engine_id']).doNothing())
      .execute();
  }

  async bases(continuousId: string): Promise<readonly ContinuousBase[]> {
    const rows = await this.#catalog.db
      .selectFrom('continuous_bases')
      .selectAll()
      .where('continuous_id', '=', continuousId)
      .orderBy('consistent_at')
      .orderBy('completed_at')
      .execute();
    return rows.map(toBase);
  }

  async removeBase(continuousId: string, engineId: string): Promise<void> {
    await this.#catalog.db
      .deleteFrom('continuous_bases')
      .where('continuous_id', '=', continuousId)
      .where('engine_id', '=', engineId)
      .execute();
  }
}

function heldWith(continuousId: string, fence: number): RawBuilder<boolean> {
  return allOf([equals('continuous_id', continuousId), equals('fence', fence)]);
}
