import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { Client, type ClientConfig, type QueryResultRow } from 'pg';
import type { SourceConfiguration } from '../../sdk/v1/connector.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import { type Address, displayAddress, type ServerSettings } from '../config.ts';
import { serverError } from '../errors.ts';
import { LendingSocket } from './lending-socket.ts';
import { socketAsUser } from './socket-as-user.ts';

const CONNECT_PATIENCE_MS = 15_000;
/** How our connections call themselves in pg_stat_activity. */
export const APPLICATION_NAME = 'holdfast';

/** An open connection for queries; disposing of it ends it. */
export interface QueryConnection extends AsyncDisposable {
  rows<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** An open connection that speaks the replication protocol. */
export interface ReplicationConnection extends AsyncDisposable {
  readonly client: Client;
  /** The process at the server, which `pg_terminate_backend` takes. */
  readonly processId: number;
}

/** One PostgreSQL server as a source reaches it. */
export class Server {
  readonly address: Address;
  readonly settings: ServerSettings;
  readonly #secret: SourceConfiguration<unknown>['secret'];

  constructor(address: Address, settings: ServerSettings, secret: SourceConfiguration<unknown>['secret']) {
    this.address = address;
    this.settings = settings;
    this.#secret = secret;
  }

  get name(): string {
    return displayAddress(this.address);
  }

  /** @throws ConnectorError with the cure */
  async connect(): Promise<QueryConnection> {
    const client = await this.#open({});
    return {
      rows: async <Row extends QueryResultRow>(sql: string, values?: readonly unknown[]) => {
        try {
          return (await client.query<Row>(sql, values === undefined ? undefined : [...values])).rows;
        } catch (error) {
          throw serverError(`PostgreSQL at ${this.name} refused a query`, error);
        }
      },
      [Symbol.asyncDispose]: () => closeQuietly(client),
    };
  }

  /** @throws ConnectorError with the cure */
  async connectReplication(): Promise<ReplicationConnection> {
    const client = await this.#open({ replication: 'true' });
    const processId = 'processID' in client && typeof client.processID === 'number' ? client.processID : 0;
    return { client, processId, [Symbol.asyncDispose]: () => closeQuietly(client) };
  }

  /** Opens a connection for one use. */
  async use<Result>(work: (connection: QueryConnection) => Promise<Result>): Promise<Result> {
    await using connection = await this.connect();
    return await work(connection);
  }

  async #open(extra: { readonly replication?: string }): Promise<Client> {
    const { settings, address } = this;
    const isLocal = address.host.startsWith('/');
    const config: ClientConfig & { replication?: string } = {
      host: address.host,
      port: address.port,
      user: settings.user,
      database: settings.database,
      password: () => this.#password(),
      application_name: APPLICATION_NAME,
      connectionTimeoutMillis: CONNECT_PATIENCE_MS,
      keepAlive: true,
      ssl: isLocal ? false : await tlsOptions(settings),
      ...extra,
      ...(await this.#socket(isLocal)),
    };
    const client = new Client(config);
    // Whatever is under way fails with the error of the connection; without a listener it would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await closeQuietly(client);
      throw serverError(`Cannot connect to PostgreSQL at ${this.name} as ${settings.user}`, error);
    }
  }

  /** The driver makes its own for TLS. */
  async #socket(isLocal: boolean): Promise<Pick<ClientConfig, 'stream'>> {
    const { runAs, tls } = this.settings;
    if (isLocal && process.getuid?.() === 0) return { stream: await socketAsUser(runAs) };
    return isLocal || tls === 'disable' ? { stream: () => new LendingSocket() } : {};
  }

  async #password(): Promise<string> {
    const { password, user } = this.settings;
    if (password !== undefined) return this.#secret(password);
    throw new ConnectorError(
      'denied',
      `PostgreSQL at ${this.name} asks for the password of ${user}, and the source has no setting 'password'.`,
      { hint: 'Add it as a reference: password=env:NAME or password=file:PATH.' },
    );
  }
}

/** Closes at once: a server that waits for us to read would otherwise never hear of it. */
async function closeQuietly(client: Client): Promise<void> {
  const ended = client.end().catch(() => undefined);
  client.connection.stream.destroy();
  await ended;
}

async function tlsOptions(settings: ServerSettings): Promise<false | ConnectionOptions> {
  if (settings.tls === 'disable') return false;
  const { tlsCaFile, tlsCertificateFile, tlsKeyFile } = settings;
  return {
    rejectUnauthorized: settings.tls !== 'require',
    ...(settings.tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
    ...(tlsCaFile === undefined ? {} : { ca: await readFile(tlsCaFile) }),
    ...(tlsCertificateFile === undefined ? {} : { cert: await readFile(tlsCertificateFile) }),
    ...(tlsKeyFile === undefined ? {} : { key: await readFile(tlsKeyFile) }),
  };
}
