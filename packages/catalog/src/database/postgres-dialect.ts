import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';

const INT8 = 20;
const NUMERIC = 1700;
const CONNECT_TIMEOUT_MS = 10_000;

/** Counts, sizes and times are whole numbers below 2^53 in the catalog; anything else is a defect worth a loud error. */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the catalog holds a number beyond 2^53: ${text}`);
  return value;
}

/** Kysely on PostgreSQL with numbers where SQLite has numbers. `onIdleError` hears of idle connections that break. */
export function postgresDialect(connectionString: string, onIdleError: (error: Error) => void): Dialect {
  const types = {
    getTypeParser(oid: number, format?: 'text' | 'binary') {
      if (oid === INT8 || oid === NUMERIC) return wholeNumber;
      return pg.types.getTypeParser(oid, format as 'text');
    },
  };
  const pool = new pg.Pool({
    connectionString,
    types,
    max: 20,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'holdfast',
  });
  // Without a listener a server restart would end the process; the pool opens a new connection at the next query.
  pool.on('error', onIdleError);
  return new PostgresDialect({ pool });
}
