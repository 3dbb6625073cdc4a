import { ConnectorError } from '../sdk/v1/connector-error.ts';
import type { QueryConnection, Server } from './client/server.ts';

/** The oldest versions whose programs and privileges this connector speaks. */
const OLDEST = { MariaDB: [10, 5], MySQL: [8, 0] } as const;

/** What a server says about itself. */
export interface ServerFacts {
  readonly product: 'MariaDB' | 'MySQL';
  /** For example `10.11.19-MariaDB-0+deb12u1`. */
  readonly version: string;
  /** For example `10.11`: what the programs must agree with. */
  readonly series: string;
  readonly dataDirectory: string;
  /** By the clock of the server, in ms. */
  readonly now: number;
  readonly hasBinaryLog: boolean;
  readonly binlogFormat: string;
  /** Undefined without the right to know. */
  readonly isReplica: boolean | undefined;
  readonly serverId: number;
  readonly sizeBytes: number | undefined;
}

/** @throws ConnectorError with the cure, also for a version that is not supported */
export function readFacts(server: Server): Promise<ServerFacts> {
  return server.use(async (connection) => {
    const [row] = await connection.rows<Record<string, string>>(
      `select version() as version, @@version_comment as comment, @@datadir as datadir,
              cast(unix_timestamp(now(6)) * 1000 as unsigned) as now, @@log_bin as log_bin,
              @@binlog_format as binlog_format, @@server_id as server_id`,
    );
    if (row === undefined) throw new ConnectorError('unavailable', `The server at ${server.name} answered nothing.`);
    const version = row['version'] ?? '';
    const product = /mariadb/i.test(`${version} ${row['comment']}`) ? 'MariaDB' : 'MySQL';
    const series = /^\d+\.\d+/.exec(version)?.[0] ?? '';
    assertSupported(server.name, product, version, series);
    return {
      product,
      version,
      series,
      dataDirectory: row['datadir'] ?? '',
      now: Number(row['now']),
      hasBinaryLog: Number(row['log_bin']) === 1,
      binlogFormat: row['binlog_format'] ?? '',
      isReplica: await isReplica(connection, product),
      serverId: Number(row['server_id']),
      sizeBytes: await sizeOf(connection),
    };
  });
}

function assertSupported(name: string, product: 'MariaDB' | 'MySQL', version: string, series: string): void {
  const [major = 0, minor = 0] = series.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST[product];
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new ConnectorError('permanent', `${product} at ${name} has version ${version}.`, {
    hint: `Versions from ${oldestMajor}.${oldestMinor} on are supported: upgrade it.`,
  });
}

async function isReplica(connection: QueryConnection, product: 'MariaDB' | 'MySQL'): Promise<boolean | undefined> {
  try {
    const rows = await connection.rows(product === 'MariaDB' ? 'show all slaves status' : 'show replica status');
    return rows.length > 0;
  } catch (error) {
    if (error instanceof ConnectorError && error.class === 'denied') return undefined;
    throw error;
  }
}

async function sizeOf(connection: QueryConnection): Promise<number | undefined> {
  const [row] = await connection.rows<{ bytes: string | null }>(
    'select sum(data_length + index_length) as bytes from information_schema.tables',
  );
  return row?.bytes == null ? undefined : Number(row.bytes);
}
