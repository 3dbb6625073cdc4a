import type {
  Page,
  PageRequest,
  ResourceListQuery,
  ResourceRecord,
  ResourceStore,
  Scope,
  Tags,
} from '@holdfast/control';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, present, toJson } from '../database/columns.ts';
import { allOf, equals, oneOf } from '../database/filters.ts';
import { mapPage, readPage } from '../database/page.ts';
import type { ResourceRow } from './tables.ts';

/** Rows per statement: 16 columns each, below the number of parameters that either database takes. */
const BATCH = 500;

/** Resources that connectors found or restores made. */
export class CatalogResourceStore implements ResourceStore {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async get(scope: Scope, arn: string): Promise<ResourceRecord | undefined> {
    const row = await this.#catalog.db
      .selectFrom('resources')
      .selectAll()
      .where(isResource(scope, arn))
      .executeTakeFirst();
    return row === undefined ? undefined : toRecord(row);
  }

  async list(query: ResourceListQuery, page: PageRequest): Promise<Page<ResourceRecord>> {
    const condition = allOf([
      equals('account_id', query.accountId),
      equals('region', query.region),
      equals('resource_type', query.resourceType),
      equals('source_name', query.sourceName),
      equals('path', query.path),
      oneOf('status', query.statuses),
    ]);
    const rows = await readPage(this.#catalog.db.selectFrom('resources').selectAll().where(condition), {
      list: 'resources',
      filter: query,
      columns: ['arn'],
      direction: 'asc',
      page,
    });
    return mapPage(rows, toRecord);
  }

  async upsert(resources: readonly ResourceRecord[]): Promise<void> {
    await this.#catalog.transaction(async () => {
      for (let start = 0; start < resources.length; start += BATCH) {
        await this.#upsertBatch(resources.slice(start, start + BATCH).map(toRow));
      }
    });
  }

  async #upsertBatch(rows: readonly ResourceRow[]): Promise<void> {
    await this.#catalog.db
      .insertInto('resources')
      .values(rows)
      .onConflict((conflict) =>
        // What users said of a resource, and where it came from, outlives its rediscovery.
        conflict.columns(['account_id', 'region', 'arn']).doUpdateSet((eb) => ({
          resource_type: eb.ref('excluded.resource_type'),
          name: eb.ref('excluded.name'),
          source_name: eb.ref('excluded.source_name'),
          path: eb.ref('excluded.path'),
          source_tags: eb.ref('excluded.source_tags'),
          size_bytes: eb.ref('excluded.size_bytes'),
          status: eb.ref('excluded.status'),
          status_message: eb.ref('excluded.status_message'),
          created_at: eb.ref('excluded.created_at'),
          last_seen_at: eb.ref('excluded.last_seen_at'),
        })),
      )
      .execute();
  }

  async markVanished(scope: Scope, sourceName: string, seenSince: number): Promise<readonly string[]> {
    const rows = await this.#catalog.db
      .updateTable('resources')
      .set({ status: 'vanished' })
      .where('account_id', '=', scope.accountId)
      .where('region', '=', scope.region)
      .where('source_name', '=', sourceName)
      .where('last_seen_at', '<', seenSince)
      .where('status', '<>', 'vanished')
      .returning('arn')
      .execute();
    return rows.map(({ arn }) => arn).sort();
  }

  async setLocalTags(scope: Scope, arn: string, tags: Tags): Promise<boolean> {
    const result = await this.#catalog.db
      .updateTable('resources')
      .set({ local_tags: toJson(tags) })
      .where(isResource(scope, arn))
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async remove(scope: Scope, arn: string): Promise<void> {
    await this.#catalog.db.deleteFrom('resources').where(isResource(scope, arn)).execute();
  }

  async removeOfSource(scope: Scope, sourceName: string): Promise<void> {
    await this.#catalog.db
      .deleteFrom('resources')
      .where('account_id', '=', scope.accountId)
      .where('region', '=', scope.region)
      .where('source_name', '=', sourceName)
      .execute();
  }
}

function isResource(scope: Scope, arn: string) {
  return allOf([equals('account_id', scope.accountId), equals('region', scope.region), equals('arn', arn)]);
}

function toRow(resource: ResourceRecord): ResourceRow {
  return {
    account_id: resource.accountId,
    region: resource.region,
    arn: resource.arn,
    resource_type: resource.resourceType,
    name: resource.name,
    source_name: resource.sourceName,
    path: resource.path ?? null,
    source_tags: toJson(resource.sourceTags),
    local_tags: toJson(resource.localTags),
    size_bytes: resource.sizeBytes ?? null,
    status: resource.status,
    status_message: resource.statusMessage ?? null,
    created_at: resource.createdAt ?? null,
    first_seen_at: resource.firstSeenAt,
    last_seen_at: resource.lastSeenAt,
    created_by_restore_job_id: resource.createdByRestoreJobId ?? null,
  };
}

function toRecord(row: ResourceRow): ResourceRecord {
  return {
    accountId: row.account_id,
    region: row.region,
    arn: row.arn,
    resourceType: row.resource_type,
    name: row.name,
    sourceName: row.source_name,
    sourceTags: fromJson<Record<string, string>>(row.source_tags),
    localTags: fromJson<Record<string, string>>(row.local_tags),
    status: row.status as ResourceRecord['status'],
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    ...present({
      path: row.path,
      sizeBytes: row.size_bytes,
      statusMessage: row.status_message,
      createdAt: row.created_at,
      createdByRestoreJobId: row.created_by_restore_job_id,
    }),
  };
}
