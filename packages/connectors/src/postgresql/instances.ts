import { join } from 'node:path';
import type { Flavour } from '../restored-instances/flavour.ts';
import { dataDirectoryOf } from '../restored-instances/instance-directory.ts';
import { type RestoredInstance, RestoredInstanceRegister } from '../restored-instances/restored-instance-register.ts';
import type { ConnectorContext, DiscoveredResource, SourceConfiguration } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { formatResourceArn, parseResourceArn } from '../sdk/v1/resource-arn.ts';
import { Server } from './client/server.ts';
import type { Address, ServerSettings } from './config.ts';
import { reasonOf } from './errors.ts';
import { readFacts, type ServerFacts } from './facts.ts';
import { socketDirectoryOf } from './restore/instance-directory.ts';

const SERVICE = 'rds';

/** A database instance or cluster of a source: its own one, or one that a restore made. */
export interface Instance {
  readonly arn: string;
  readonly identifier: string;
  readonly servers: readonly Server[];
  readonly tags: Readonly<Record<string, string>>;
  readonly restored?: RestoredInstance;
}

/** A server with what it says about itself. */
export interface ReachedServer {
  readonly server: Server;
  readonly facts: ServerFacts;
}

export interface InstancesOptions {
  readonly source: SourceConfiguration<ServerSettings>;
  readonly addresses: readonly Address[];
  readonly flavour: Flavour;
  readonly context: ConnectorContext;
}

/** What one source has: its own instance or cluster and those that restores made, by ARN. */
export class Instances {
  readonly register: RestoredInstanceRegister;
  readonly #options: InstancesOptions;

  constructor(options: InstancesOptions) {
    this.#options = options;
    this.register = new RestoredInstanceRegister(options.context.stateDirectory);
  }

  get own(): Instance {
    const { source, addresses } = this.#options;
    const identifier = identifierOf(source.name);
    return {
      arn: this.arnOf(identifier),
      identifier,
      servers: addresses.map((address) => new Server(address, source.settings, source.secret)),
      tags: source.settings.tags,
    };
  }

  arnOf(identifier: string): string {
    const { source, flavour } = this.#options;
    const { region, accountId } = source;
    return formatResourceArn({ service: SERVICE, region, accountId, resource: `${flavour.arnPrefix}${identifier}` });
  }

  /** @throws ConnectorError `not-found` for a resource that is not of this source */
  async byArn(arn: string): Promise<Instance> {
    const { service, region, accountId, resource } = parseResourceArn(arn);
    const { source, flavour } = this.#options;
    const isOurs = service === SERVICE && region === source.region && accountId === source.accountId;
    if (isOurs && resource.startsWith(flavour.arnPrefix)) {
      const identifier = resource.slice(flavour.arnPrefix.length);
      if (identifier === this.own.identifier) return this.own;
      const restored = await this.register.get(identifier);
      if (restored !== undefined) return this.ofRestored(restored);
    }
    throw new ConnectorError('not-found', `The source '${source.name}' has no ${flavour.word} ${arn}.`, {
      hint: "See 'holdfast resource list'.",
    });
  }

  /** Its roles are those of the source, so that the same user and secret open it. */
  ofRestored(restored: RestoredInstance): Instance {
    const { source, addresses } = this.#options;
    const isLocal = addresses[0]?.host.startsWith('/') ?? false;
    const socket = isLocal ? socketDirectoryOf(restored.directory) : undefined;
    const settings: ServerSettings = { ...source.settings, tls: 'disable' };
    return {
      arn: this.arnOf(restored.identifier),
      identifier: restored.identifier,
      servers: [new Server({ host: socket ?? '127.0.0.1', port: restored.port }, settings, source.secret)],
      tags: restored.tags,
      restored,
    };
  }

  async *discover(signal: AbortSignal): AsyncGenerator<DiscoveredResource> {
    yield await this.describe(this.own);
    for (const restored of await this.register.list()) {
      signal.throwIfAborted();
      yield await this.describe(this.ofRestored(restored));
    }
  }

  async describe(instance: Instance): Promise<DiscoveredResource> {
    const { restored } = instance;
    const known = {
      arn: instance.arn,
      resourceType: this.#options.flavour.resourceType,
      name: instance.identifier,
      tags: instance.tags,
      ...(restored === undefined ? {} : { path: dataDirectoryOf(restored.directory), createdAt: restored.createdAt }),
      ...(restored?.sizeBytes === undefined ? {} : { sizeBytes: restored.sizeBytes }),
    };
    try {
      const { facts } = await primaryOf(instance);
      const sizeBytes = facts.sizeBytes ?? known.sizeBytes;
      const statusMessage = `PostgreSQL ${facts.version}${facts.isReplica ? ', a replica' : ''}`;
      return { ...known, ...(sizeBytes === undefined ? {} : { sizeBytes }), status: 'available', statusMessage };
    } catch (error) {
      const statusMessage = restored === undefined ? reasonOf(error) : whyAway(restored, error);
      return { ...known, status: 'unavailable', statusMessage };
    }
  }
}

function whyAway(restored: RestoredInstance, error: unknown): string {
  const start = `${join(restored.binariesDirectory, 'pg_ctl')} -D ${dataDirectoryOf(restored.directory)} start`;
  switch (restored.state) {
    case 'building':
      return 'A restore of it runs or was interrupted.';
    case 'damaged':
      return 'Not started, because the recovery point could not deliver all of its files: see the issues of the job.';
    case 'handed-over':
      return `Handed over as a directory, and not running. Start it with: ${start}`;
    case 'running':
      return `It does not answer: ${reasonOf(error)} Start it with: ${start}`;
  }
}

/**
 * The primary of an instance; of one whose servers are all replicas, the first of them.
 * @throws ConnectorError of the first server when none answers
 */
export async function primaryOf(instance: Instance): Promise<ReachedServer> {
  const reached = await reachAll(instance);
  const found = reached.find(({ facts }) => !facts.isReplica) ?? reached[0];
  if (found === undefined) throw new Error(`${instance.identifier} has no server`);
  return found;
}

/** The server that is best asked for a base backup: a replica when there is one, so that the primary is spared. */
export async function serverForBackup(instance: Instance): Promise<ReachedServer> {
  const reached = await reachAll(instance);
  const found = reached.find(({ facts }) => facts.isReplica) ?? reached[0];
  if (found === undefined) throw new Error(`${instance.identifier} has no server`);
  return found;
}

async function reachAll({ servers }: Instance): Promise<ReachedServer[]> {
  const results = await Promise.allSettled(
    servers.map(async (server): Promise<ReachedServer> => ({ server, facts: await readFacts(server) })),
  );
  const reached = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const failed = results.find((result) => result.status === 'rejected');
  if (reached.length === 0 && failed !== undefined) throw failed.reason;
  return reached;
}

/** A name in the form of a DB instance identifier: lower-case letters, digits and hyphens, a letter first (RST-109). */
export function identifierOf(name: string): string {
  const clean = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return (/^[a-z]/.test(clean) ? clean : `db-${clean}`).slice(0, 63);
}
