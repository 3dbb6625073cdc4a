import { AsyncLocalStorage } from 'node:async_hooks';
import type { RecordCollection, Transactions } from './record-collection.ts';

/** Collections in memory, for tests and trials: the behaviour of the catalog's without a database. */
export interface MemoryRecords extends Transactions {
  collection<T>(): RecordCollection<T>;
}

type Scopes = Map<string, Map<string, string>>;

/** Records are kept as JSON, as a database would: nobody can change a stored record by keeping hold of the object. */
export function createMemoryRecords(): MemoryRecords {
  const all: Scopes[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  const inside = new AsyncLocalStorage<true>();
  return {
    collection<T>(): RecordCollection<T> {
      const scopes: Scopes = new Map();
      all.push(scopes);
      return memoryCollection<T>(scopes);
    },
    async transaction<T>(work: () => Promise<T>): Promise<T> {
      if (inside.getStore() === true) return await work();
      const attempt = turn.then(async () => {
        const before = all.map(copy);
        try {
          return await inside.run(true, work);
        } catch (error) {
          for (const [index, scopes] of all.entries()) restore(scopes, before[index] ?? new Map());
          throw error;
        }
      });
      turn = attempt.catch(() => undefined);
      return await attempt;
    },
  };
}

function memoryCollection<T>(scopes: Scopes): RecordCollection<T> {
  const recordsOf = (scope: string): Map<string, string> => {
    const records = scopes.get(scope) ?? new Map<string, string>();
    scopes.set(scope, records);
    return records;
  };
  const read = (text: string): T => JSON.parse(text) as T;
  return {
    get: async (scope, key) => {
      const text = recordsOf(scope).get(key);
      return text === undefined ? undefined : read(text);
    },
    insert: async (scope, key, record) => {
      if (recordsOf(scope).has(key)) return false;
      recordsOf(scope).set(key, JSON.stringify(record));
      return true;
    },
    put: async (scope, key, record) => {
      recordsOf(scope).set(key, JSON.stringify(record));
    },
    delete: async (scope, key) => recordsOf(scope).delete(key),
    list: async (scope, { limit, afterKey, prefix = '' }) => {
      const keys = [...recordsOf(scope).keys()].filter((key) => key.startsWith(prefix)).sort(byBytes);
      const after = afterKey === undefined ? keys : keys.filter((key) => byBytes(key, afterKey) > 0);
      const items = after.slice(0, limit).map((key) => read(recordsOf(scope).get(key) ?? ''));
      return after.length > limit ? { items, nextKey: after[limit - 1] } : { items };
    },
  };
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function copy(scopes: Scopes): Scopes {
  return new Map([...scopes].map(([scope, records]) => [scope, new Map(records)]));
}

function restore(scopes: Scopes, before: Scopes): void {
  scopes.clear();
  for (const [scope, records] of before) scopes.set(scope, records);
}
