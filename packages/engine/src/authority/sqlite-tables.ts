import type { DatabaseSync } from 'node:sqlite';
import type { CountedPack, WriteLease } from './authority.ts';

export type Row = Record<string, unknown>;
type Value = string | number | null;

/** What the collection's part needs of the authority that it belongs to. */
export interface SqliteCollectionHost {
  readonly database: DatabaseSync;
  transaction<T>(body: () => T): Promise<T>;
  checkWriteLease(lease: WriteLease): void;
  endWriteLease(lease: WriteLease): void;
  toPack(row: Row): CountedPack;
  endLapsedLeases(): void;
}

/** Statements on the tables of an authority, for the parts of it that have a file of their own. */
export class SqliteTables {
  protected readonly host: SqliteCollectionHost;

  constructor(host: SqliteCollectionHost) {
    this.host = host;
  }

  protected all(sql: string, ...values: Value[]): Row[] {
    return this.host.database.prepare(sql).all(...values);
  }

  protected run(sql: string, ...values: Value[]): number {
    return Number(this.host.database.prepare(sql).run(...values).changes);
  }
}
