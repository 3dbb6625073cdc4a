import { join } from 'node:path';
import {
  type Bucket,
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import { RecordFiles } from '../restored-instances/record-files.ts';
import type { ConnectorContext, DiscoveredResource, SourceConfiguration } from '../sdk/v1/connector.ts';
import { ConnectorError } from '../sdk/v1/connector-error.ts';
import { formatResourceArn, parseResourceArn } from '../sdk/v1/resource-arn.ts';
import { isChosen, type S3Settings } from './config.ts';
import type { S3Connection } from './connection.ts';
import { hasCode, hasStatus, s3Error } from './errors.ts';

const DESCRIBED_AT_ONCE = 8;

const bucketRecord = z.object({
  name: z.string(),
  createdAt: z.number().optional(),
  tags: z.record(z.string(), z.string()),
  lastBackup: z.object({ items: z.number(), bytes: z.number() }).optional(),
  /** Present for a bucket that a restore made: what deleteRestored may remove. */
  restored: z.object({ jobId: z.string(), finished: z.boolean() }).optional(),
});

/** What is remembered of a bucket between runs. */
export type BucketRecord = z.infer<typeof bucketRecord>;

/** A bucket as it is now. */
export interface BucketDescription {
  readonly name: string;
  readonly createdAt: number | undefined;
  readonly versioning: 'Enabled' | 'Suspended' | 'never';
  readonly tags: Readonly<Record<string, string>>;
  readonly sizeBytes: number | undefined;
  /** Access control lists are turned off: the bucket's owner owns everything in it. */
  readonly hasNoAcls: boolean;
  readonly lastBackup: BucketRecord['lastBackup'];
}

/** The buckets of one source: those that its settings choose and those that restores made. */
export class Buckets {
  readonly register: RecordFiles<BucketRecord>;
  readonly #connection: S3Connection;
  readonly #source: SourceConfiguration<S3Settings>;

  constructor(connection: S3Connection, source: SourceConfiguration<S3Settings>, context: ConnectorContext) {
    this.#connection = connection;
    this.#source = source;
    this.register = new RecordFiles(join(context.stateDirectory, 'buckets'), bucketRecord);
  }

  arnOf(bucket: string): string {
    return formatResourceArn({ service: 's3', region: '', accountId: '', resource: bucket });
  }

  /** @throws ConnectorError `not-found` for a resource that is not of this source; `denied`, `unavailable` */
  async byArn(arn: string, signal: AbortSignal): Promise<BucketDescription> {
    const name = await this.nameOf(arn);
    try {
      return await this.describe(name, signal);
    } catch (error) {
      if (hasCode(error, 'NoSuchBucket', 'NotFound') || hasStatus(error, 404)) throw this.#notFound(arn);
      throw s3Error(`Cannot look at the bucket ${name}`, error);
    }
  }

  /** The bucket's name. @throws ConnectorError `not-found` for a resource that is not of this source */
  async nameOf(arn: string): Promise<string> {
    const { service, resource } = parseResourceArn(arn);
    const isOurs = service === 's3' && !resource.includes('/');
    if (isOurs && (isChosen(this.#source.settings, resource) || (await this.isRestored(resource)))) return resource;
    throw this.#notFound(arn);
  }

  async isRestored(name: string): Promise<boolean> {
    return (await this.register.get(name))?.restored !== undefined;
  }

  async isRestoreUnfinished(name: string): Promise<boolean> {
    return (await this.register.get(name))?.restored?.finished === false;
  }

  async rememberBackup(name: string, lastBackup: NonNullable<BucketRecord['lastBackup']>): Promise<void> {
    const record = (await this.register.get(name)) ?? { name, tags: {} };
    await this.register.put(name, { ...record, lastBackup });
  }

  /** @throws what the store answers, S3RequestError */
  async describe(name: string, signal: AbortSignal, createdAt?: number): Promise<BucketDescription> {
    const record = await this.register.get(name);
    const { headers } = await this.#connection.send(name, { method: 'HEAD' }, signal);
    const [versioning, tags, hasNoAcls] = await Promise.all([
      versioningOf(this.#connection, name, signal),
      tagsOf(this.#connection, name, signal),
      hasAclsOff(this.#connection, name, signal),
    ]);
    const used = Number(headers['x-rgw-bytes-used'] ?? Number.NaN);
    return {
      name,
      createdAt: createdAt ?? record?.createdAt,
      versioning,
      tags,
      sizeBytes: Number.isNaN(used) ? record?.lastBackup?.bytes : used,
      hasNoAcls,
      lastBackup: record?.lastBackup,
    };
  }

  /** When the store is lost, the buckets that it had, as unavailable. @throws ConnectorError when none is known */
  async *discover(signal: AbortSignal): AsyncGenerator<DiscoveredResource> {
    let listed: readonly Bucket[];
    try {
      listed = await this.list(signal);
    } catch (error) {
      signal.throwIfAborted();
      const failure = s3Error(`The buckets of the source '${this.#source.name}' cannot be listed`, error);
      const known = await this.register.list();
      if (known.length === 0) throw failure;
      for (const record of known) yield this.#lost(record, failure.message);
      return;
    }
    for (let at = 0; at < listed.length; at += DESCRIBED_AT_ONCE) {
      const some = listed.slice(at, at + DESCRIBED_AT_ONCE);
      yield* await Promise.all(some.map((bucket) => this.#discovered(bucket, signal)));
    }
  }

  /** Chosen and restored buckets by name, after forgetting those that are gone. @throws what the store answers */
  async list(signal: AbortSignal): Promise<readonly Bucket[]> {
    const all: Bucket[] = [];
    let token: string | undefined;
    do {
      const command = new ListBucketsCommand(token === undefined ? {} : { ContinuationToken: token });
      const answer = await this.#connection.request(signal, (client, options) => client.send(command, options));
      all.push(...(answer.Buckets ?? []));
      token = answer.ContinuationToken;
    } while (token !== undefined && token !== '');
    const names = new Set(all.map(({ Name }) => Name));
    const restored = new Set<string>();
    for (const record of await this.register.list()) {
      if (record.restored !== undefined) restored.add(record.name);
      if (!names.has(record.name) && record.restored?.finished !== false) await this.register.remove(record.name);
    }
    return all
      .filter(({ Name = '' }) => isChosen(this.#source.settings, Name) || restored.has(Name))
      .sort((a, b) => ((a.Name ?? '') < (b.Name ?? '') ? -1 : 1));
  }

  async #discovered({ Name: name = '', CreationDate }: Bucket, signal: AbortSignal): Promise<DiscoveredResource> {
    const createdAt = CreationDate?.getTime();
    const record = await this.register.get(name);
    try {
      const bucket = await this.describe(name, signal, createdAt);
      const { lastBackup, tags } = bucket;
      await this.#remember({
        ...record,
        name,
        tags,
        ...(createdAt === undefined ? {} : { createdAt }),
        ...(lastBackup && { lastBackup }),
      });
      return this.resource(
        bucket,
        record?.restored?.finished === false ? 'A restore into it runs or was interrupted.' : undefined,
      );
    } catch (error) {
      signal.throwIfAborted();
      return this.#lost(record ?? { name, tags: {} }, s3Error('It cannot be looked at', error).message);
    }
  }

  /** Written only when it says something new, since discovery runs often. */
  async #remember(record: BucketRecord): Promise<void> {
    const before = await this.register.get(record.name);
    if (JSON.stringify(before) !== JSON.stringify(record)) await this.register.put(record.name, record);
  }

  resource(bucket: BucketDescription, problem?: string): DiscoveredResource {
    const { name, tags, sizeBytes, createdAt, versioning } = bucket;
    const unversioned = versioningProblem(name, versioning);
    const message = problem ?? (unversioned === undefined ? undefined : `${unversioned.message} ${unversioned.hint}`);
    return {
      arn: this.arnOf(name),
      resourceType: 'S3',
      name,
      tags,
      ...(sizeBytes === undefined ? {} : { sizeBytes }),
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(message === undefined ? { status: 'available' } : { status: 'unavailable', statusMessage: message }),
    };
  }

  #lost({ name, tags, createdAt }: BucketRecord, statusMessage: string): DiscoveredResource {
    return {
      arn: this.arnOf(name),
      resourceType: 'S3',
      name,
      tags,
      status: 'unavailable',
      statusMessage,
      ...(createdAt === undefined ? {} : { createdAt }),
    };
  }

  #notFound(what: string): ConnectorError {
    return new ConnectorError('not-found', `The source '${this.#source.name}' has no bucket ${what}.`, {
      hint: "See 'holdfast resource list', and the setting buckets of the source.",
    });
  }
}

/** Why a bucket cannot be backed up: without versions there is no consistent state and no past. */
export function versioningProblem(
  bucket: string,
  versioning: BucketDescription['versioning'],
): { readonly message: string; readonly hint: string } | undefined {
  if (versioning === 'Enabled') return undefined;
  const state = versioning === 'never' ? 'has no versioning' : 'has its versioning suspended';
  return {
    message: `The bucket ${bucket} ${state}, which backups need.`,
    hint: `Turn it on: aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled`,
  };
}

export async function versioningOf(
  connection: S3Connection,
  Bucket: string,
  signal: AbortSignal,
): Promise<BucketDescription['versioning']> {
  const command = new GetBucketVersioningCommand({ Bucket });
  const { Status } = await connection.request(signal, (client, options) => client.send(command, options));
  return Status ?? 'never';
}

async function tagsOf(connection: S3Connection, Bucket: string, signal: AbortSignal): Promise<Record<string, string>> {
  const command = new GetBucketTaggingCommand({ Bucket });
  try {
    const { TagSet = [] } = await connection.request(signal, (client, options) => client.send(command, options));
    return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  } catch (error) {
    if (hasCode(error, 'NoSuchTagSet', 'NoSuchTagSetError', 'NotImplemented')) return {};
    throw error;
  }
}

/** Most stores know nothing of ownership controls, and then lists are on. */
export async function hasAclsOff(connection: S3Connection, Bucket: string, signal: AbortSignal): Promise<boolean> {
  const command = new GetBucketOwnershipControlsCommand({ Bucket });
  try {
    const { OwnershipControls } = await connection.request(signal, (client, options) => client.send(command, options));
    return OwnershipControls?.Rules?.some(({ ObjectOwnership }) => ObjectOwnership === 'BucketOwnerEnforced') ?? false;
  } catch (error) {
    signal.throwIfAborted();
    if (hasStatus(error, 400, 403, 404, 405, 501)) return false;
    throw error;
  }
}
