import type { RecordCollection, RecordPage, RecordPageRequest } from '@holdfast/neighbours';
import { sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { fromJson, toJson } from '../database/columns.ts';

/** The columns of every record table: the neighbours look records up by key alone, so the record itself is detail. */
export interface RecordRow {
  scope: string;
  record_key: string;
  /** JSON. */
  record: string;
}

/** The statement that makes a record table. */
export function createRecordTable(name: string): string {
  return `create table ${name} (
    scope text not null,
    record_key text not null,
    record text not null,
    primary key (scope, record_key))`;
}

/** Keys that begin with a text end before this one: no character is greater. */
const AFTER_ALL = '\u{10ffff}';

/** One table as a collection of small records; see the port for its rules. */
export class RecordTable<T> implements RecordCollection<T> {
  readonly #catalog: Catalog;
  readonly #table: ReturnType<typeof sql.table>;

  constructor(catalog: Catalog, table: string) {
    this.#catalog = catalog;
    this.#table = sql.table(table);
  }

  async get(scope: string, key: string): Promise<T | undefined> {
    const { rows } = await sql<RecordRow>`
      select record from ${this.#table} where scope = ${scope} and record_key = ${key}`.execute(this.#catalog.db);
    return rows[0] === undefined ? undefined : fromJson<T>(rows[0].record);
  }

  async insert(scope: string, key: string, record: T): Promise<boolean> {
    const { numAffectedRows } = await sql`
      insert into ${this.#table} (scope, record_key, record) values (${scope}, ${key}, ${toJson(record)})
      on conflict (scope, record_key) do nothing`.execute(this.#catalog.db);
    return numAffectedRows === 1n;
  }

  async put(scope: string, key: string, record: T): Promise<void> {
    await sql`
      insert into ${this.#table} (scope, record_key, record) values (${scope}, ${key}, ${toJson(record)})
      on conflict (scope, record_key) do update set record = excluded.record`.execute(this.#catalog.db);
  }

  async delete(scope: string, key: string): Promise<boolean> {
    const { numAffectedRows } = await sql`
      delete from ${this.#table} where scope = ${scope} and record_key = ${key}`.execute(this.#catalog.db);
    return numAffectedRows === 1n;
  }

  async list(scope: string, { limit, afterKey, prefix = '' }: RecordPageRequest): Promise<RecordPage<T>> {
    const { rows } = await sql<RecordRow>`
      select record_key, record from ${this.#table}
      where scope = ${scope} and record_key >= ${prefix} and record_key < ${prefix + AFTER_ALL}
        and record_key > ${afterKey ?? ''}
      order by record_key limit ${limit + 1}`.execute(this.#catalog.db);
    const items = rows.slice(0, limit).map((row) => fromJson<T>(row.record));
    return rows.length > limit ? { items, nextKey: rows[limit - 1]?.record_key } : { items };
  }
}
