import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { WriteTurn } from './write-turn.ts';

const SQLITE_BUSY = 5;
/** SQLite itself waits this long inside a call, blocking the event loop; beyond it we wait asynchronously. */
const BLOCKING_WAIT_MS = 20;
/** How long a writer waits for another process before it gives up. */
const PATIENCE_MS = 30_000;
const STATEMENT_CACHE_SIZE = 500;

/** One open file handle with its prepared statements. */
class Handle {
  readonly database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, readOnly: boolean) {
    this.database = new DatabaseSync(path, { readOnly, timeout: BLOCKING_WAIT_MS, enableForeignKeyConstraints: true });
  }

  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    statement.setReturnArrays(true);
    if (this.#statements.size >= STATEMENT_CACHE_SIZE) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    this.#statements.set(sql, statement);
    return statement;
  }

  execute<R>(query: CompiledQuery): QueryResult<R> {
    const statement = this.prepare(query.sql);
    const parameters = query.parameters as readonly SQLInputValue[];
    const names = statement.columns().map(({ name }) => name);
    if (names.length > 0) return { rows: rowsOf<R>(statement.all(...parameters), names) };
    const { changes } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  close(): void {
    this.#statements.clear();
    this.database.close();
  }
}

/** Whether the reading handle may serve it; raw SQL is looked at. */
function isRead({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql));
}

/** Makes rows of arrays of values: twice as fast as the objects that `node:sqlite` makes, which lists live on. */
function rowsOf<R>(tuples: readonly unknown[], names: readonly string[]): R[] {
  return tuples.map((tuple) => {
    const values = tuple as readonly unknown[];
    const row: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index += 1) row[names[index] ?? ''] = values[index];
    return row as R;
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && ((error.errcode as number) & 0xff) === SQLITE_BUSY;
}

/** Repeats what another process's lock refused, without blocking the event loop in between. */
async function untilFree<T>(attempt: () => T): Promise<T> {
  const givesUpAt = performance.now() + PATIENCE_MS;
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= givesUpAt) throw error;
    }
    await wait(pauseMs * (0.5 + Math.random()));
  }
}

/**
 * Kysely driver on `node:sqlite`: one handle that writes and one that only reads, so that a reader never waits for a
 * writer (WAL) and never sees half a transaction. Transactions begin IMMEDIATE: they hold the write lock from their
 * first statement and can therefore never fail half-way for want of it.
 */
export class NodeSqliteDriver implements Driver {
  readonly #path: string;
  readonly #turn = new WriteTurn();
  #writer: Handle | undefined;
  #reader: Handle | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async init(): Promise<void> {
    const writer = new Handle(this.#path, false);
    this.#writer = writer;
    await untilFree(() => writer.database.exec('pragma journal_mode = wal'));
    writer.database.exec('pragma synchronous = full');
    // Statistics for the choice between indexes: taken from samples, so that opening stays fast on a large catalog.
    await untilFree(() => writer.database.exec('pragma analysis_limit = 1000; pragma optimize = 0x10002'));
    this.#reader = new Handle(this.#path, true);
    this.#reader.database.exec('pragma cache_size = -65536; pragma mmap_size = 268435456');
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#writer === undefined || this.#reader === undefined) throw new Error('the catalog is closed');
    return new NodeSqliteConnection(this.#writer, this.#reader, this.#turn);
  }

  beginTransaction(connection: DatabaseConnection): Promise<void> {
    return (connection as NodeSqliteConnection).begin();
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return (connection as NodeSqliteConnection).end('commit');
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return (connection as NodeSqliteConnection).end('rollback');
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    const release = await this.#turn.take();
    this.#reader?.close();
    if (this.#writer !== undefined) {
      await untilFree(() => this.#writer?.database.exec('pragma optimize'));
      this.#writer.close();
    }
    this.#reader = undefined;
    this.#writer = undefined;
    release();
  }
}

/** What Kysely holds during one statement or one transaction; it decides at each statement which handle serves. */
class NodeSqliteConnection implements DatabaseConnection {
  readonly #writer: Handle;
  readonly #reader: Handle;
  readonly #turn: WriteTurn;
  #release: (() => void) | undefined;

  constructor(writer: Handle, reader: Handle, turn: WriteTurn) {
    this.#writer = writer;
    this.#reader = reader;
    this.#turn = turn;
  }

  async begin(): Promise<void> {
    const release = await this.#turn.take();
    try {
      await untilFree(() => this.#writer.database.exec('begin immediate'));
      this.#release = release;
    } catch (error) {
      release();
      throw error;
    }
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    // A failed commit leaves the transaction open; Kysely then asks for the rollback, which frees the turn.
    if (how === 'commit') await untilFree(() => this.#writer.database.exec('commit'));
    else if (this.#writer.database.isTransaction) this.#writer.database.exec('rollback');
    this.#release?.();
    this.#release = undefined;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#release !== undefined) return this.#writer.execute(query);
    if (isRead(query)) return untilFree(() => this.#reader.execute<R>(query));
    const release = await this.#turn.take();
    try {
      return await untilFree(() => this.#writer.execute<R>(query));
    } finally {
      release();
    }
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator, and the catalog has no streaming queries.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the catalog lists page by page; streaming queries are not supported');
  }
}
