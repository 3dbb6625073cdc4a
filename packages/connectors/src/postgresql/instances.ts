import { join } from 'node:path';
import { type DatabaseInstance, DatabaseInstances, type Reached } from '../restored-instances/database-instances.ts';
import type { Flavour } from '../restored-instances/flavour.ts';
import { dataDirectoryOf } from '../restored-instances/instance-directory.ts';
import type { ConnectorContext, SourceConfiguration } from '../sdk/v1/connector.ts';
import { Server } from './client/server.ts';
import type { Address, ServerSettings } from './config.ts';
import { readFacts, type ServerFacts } from './facts.ts';
import { socketDirectoryOf } from './restore/instance-directory.ts';

export type Instance = DatabaseInstance<Server>;
export type Instances = DatabaseInstances<Server, ServerFacts>;
export type ReachedServer = Reached<Server, ServerFacts>;

export interface InstancesOptions {
  readonly source: SourceConfiguration<ServerSettings>;
  readonly addresses: readonly Address[];
  readonly flavour: Flavour;
  readonly context: ConnectorContext;
}

/** The instances of one source. */
export function instancesOf({ source, addresses, flavour, context }: InstancesOptions): Instances {
  const { settings, secret } = source;
  return new DatabaseInstances({
    source,
    flavour,
    context,
    tags: settings.tags,
    servers: () => addresses.map((address) => new Server(address, settings, secret)),
    restoredServer({ directory, port }) {
      const isLocal = addresses[0]?.host.startsWith('/') ?? false;
      const host = (isLocal ? socketDirectoryOf(directory) : undefined) ?? '127.0.0.1';
      return new Server({ host, port }, { ...settings, tls: 'disable' }, secret);
    },
    readFacts,
    serverName: ({ name }) => name,
    productOf: () => 'PostgreSQL',
    startCommand: ({ binariesDirectory, directory }) =>
      `${join(binariesDirectory, 'pg_ctl')} -D ${dataDirectoryOf(directory)} start`,
  });
}
