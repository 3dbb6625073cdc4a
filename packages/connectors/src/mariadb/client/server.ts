import { readFile } from 'node:fs/promises';
import type { ConnectionOptions, RowDataPacket } from 'mysql2';
import { type Connection, createConnection } from 'mysql2/promise';
import type { SourceConfiguration } from '../../sdk/v1/connector.ts';
import { type Address, displayAddress, type ServerSettings } from '../config.ts';
import { serverError } from '../errors.ts';

const CONNECT_PATIENCE_MS = 15_000;

/** An open connection for queries; disposing of it ends it. */
export interface QueryConnection extends AsyncDisposable {
  rows<Row extends object>(sql: string): Promise<Row[]>;
}

/** One MariaDB or MySQL server as a source reaches it. */
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
    const connection = await this.#open();
    return {
      rows: async <Row extends object>(sql: string) => {
        try {
          const [rows] = await connection.query<(Row & RowDataPacket)[]>(sql);
          return rows;
        } catch (error) {
          throw serverError(`The server at ${this.name} refused a query`, error);
        }
      },
      async [Symbol.asyncDispose]() {
        connection.destroy();
      },
    };
  }

  /** Opens a connection for one use. */
  async use<Result>(work: (connection: QueryConnection) => Promise<Result>): Promise<Result> {
    await using connection = await this.connect();
    return await work(connection);
  }

  /** Undefined when the source has none. */
  async password(): Promise<string | undefined> {
    const { password } = this.settings;
    return password === undefined ? undefined : this.#secret(password);
  }

  async #open(): Promise<Connection> {
    const { settings, address } = this;
    const doing = `Cannot connect to the server at ${this.name} as ${settings.user}`;
    try {
      const password = await this.password();
      const connection = await createConnection({
        ...address,
        user: settings.user,
        connectTimeout: CONNECT_PATIENCE_MS,
        dateStrings: true,
        bigNumberStrings: true,
        supportBigNumbers: true,
        ...(password === undefined ? {} : { password }),
        ...(await tlsOptions(address, settings)),
      });
      // Whatever is under way fails with the error of the connection; without a listener it would end the process.
      connection.on('error', () => undefined);
      return connection;
    } catch (error) {
      throw serverError(doing, error);
    }
  }
}

async function tlsOptions(address: Address, settings: ServerSettings): Promise<Pick<ConnectionOptions, 'ssl'>> {
  if (settings.tls === 'disable' || 'socketPath' in address) return {};
  const { tlsCaFile } = settings;
  return {
    ssl: {
      rejectUnauthorized: settings.tls === 'verify',
      verifyIdentity: settings.tls === 'verify',
      ...(tlsCaFile === undefined ? {} : { ca: await readFile(tlsCaFile, 'utf8') }),
    },
  };
}
