import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequestListener, type ServiceImplementation } from '@holdfast/wire';
import type { BackupResources } from '../authorization/backup-checks.ts';
import { FIRST_ACCOUNT } from '../identity/bootstrap.ts';
import { secureRandomBytes } from '../identity/entity-id.ts';
import { createMemoryIdentityStore } from '../identity/memory-identity-store.ts';
import { NO_ESCROW } from '../kms/key-escrow.ts';
import { createMemoryKeyStore } from '../kms/memory-key-store.ts';
import { createMemoryOrganizationStore } from '../organizations/organization-store.ts';
import { createMemoryShareStore } from '../ram/share-records.ts';
import { createMemoryRecords } from '../records/memory-records.ts';
import { MasterKey } from '../secrets/master-key.ts';
import { createNeighbours, type NeighbourPorts, type Neighbours } from './create-neighbours.ts';

/** What SDK clients are configured with. */
export interface TestClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly maxAttempts: number;
}

export interface TestNeighbours extends AsyncDisposable {
  readonly neighbours: Neighbours;
  readonly ports: NeighbourPorts;
  /** For the administrator of account 123456789012. */
  readonly config: TestClientConfig;
  /** The same server for somebody else, who signs with these credentials. */
  as(credentials: {
    readonly AccessKeyId?: string | undefined;
    readonly SecretAccessKey?: string | undefined;
    readonly SessionToken?: string | undefined;
  }): TestClientConfig;
  /** The clock of the server, ms since the epoch; SDK clients go by the real one, so move it by minutes at most for calls. */
  now: number;
}

export interface TestNeighboursOptions extends Partial<NeighbourPorts> {
  /** Further services on the same endpoint. */
  readonly services?: readonly ServiceImplementation[];
  readonly backup?: Partial<BackupResources>;
}

const NO_RESOURCES: BackupResources = {
  vaultPolicy: async () => undefined,
  vaultOfRecoveryPoint: async () => undefined,
  tags: async () => undefined,
  arnByName: async () => undefined,
};

/** Starts the neighbours in memory on a free port, with the first account made. */
export async function testNeighbours(options: TestNeighboursOptions = {}): Promise<TestNeighbours> {
  const { services = [], backup = {}, ...given } = options;
  const records = createMemoryRecords();
  const ports: NeighbourPorts = {
    identity: createMemoryIdentityStore(records),
    keys: createMemoryKeyStore(records),
    organizations: createMemoryOrganizationStore(records),
    shares: createMemoryShareStore(records),
    masterKey: new MasterKey(secureRandomBytes(32)),
    escrow: NO_ESCROW,
    random: secureRandomBytes,
    uuid: () => crypto.randomUUID(),
    isShareable: async () => true,
    ...given,
  };
  const neighbours = createNeighbours(ports);
  const region = 'us-east-1';
  const { accessKey } = await neighbours.bootstrap({ ...FIRST_ACCOUNT, region, now: Date.now() });
  if (accessKey === undefined) throw new Error('The first account exists already.');
  const clock = { now: Date.now() };
  const server = createServer(
    createRequestListener({
      services: [...neighbours.services, ...services],
      credentials: neighbours.credentials,
      authorize: neighbours.authorize({ ...NO_RESOURCES, ...backup }),
      clock: { now: () => clock.now },
      ids: { requestId: () => crypto.randomUUID() },
      log: {
        info: () => undefined,
        error: (message, fields) => console.error(message, fields),
      },
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config: TestClientConfig = { endpoint, region, credentials: accessKey, maxAttempts: 1 };
  return {
    neighbours,
    ports,
    config,
    as: ({ AccessKeyId = '', SecretAccessKey = '', SessionToken }) => ({
      ...config,
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      },
    }),
    get now() {
      return clock.now;
    },
    set now(value) {
      clock.now = value;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
