import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { CatalogTables } from './schema.ts';

/** PostgreSQL: serialization failure, deadlock. Both mean: nothing happened, run the transaction again. */
const RUN_AGAIN = new Set(['40001', '40P01']);
const MOST_ATTEMPTS = 30;
/**
 * PostgreSQL: unique violation. When two transactions look for a row, miss it and insert it, the second one may get this
 * instead of a serialization failure; run again, it finds the row. A true violation comes again and is thrown.
 */
const DUPLICATE = '23505';
const MOST_DUPLICATE_ATTEMPTS = 3;

interface OpenTransaction {
  readonly tx: Transaction<CatalogTables>;
  readonly afterCommit: (() => void)[];
  open: boolean;
}

/**
 * The opened catalog database. Stores (one folder per concept) are built on it:
 *
 * - `db` reads and writes single statements; inside `transaction` it is the transaction,
 * - `transaction` makes several statements one: everything that is called within, in whatever store, joins it.
 */
export class Catalog {
  readonly kind: 'sqlite' | 'postgres';
  readonly #root: Kysely<CatalogTables>;
  readonly #current = new AsyncLocalStorage<OpenTransaction>();

  /** Use `openCatalog`. */
  constructor(kind: 'sqlite' | 'postgres', root: Kysely<CatalogTables>) {
    this.kind = kind;
    this.#root = root;
  }

  /** The transaction that is open around the caller, else the database itself. */
  get db(): Kysely<CatalogTables> {
    const current = this.#current.getStore();
    return current?.open ? current.tx : this.#root;
  }

  /**
   * Runs `work` in one serializable transaction, or joins the one that is open around the caller. On PostgreSQL `work`
   * runs again when another writer was in its way, so it must do nothing but work on the catalog; effects belong into
   * `afterCommit`.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#current.getStore()?.open) return await work();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(work);
      } catch (error) {
        if (attempt >= mostAttempts(error)) throw error;
      }
      await wait(Math.random() * Math.min(4 * 2 ** attempt, 250));
    }
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    const afterCommit: (() => void)[] = [];
    const result = await this.#root
      .transaction()
      .setIsolationLevel('serializable')
      .execute(async (tx) => {
        const current: OpenTransaction = { tx, afterCommit, open: true };
        try {
          return await this.#current.run(current, work);
        } finally {
          current.open = false;
        }
      });
    for (const effect of afterCommit) effect();
    return result;
  }

  /** Calls `effect` once the transaction around the caller has committed; at once when there is none. */
  afterCommit(effect: () => void): void {
    const current = this.#current.getStore();
    if (current?.open) current.afterCommit.push(effect);
    else effect();
  }

  /** Ends after the running statements; later calls fail. */
  async close(): Promise<void> {
    await this.#root.destroy();
  }
}

function mostAttempts(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (RUN_AGAIN.has(code)) return MOST_ATTEMPTS;
  return code === DUPLICATE ? MOST_DUPLICATE_ATTEMPTS : 1;
}
