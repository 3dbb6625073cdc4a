import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectorContext, DiscoveredResource, SourceConfiguration } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { derivedResourceId, formatResourceArn, parseResourceArn } from '../sdk/v1/resource-arn.ts';
import type { DirectorySettings } from './config.ts';
import { reasonOf } from './errors.ts';
import { type FileSystemRecord, FileSystemRegister } from './file-system-register.ts';

const SERVICE = 'elasticfilesystem';
const RESOURCE_PREFIX = 'file-system/';

/** The file systems of one source: its own directory and those that restores made, by ARN and by id. */
export class FileSystems {
  readonly register: FileSystemRegister;
  readonly #source: SourceConfiguration<DirectorySettings>;
  readonly #own: FileSystemRecord;

  private constructor(
    source: SourceConfiguration<DirectorySettings>,
    register: FileSystemRegister,
    own: FileSystemRecord,
  ) {
    this.#source = source;
    this.register = register;
    this.#own = own;
  }

  /** Registers the source's directory at the first time; its id stays the same for ever, wherever the path moves. */
  static async open(source: SourceConfiguration<DirectorySettings>, context: ConnectorContext): Promise<FileSystems> {
    const { accountId, region, name, settings } = source;
    const register = new FileSystemRegister(context.stateDirectory);
    const known = (await register.list()).find((record) => record.restored === undefined);
    const id = known?.id ?? derivedResourceId('fs-', [accountId, region, name, settings.path]);
    const createdAt = known?.createdAt ?? context.now();
    const last = known?.lastBackup === undefined ? {} : { lastBackup: known.lastBackup };
    const own = { id, name, path: settings.path, createdAt, tags: settings.tags, ...last };
    if (known === undefined || known.path !== own.path) await register.put(own);
    return new FileSystems(source, register, own);
  }

  /** Where restores make new file systems. */
  restorePath(context: ConnectorContext): string {
    return this.#source.settings.restorePath ?? context.restoreDirectory;
  }

  get own(): FileSystemRecord {
    return this.#own;
  }

  arnOf(id: string): string {
    const { region, accountId } = this.#source;
    return formatResourceArn({ service: SERVICE, region, accountId, resource: `${RESOURCE_PREFIX}${id}` });
  }

  /** @throws ConnectorError `not-found` for a resource that is not of this source */
  async byArn(arn: string): Promise<FileSystemRecord> {
    const { service, region, accountId, resource } = parseResourceArn(arn);
    const isOurs = service === SERVICE && region === this.#source.region && accountId === this.#source.accountId;
    if (!isOurs || !resource.startsWith(RESOURCE_PREFIX)) throw this.#notFound(arn);
    return this.byId(resource.slice(RESOURCE_PREFIX.length));
  }

  /** @throws ConnectorError `not-found` */
  async byId(id: string): Promise<FileSystemRecord> {
    if (id === this.#own.id) return this.#own;
    const record = await this.register.get(id);
    if (record?.restored === undefined) throw this.#notFound(id);
    return record;
  }

  async *discover(signal: AbortSignal): AsyncGenerator<DiscoveredResource> {
    yield await this.describe(this.#own);
    for (const record of await this.register.list()) {
      signal.throwIfAborted();
      if (record.restored !== undefined) yield await this.describe(record);
    }
  }

  async describe(record: FileSystemRecord): Promise<DiscoveredResource> {
    const problem = await this.#problemOf(record);
    return {
      arn: this.arnOf(record.id),
      resourceType: 'EFS',
      name: record.name,
      path: record.path,
      tags: record.tags,
      createdAt: record.createdAt,
      ...(record.lastBackup === undefined ? {} : { sizeBytes: record.lastBackup.bytes }),
      ...(problem === undefined ? { status: 'available' } : { status: 'unavailable', statusMessage: problem }),
    };
  }

  async #problemOf(record: FileSystemRecord): Promise<string | undefined> {
    if (record.restored?.finished === false) return 'A restore into it runs or was interrupted.';
    try {
      if ((await stat(record.path)).isDirectory()) return undefined;
      return `${record.path} is not a directory.`;
    } catch (error) {
      return `${record.path} cannot be reached: ${reasonOf(error)}.`;
    }
  }

  #notFound(what: string): ConnectorError {
    return new ConnectorError('not-found', `The source '${this.#source.name}' has no file system ${what}.`, {
      hint: "See 'holdfast resource list'.",
    });
  }
}

/** The path without links, or as it is when it does not exist yet; never fails. */
export async function resolved(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // A part of it is missing or closed: compare what is written, as far as the parent is known.
    return join(path);
  }
}
