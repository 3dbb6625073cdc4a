import type {
  BulkItemOutcome,
  BulkItemRecord,
  BulkItemState,
  BulkLease,
  BulkOperationRecord,
  BulkOperationStore,
  NewBulkOperation,
  Page,
  PageRequest,
  Scope,
} from '@holdfast/control';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, present, toJson } from '../database/columns.ts';
import { allOf, equals } from '../database/filters.ts';
import { mapPage, readPage } from '../database/page.ts';
import type { BulkItemRow, BulkOperationRow } from './tables.ts';

/** Rows per statement: well below the number of parameters that either database takes. */
const BATCH = 500;
const UNDER_WAY = ['RUNNING', 'STOPPING'];

/** Bulk operations with their items. */
export class CatalogBulkOperationStore implements BulkOperationStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async create(operation: NewBulkOperation, targets: readonly string[]): Promise<BulkOperationRecord> {
    return await this.#catalog.transaction(async () => {
      const earlier = await this.#ofToken(operation);
      if (earlier !== undefined) return toRecord(earlier);
      const row = newRow(operation, targets.length);
      await this.#catalog.db.insertInto('bulk_operations').values(row).execute();
      for (let start = 0; start < targets.length; start += BATCH) {
        const items = targets.slice(start, start + BATCH).map((target, index) => ({
          operation_id: operation.operationId,
          sequence: start + index,
          target,
          state: 'PENDING',
        }));
        await this.#catalog.db.insertInto('bulk_items').values(items.map(withEmptyOutcome)).execute();
      }
      return toRecord(row);
    });
  }

  async #ofToken({ accountId, region, clientToken }: NewBulkOperation): Promise<BulkOperationRow | undefined> {
    if (clientToken === undefined) return undefined;
    return await this.#catalog.db
      .selectFrom('bulk_operations')
      .selectAll()
      .where(allOf([equals('account_id', accountId), equals('region', region), equals('client_token', clientToken)]))
      .executeTakeFirst();
  }

  async get({ accountId, region }: Scope, operationId: string): Promise<BulkOperationRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('bulk_operations')
      .selectAll()
      .where(allOf([equals('operation_id', operationId), equals('account_id', accountId), equals('region', region)]))
      .executeTakeFirst();
    return row === undefined ? undefined : toRecord(row);
  }

  async list({ accountId, region }: Scope, page: PageRequest): Promise<Page<BulkOperationRecord>> {
    const condition = allOf([equals('account_id', accountId), equals('region', region)]);
    const rows = await readPage(this.#catalog.db.selectFrom('bulk_operations').selectAll().where(condition), {
      list: 'bulk-operations',
      filter: { accountId, region },
      columns: ['created_at', 'operation_id'],
      direction: 'desc',
      page,
    });
    return mapPage(rows, toRecord);
  }

  async listItems(
    operationId: string,
    state: BulkItemState | undefined,
    page: PageRequest,
  ): Promise<Page<BulkItemRecord>> {
    const condition = allOf([equals('operation_id', operationId), equals('state', state)]);
    const rows = await readPage(this.#catalog.db.selectFrom('bulk_items').selectAll().where(condition), {
      list: 'bulk-items',
      filter: { operationId, state },
      columns: ['sequence'],
      direction: 'asc',
      page,
    });
    return mapPage(rows, toItem);
  }

  async claim({ owner, until }: BulkLease, now: number): Promise<BulkOperationRecord | undefined> {
    return await this.#catalog.transaction(async () => {
      const row = await this.#catalog.db
        .selectFrom('bulk_operations')
        .selectAll()
        .where('state', 'in', UNDER_WAY)
        .where('lease_until', '<=', now)
        .orderBy('created_at')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      await this.#catalog.db
        .updateTable('bulk_operations')
        .set({ lease_owner: owner, lease_until: until })
        .where('operation_id', '=', row.operation_id)
        .execute();
      return toRecord(row);
    });
  }

  async beginItem(operationId: string, { owner, until }: BulkLease) {
    return await this.#catalog.transaction(async () => {
      const held = await this.#catalog.db
        .updateTable('bulk_operations')
        .set({ lease_until: until })
        .where(allOf([equals('operation_id', operationId), equals('lease_owner', owner), equals('state', 'RUNNING')]))
        .executeTakeFirst();
      if (held.numUpdatedRows === 0n) return undefined;
      // What was begun before a crash comes first.
      const row = (await this.#firstItem(operationId, 'RUNNING')) ?? (await this.#firstItem(operationId, 'PENDING'));
      if (row === undefined) return undefined;
      if (row.state === 'PENDING') await this.#setItem(operationId, row.sequence, { state: 'RUNNING' });
      return { item: toItem(row), isRepeated: row.state === 'RUNNING' };
    });
  }

  async #firstItem(operationId: string, state: BulkItemState): Promise<BulkItemRow | undefined> {
    return await this.#catalog.db
      .selectFrom('bulk_items')
      .selectAll()
      .where(allOf([equals('operation_id', operationId), equals('state', state)]))
      .orderBy('sequence')
      .limit(1)
      .executeTakeFirst();
  }

  async #setItem(operationId: string, sequence: number, values: Partial<BulkItemRow>): Promise<void> {
    await this.#catalog.db
      .updateTable('bulk_items')
      .set(values)
      .where(allOf([equals('operation_id', operationId), equals('sequence', sequence)]))
      .execute();
  }

  async endItem(operationId: string, sequence: number, outcome: BulkItemOutcome, endedAt: number): Promise<void> {
    const hasFailed = outcome.state === 'FAILED';
    await this.#catalog.transaction(async () => {
      const row = await this.#catalog.db
        .selectFrom('bulk_items')
        .select('state')
        .where(allOf([equals('operation_id', operationId), equals('sequence', sequence)]))
        .executeTakeFirst();
      // Whoever lost the operation to another process may come late; each item counts once.
      if (row?.state !== 'RUNNING') return;
      await this.#setItem(operationId, sequence, {
        state: outcome.state,
        ended_at: endedAt,
        error_code: hasFailed ? outcome.errorCode : null,
        message: hasFailed ? outcome.message : null,
        result_id: hasFailed ? null : (outcome.resultId ?? null),
      });
      const counter = hasFailed ? 'failed_count' : 'succeeded_count';
      await this.#catalog.db
        .updateTable('bulk_operations')
        .set((eb) => ({ [counter]: eb(counter, '+', 1) }))
        .where('operation_id', '=', operationId)
        .execute();
    });
  }

  async requestStop({ accountId, region }: Scope, operationId: string): Promise<boolean> {
    const result = await this.#catalog.db
      .updateTable('bulk_operations')
      .set({ state: 'STOPPING' })
      .where('state', 'in', UNDER_WAY)
      .where(allOf([equals('operation_id', operationId), equals('account_id', accountId), equals('region', region)]))
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async end(operationId: string, owner: string, endedAt: number): Promise<void> {
    await this.#catalog.transaction(async () => {
      const row = await this.#catalog.db
        .selectFrom('bulk_operations')
        .select('state')
        .where(allOf([equals('operation_id', operationId), equals('lease_owner', owner)]))
        .executeTakeFirst();
      if (row === undefined || !UNDER_WAY.includes(row.state)) return;
      await this.#catalog.db
        .updateTable('bulk_items')
        .set({ state: 'SKIPPED' })
        .where('operation_id', '=', operationId)
        .where('state', 'in', ['PENDING', 'RUNNING'])
        .execute();
      await this.#catalog.db
        .updateTable('bulk_operations')
        .set({ state: row.state === 'STOPPING' ? 'STOPPED' : 'COMPLETED', ended_at: endedAt, lease_owner: null })
        .where('operation_id', '=', operationId)
        .execute();
    });
  }

  async release(operationId: string, owner: string): Promise<void> {
    await this.#catalog.db
      .updateTable('bulk_operations')
      .set({ lease_owner: null, lease_until: 0 })
      .where(allOf([equals('operation_id', operationId), equals('lease_owner', owner)]))
      .execute();
  }
}

function newRow(operation: NewBulkOperation, itemCount: number): BulkOperationRow {
  return {
    operation_id: operation.operationId,
    account_id: operation.accountId,
    region: operation.region,
    action: operation.action,
    state: 'RUNNING',
    created_at: operation.createdAt,
    ended_at: null,
    item_count: itemCount,
    succeeded_count: 0,
    failed_count: 0,
    client_token: operation.clientToken ?? null,
    lease_owner: null,
    lease_until: 0,
    request: toJson(operation.request),
    caller: toJson(operation.caller),
  };
}

function withEmptyOutcome(item: Pick<BulkItemRow, 'operation_id' | 'sequence' | 'target' | 'state'>): BulkItemRow {
  return { ...item, error_code: null, message: null, result_id: null, ended_at: null };
}

function toRecord(row: BulkOperationRow): BulkOperationRecord {
  return {
    operationId: row.operation_id,
    accountId: row.account_id,
    region: row.region,
    action: row.action as BulkOperationRecord['action'],
    state: row.state as BulkOperationRecord['state'],
    createdAt: row.created_at,
    itemCount: row.item_count,
    succeededCount: row.succeeded_count,
    failedCount: row.failed_count,
    request: fromJson<BulkOperationRecord['request']>(row.request),
    caller: fromJson<BulkOperationRecord['caller']>(row.caller),
    ...present({ endedAt: row.ended_at, clientToken: row.client_token }),
  };
}

function toItem(row: BulkItemRow): BulkItemRecord {
  return {
    sequence: row.sequence,
    target: row.target,
    state: row.state as BulkItemState,
    ...present({
      errorCode: row.error_code,
      message: row.message,
      resultId: row.result_id,
      endedAt: row.ended_at,
    }),
  };
}
