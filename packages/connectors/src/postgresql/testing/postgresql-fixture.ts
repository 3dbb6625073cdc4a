import { chmodSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  type PostgresOptions,
  type PostgresServer,
  postgresBinDirectory,
  requireProgram,
  startPostgres,
  temporaryDirectory,
} from '@holdfast/testkit';
import { Client } from 'pg';
import type { Connector, ConnectorContext } from '../../sdk/v1/connector.ts';
import { testConnectorContext } from '../../sdk/v1/testing.ts';
import type { PostgresqlSettings } from '../config.ts';
import { postgresqlSettings } from '../config.ts';
import { postgresqlConnector } from '../connector.ts';

export const SOURCE_NAME = 'orders';
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

export interface PostgresqlFixture {
  readonly server: PostgresServer;
  /** A temporary directory with `state` and `restored` in it. */
  readonly directory: string;
  readonly context: ConnectorContext;
  open(settings?: Partial<PostgresqlSettings>): Promise<Connector>;
}

/** Whether the server programs are here; without them the test is skipped. */
export function hasPostgres(t: TestContext): boolean {
  const directory = postgresBinDirectory();
  return requireProgram(t, 'pg_ctl', directory === undefined ? [] : [directory]) !== undefined;
}

/** A server with some data, and a source that reads it. */
export async function postgresqlFixture(
  t: TestContext,
  settings: Readonly<Record<string, string | number>> = {},
  options: Pick<PostgresOptions, 'binDirectory'> = {},
): Promise<PostgresqlFixture> {
  const server = await startPostgres({
    settings: { wal_level: 'replica', ...settings },
    initdbArguments: ['--data-checksums'],
    ...options,
  });
  t.after(() => server.stop());
  // Restored instances of a test need not survive the loss of power either.
  await query(server.port, "alter system set fsync = 'off'");
  const directory = temporaryDirectory(t);
  chmodSync(directory, 0o755);
  const context = testConnectorContext(directory, { now: Date.now });
  return {
    server,
    directory,
    context,
    open: (changes = {}) =>
      postgresqlConnector.open(
        {
          name: SOURCE_NAME,
          accountId: '123456789012',
          region: 'us-east-1',
          settings: postgresqlSettings.parse({
            host: '127.0.0.1',
            port: server.port,
            // Where no restore looks by itself.
            ...(process.env['HOLDFAST_TEST_POSTGRES'] === undefined ? {} : { binariesDirectory: server.binDirectory }),
            ...changes,
          }),
          secret: async () => 'secret',
        },
        context,
      ),
  };
}

/** Runs SQL, as the superuser, in a connection of its own. */
export async function query(port: number, sql: string, database = 'postgres'): Promise<Record<string, unknown>[]> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Makes all files of a data directory look as if nobody had changed them for years. */
export function age(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), LONG_AGO, LONG_AGO);
  }
}
