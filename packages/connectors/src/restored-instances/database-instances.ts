import type { ConnectorContext, DiscoveredResource, SourceConfiguration } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { formatResourceArn, parseResourceArn } from '../sdk/v1/resource-arn.ts';
import type { Flavour } from './flavour.ts';
import { dataDirectoryOf } from './instance-directory.ts';
import { type RestoredInstance, RestoredInstanceRegister } from './restored-instance-register.ts';

const SERVICE = 'rds';

/** A database instance or cluster of a source: its own one, or one that a restore made. */
export interface DatabaseInstance<Server> {
  readonly arn: string;
  readonly identifier: string;
  readonly servers: readonly Server[];
  readonly tags: Readonly<Record<string, string>>;
  readonly restored?: RestoredInstance;
}

/** What every database's servers say about themselves. */
export interface CommonFacts {
  /** For example `15.18 (Debian 15.18-0+deb12u1)`. */
  readonly version: string;
  /** Undefined when the user may not know. */
  readonly isReplica: boolean | undefined;
  readonly sizeBytes: number | undefined;
}

/** A server with what it says about itself. */
export interface Reached<Server, Facts> {
  readonly server: Server;
  readonly facts: Facts;
}

/** In what one database differs from another. */
export interface DatabaseInstancesOptions<Server, Facts extends CommonFacts> {
  readonly source: Pick<SourceConfiguration<unknown>, 'name' | 'accountId' | 'region'>;
  readonly flavour: Flavour;
  readonly context: Pick<ConnectorContext, 'stateDirectory'>;
  readonly tags: Readonly<Record<string, string>>;
  /** The servers of the source's own instance or cluster. */
  servers(): readonly Server[];
  /** The server of an instance that a restore made: its accounts are those of the source, so that they open it too. */
  restoredServer(restored: RestoredInstance): Server;
  readFacts(server: Server): Promise<Facts>;
  productOf(facts: Facts): string;
  /** Where a server listens, for people. */
  serverName(server: Server): string;
  /** The command that starts an instance, for people. */
  startCommand(restored: RestoredInstance): string;
}

/** What one source has: its own instance or cluster and those that restores made, by ARN. */
export class DatabaseInstances<Server, Facts extends CommonFacts> {
  readonly register: RestoredInstanceRegister;
  readonly #options: DatabaseInstancesOptions<Server, Facts>;

  constructor(options: DatabaseInstancesOptions<Server, Facts>) {
    this.#options = options;
    this.register = new RestoredInstanceRegister(options.context.stateDirectory);
  }

  get own(): DatabaseInstance<Server> {
    const { source, tags } = this.#options;
    const identifier = identifierOf(source.name);
    return { arn: this.arnOf(identifier), identifier, servers: this.#options.servers(), tags };
  }

  arnOf(identifier: string): string {
    const { source, flavour } = this.#options;
    const { region, accountId } = source;
    return formatResourceArn({ service: SERVICE, region, accountId, resource: `${flavour.arnPrefix}${identifier}` });
  }

  /** @throws ConnectorError `not-found` for a resource that is not of this source */
  async byArn(arn: string): Promise<DatabaseInstance<Server>> {
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

  ofRestored(restored: RestoredInstance): DatabaseInstance<Server> {
    const { identifier, tags } = restored;
    return {
      arn: this.arnOf(identifier),
      identifier,
      servers: [this.#options.restoredServer(restored)],
      tags,
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

  async describe(instance: DatabaseInstance<Server>): Promise<DiscoveredResource> {
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
      const { facts } = await primaryOf(instance, this.#options.readFacts);
      const sizeBytes = facts.sizeBytes ?? known.sizeBytes;
      const statusMessage = await this.#whatRuns(instance, facts);
      return { ...known, ...(sizeBytes === undefined ? {} : { sizeBytes }), status: 'available', statusMessage };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const statusMessage = restored === undefined ? reason : this.#whyAway(restored, reason);
      return { ...known, status: 'unavailable', statusMessage };
    }
  }

  /** Of a cluster, with where to write and where to read: its endpoints, as they are at this moment. */
  async #whatRuns(instance: DatabaseInstance<Server>, { version, isReplica }: Facts): Promise<string> {
    const { productOf, serverName, readFacts } = this.#options;
    const reached = await reachAll(instance, readFacts);
    const what = reached[0] === undefined ? version : `${productOf(reached[0].facts)} ${version}`;
    if (instance.servers.length === 1) return isReplica ? `${what}, a replica` : what;
    const names = (wanted: boolean): string =>
      reached
        .filter(({ facts }) => facts.isReplica === wanted)
        .map(({ server }) => serverName(server))
        .join(', ') || 'none';
    return `${what}; writer endpoint ${names(false)}; reader endpoints ${names(true)}`;
  }

  #whyAway(restored: RestoredInstance, reason: string): string {
    const start = this.#options.startCommand(restored);
    switch (restored.state) {
      case 'building':
        return 'A restore of it runs or was interrupted.';
      case 'damaged':
        return 'Not started, because the recovery point could not deliver all of its files: see the issues of the job.';
      case 'handed-over':
        return `Handed over as a directory, and not running. Start it with: ${start}`;
      case 'running':
        return `It does not answer: ${reason} Start it with: ${start}`;
    }
  }
}

/**
 * The primary of an instance; of one whose servers are all replicas, the first of them.
 * @throws ConnectorError of the first server when none answers
 */
export function primaryOf<Server, Facts extends CommonFacts>(
  instance: DatabaseInstance<Server>,
  readFacts: (server: Server) => Promise<Facts>,
): Promise<Reached<Server, Facts>> {
  return pick(instance, readFacts, ({ isReplica }) => !isReplica);
}

/** The server that is best asked for a base backup: a replica when there is one, so that the primary is spared. */
export function serverForBackup<Server, Facts extends CommonFacts>(
  instance: DatabaseInstance<Server>,
  readFacts: (server: Server) => Promise<Facts>,
): Promise<Reached<Server, Facts>> {
  return pick(instance, readFacts, ({ isReplica }) => isReplica === true);
}

async function pick<Server, Facts extends CommonFacts>(
  instance: DatabaseInstance<Server>,
  readFacts: (server: Server) => Promise<Facts>,
  isWanted: (facts: Facts) => boolean,
): Promise<Reached<Server, Facts>> {
  const reached = await reachAll(instance, readFacts);
  const found = reached.find(({ facts }) => isWanted(facts)) ?? reached[0];
  if (found === undefined) throw new Error(`${instance.identifier} has no server`);
  return found;
}

/**
 * The servers of an instance that answer, in the order of its settings.
 * @throws ConnectorError of the first server when none answers, `denied` when one of several may not tell its role
 */
export async function reachAll<Server, Facts extends CommonFacts>(
  { servers, identifier }: DatabaseInstance<Server>,
  readFacts: (server: Server) => Promise<Facts>,
): Promise<readonly Reached<Server, Facts>[]> {
  const results = await Promise.allSettled(servers.map(async (server) => ({ server, facts: await readFacts(server) })));
  const reached = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const failed = results.find((result) => result.status === 'rejected');
  if (reached.length === 0 && failed !== undefined) throw failed.reason;
  if (servers.length > 1 && reached.some(({ facts }) => facts.isReplica === undefined)) {
    throw new ConnectorError('denied', `Which server of ${identifier} is the primary cannot be seen.`, {
      hint: 'Grant the right to see the state of replication; the README of this connector has the SQL.',
    });
  }
  return reached;
}

/** A name in the form of a DB instance identifier: lower-case letters, digits and hyphens, a letter first (RST-109). */
function identifierOf(name: string): string {
  const clean = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return (/^[a-z]/.test(clean) ? clean : `db-${clean}`).slice(0, 63);
}
