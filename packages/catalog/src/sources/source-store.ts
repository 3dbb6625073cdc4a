import type { Page, PageRequest, Scope, SourceRecord, SourceStatus, SourceStore } from '@holdfast/control';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, present, toJson } from '../database/columns.ts';
import { allOf, equals } from '../database/filters.ts';
import { mapPage, readPage } from '../database/page.ts';
import type { SourceRow } from './tables.ts';

/** Sources of all accounts and regions. */
export class CatalogSourceStore implements SourceStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async create(source: SourceRecord): Promise<boolean> {
    const result = await this.#catalog.db
      .insertInto('sources')
      .values(toRow(source))
      .onConflict((conflict) => conflict.columns(['account_id', 'region', 'name']).doNothing())
      .executeTakeFirst();
    return result.numInsertedOrUpdatedRows === 1n;
  }

  async put(source: SourceRecord): Promise<void> {
    const row = toRow(source);
    await this.#catalog.db
      .insertInto('sources')
      .values(row)
      .onConflict((conflict) => conflict.columns(['account_id', 'region', 'name']).doUpdateSet(row))
      .execute();
  }

  async get(scope: Scope, name: string): Promise<SourceRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('sources')
      .selectAll()
      .where(isSource(scope, name))
      .executeTakeFirst();
    return row === undefined ? undefined : toRecord(row);
  }

  async list(scope: Scope, page: PageRequest): Promise<Page<SourceRecord>> {
    const query = this.#catalog.db
      .selectFrom('sources')
      .selectAll()
      .where('account_id', '=', scope.accountId)
      .where('region', '=', scope.region);
    const order = { list: 'sources', filter: scope, columns: ['name'], direction: 'asc' } as const;
    return mapPage(await readPage(query, { ...order, page }), toRecord);
  }

  async listAll(page: PageRequest): Promise<Page<SourceRecord>> {
    const rows = await readPage(this.#catalog.db.selectFrom('sources').selectAll(), {
      list: 'all-sources',
      filter: {},
      columns: ['account_id', 'region', 'name'],
      direction: 'asc',
      page,
    });
    return mapPage(rows, toRecord);
  }

  async setStatus(scope: Scope, name: string, status: SourceStatus): Promise<void> {
    await this.#catalog.db
      .updateTable('sources')
      .set({
        status: status.status,
        status_message: status.statusMessage ?? null,
        ...(status.lastDiscoveredAt === undefined ? {} : { last_discovered_at: status.lastDiscoveredAt }),
      })
      .where(isSource(scope, name))
      .execute();
  }

  async remove(scope: Scope, name: string): Promise<boolean> {
    const result = await this.#catalog.db.deleteFrom('sources').where(isSource(scope, name)).executeTakeFirst();
    return result.numDeletedRows > 0n;
  }
}

function isSource(scope: Scope, name: string) {
  return allOf([equals('account_id', scope.accountId), equals('region', scope.region), equals('name', name)]);
}

function toRow(source: SourceRecord): SourceRow {
  return {
    account_id: source.accountId,
    region: source.region,
    name: source.name,
    kind: source.kind,
    settings: toJson(source.settings),
    tags: toJson(source.tags),
    origin: source.origin,
    created_at: source.createdAt,
    status: source.status,
    status_message: source.statusMessage ?? null,
    last_discovered_at: source.lastDiscoveredAt ?? null,
  };
}

function toRecord(row: SourceRow): SourceRecord {
  return {
    accountId: row.account_id,
    region: row.region,
    name: row.name,
    kind: row.kind,
    settings: fromJson<Record<string, unknown>>(row.settings),
    tags: fromJson<Record<string, string>>(row.tags),
    origin: row.origin as SourceRecord['origin'],
    createdAt: row.created_at,
    status: row.status as SourceRecord['status'],
    ...present({ statusMessage: row.status_message, lastDiscoveredAt: row.last_discovered_at }),
  };
}
