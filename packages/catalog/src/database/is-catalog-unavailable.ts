/** SQLite's primary result codes for BUSY, LOCKED, READONLY, IOERR, FULL and CANTOPEN. */
const SQLITE_AWAY: ReadonlySet<number> = new Set([5, 6, 8, 10, 13, 14]);
const NETWORK_AWAY: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** PostgreSQL: connection exceptions, too few resources, shutting down or starting, read-only after a fail-over. */
const POSTGRES_AWAY = /^(08|53)|^57P0[1-5]$|^25006$/;
/** Of pool and query builder; the last one means that the catalog was closed, as it is while the server stops. */
const CONNECTION_AWAY =
  /timeout exceeded when trying to connect|Connection terminated|connection error|driver has already been destroyed/;

/** Whether an error says that the catalog's database is away for now, rather than that a statement is wrong. */
export function isCatalogUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('errcode' in error && typeof error.errcode === 'number') return SQLITE_AWAY.has(error.errcode & 0xff);
  if (error instanceof AggregateError) return error.errors.some(isCatalogUnavailable);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return NETWORK_AWAY.has(code) || POSTGRES_AWAY.test(code) || CONNECTION_AWAY.test(error.message);
}
