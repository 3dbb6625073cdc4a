import { join } from 'node:path';
import { type DatabaseInstance, DatabaseInstances, type Reached } from '../restored-instances/database-instances.ts';
import type { Flavour } from '../restored-instances/flavour.ts';
import type { ConnectorContext, SourceConfiguration } from '../sdk/v1/connector.ts';
import { Server } from './client/server.ts';
import type { Address, ServerSettings } from './config.ts';
import { readFacts, type ServerFacts } from './facts.ts';
import { optionFileOf, socketPathOf } from './restore/instance-files.ts';

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
      const usesSocket = addresses.some((address) => 'socketPath' in address);
      const address: Address = usesSocket ? { socketPath: socketPathOf(directory) } : { host: '127.0.0.1', port };
      return new Server(address, { ...settings, tls: 'disable' }, secret);
    },
    readFacts,
    serverName: ({ name }) => name,
    productOf: ({ product }) => product,
    startCommand: ({ binariesDirectory, directory }) =>
      `${join(binariesDirectory, 'mariadbd')} --defaults-file=${optionFileOf(directory)}`,
  });
}
