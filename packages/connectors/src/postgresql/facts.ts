import { ConnectorError } from '../sdk/v1/connector-error.ts';
import type { Server } from './client/server.ts';
import { reasonOf } from './errors.ts';

export const OLDEST_VERSION = 13;
export const NEWEST_VERSION = 18;

/** What a server says about itself. */
export interface ServerFacts {
  /** For example `15.18 (Debian 15.18-0+deb12u1)`. */
  readonly version: string;
  readonly majorVersion: number;
  /** The identity of the cluster: the same on primary and replicas, another one after initdb. */
  readonly systemId: string;
  readonly isReplica: boolean;
  readonly dataDirectory: string;
  /** By the clock of the server, in ms. */
  readonly now: number;
  readonly segmentBytes: number;
  readonly sizeBytes: number | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

/** Settings of the server that a check looks at or a restored instance needs. */
const SETTINGS = [
  'wal_level',
  'max_wal_senders',
  'max_replication_slots',
  'max_slot_wal_keep_size',
  'data_checksums',
  'full_page_writes',
  'summarize_wal',
  'max_connections',
  'max_worker_processes',
  'max_prepared_transactions',
  'max_locks_per_transaction',
  'shared_preload_libraries',
  'config_file',
  'data_directory',
];

/** @throws ConnectorError with the cure, also for a version that is not supported */
export function readFacts(server: Server): Promise<ServerFacts> {
  return server.use(async (connection) => {
    const [basic] = await connection.rows<{
      version: string;
      number: number;
      replica: boolean;
      now: string;
      segment: string;
      system: string;
    }>(
      `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
              pg_is_in_recovery() as replica, extract(epoch from clock_timestamp()) * 1000 as now,
              (select setting::bigint * case unit when '8kB' then 8192 else 1 end
                 from pg_settings where name = 'wal_segment_size') as segment,
              (select system_identifier::text from pg_control_system()) as system`,
    );
    if (basic === undefined) throw new ConnectorError('unavailable', `${server.name} answered nothing.`);
    const majorVersion = Math.floor(basic.number / 10_000);
    assertSupported(server.name, basic.version, majorVersion);
    const settings = await connection.rows<{ name: string; setting: string }>(
      'select name, setting from pg_settings where name = any($1)',
      [SETTINGS],
    );
    const byName = Object.fromEntries(settings.map(({ name, setting }) => [name, setting]));
    return {
      version: basic.version,
      majorVersion,
      systemId: basic.system,
      isReplica: basic.replica,
      now: Number(basic.now),
      segmentBytes: Number(basic.segment),
      dataDirectory: byName['data_directory'] ?? '',
      sizeBytes: await sizeOf(connection),
      settings: byName,
    };
  });
}

function assertSupported(name: string, version: string, majorVersion: number): void {
  if (majorVersion >= OLDEST_VERSION) return;
  throw new ConnectorError('permanent', `PostgreSQL at ${name} has version ${version}.`, {
    hint: `Versions ${OLDEST_VERSION} to ${NEWEST_VERSION} are supported: upgrade it.`,
  });
}

/** Undefined without the right to know: the size is for people, and nothing depends on it. */
async function sizeOf(connection: {
  rows: <R extends object>(sql: string) => Promise<R[]>;
}): Promise<number | undefined> {
  try {
    const [row] = await connection.rows<{ bytes: string }>(
      'select sum(pg_database_size(oid)) as bytes from pg_database',
    );
    return Number(row?.bytes);
  } catch (error) {
    if (/permission denied/.test(reasonOf(error))) return undefined;
    throw error;
  }
}
