/**
 * How the neighbours keep their state: small records of one kind, keyed by text within a scope (an account, an account
 * and region, or `GLOBAL_SCOPE`). The catalog implements it for SQLite and PostgreSQL; `createMemoryRecords` in memory.
 */
export interface RecordCollection<T> {
  get(scope: string, key: string): Promise<T | undefined>;
  /** Adds a record; false, and nothing done, when the key exists. */
  insert(scope: string, key: string, record: T): Promise<boolean>;
  /** Adds or replaces a record. */
  put(scope: string, key: string, record: T): Promise<void>;
  /** Removes a record; false when there was none. */
  delete(scope: string, key: string): Promise<boolean>;
  /** Records in the order of their keys (by bytes), continued after `afterKey`. */
  list(scope: string, page: RecordPageRequest): Promise<RecordPage<T>>;
}

export interface RecordPageRequest {
  /** Largest number of records to return, at least 1. */
  readonly limit: number;
  /** The `nextKey` of the page before. */
  readonly afterKey?: string | undefined;
  /** Only keys that begin with this. */
  readonly prefix?: string | undefined;
}

export interface RecordPage<T> {
  readonly items: readonly T[];
  /** Key of the last record; absent when nothing follows. */
  readonly nextKey?: string | undefined;
}

/** Makes everything that `work` does with collections of the same store happen at once or not at all; may run it again. */
export interface Transactions {
  transaction<T>(work: () => Promise<T>): Promise<T>;
}

/** The scope of records that belong to the whole installation. */
export const GLOBAL_SCOPE = '-';

const PAGE_SIZE = 200;

/** All records of a scope, page by page. Only for kinds of which an account has few. */
export async function* everyRecord<T>(
  collection: RecordCollection<T>,
  scope: string,
  prefix?: string,
): AsyncGenerator<T> {
  let afterKey: string | undefined;
  do {
    const page = await collection.list(scope, { limit: PAGE_SIZE, afterKey, prefix });
    yield* page.items;
    afterKey = page.nextKey;
  } while (afterKey !== undefined);
}

/** `everyRecord` as a list. */
export async function allRecords<T>(collection: RecordCollection<T>, scope: string, prefix?: string): Promise<T[]> {
  const records: T[] = [];
  for await (const record of everyRecord(collection, scope, prefix)) records.push(record);
  return records;
}

/** One page of the records that satisfy a condition; reads on until the page is full. `keyOf` gives a record's key. */
export async function pageWhere<T>(
  collection: RecordCollection<T>,
  scope: string,
  page: RecordPageRequest,
  keyOf: (record: T) => string,
  isWanted: (record: T) => boolean,
): Promise<RecordPage<T>> {
  const items: T[] = [];
  let { afterKey } = page;
  for (;;) {
    const read = await collection.list(scope, { ...page, limit: PAGE_SIZE, afterKey });
    for (const record of read.items) {
      if (!isWanted(record)) continue;
      const last = items.at(-1);
      if (items.length === page.limit && last !== undefined) return { items, nextKey: keyOf(last) };
      items.push(record);
    }
    if (read.nextKey === undefined) return { items };
    afterKey = read.nextKey;
  }
}
