/** What every process of Holdfast stands on: data directory, master key, catalog, clock, log. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Catalog, type CatalogLocation, openCatalog } from '@holdfast/catalog';
import { type Clock, systemClock } from '@holdfast/jobs';
import { loadMasterKey, type MasterKey } from '@holdfast/neighbours';
import { resolveSecret } from '../adapters/secret-references.ts';
import type { LoadedConfiguration } from '../configuration/load-configuration.ts';
import { type DataDirectory, openDataDirectory } from '../data-directory.ts';
import { createLogger, type Logger } from '../logger.ts';
import { StartupError } from '../startup-error.ts';

export interface Foundation {
  readonly configuration: LoadedConfiguration;
  readonly directory: DataDirectory;
  readonly log: Logger;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly masterKey: MasterKey;
  /** Unique among all processes that share the catalog, also after a restart. */
  readonly processId: string;
}

/**
 * @param clock the machine's clock; another one for tests that live through months
 * @throws StartupError when the directory, the key or the catalog cannot be used
 */
export async function layFoundation(
  configuration: LoadedConfiguration,
  role: 'server' | 'worker',
  clock: Clock = systemClock,
): Promise<Foundation> {
  const directory = openDataDirectory(configuration.data);
  const log = createLogger(configuration.log, role);
  const file = join(directory.keys, 'master.key');
  const masterKey = await explained(() => loadMasterKey({ text: process.env.HOLDFAST_MASTER_KEY, file }));
  const onIdleError = (error: Error): void =>
    log.warn({ err: error }, 'a connection to the catalog broke and is replaced');
  const location = await catalogLocation(configuration, directory);
  const catalog = await explained(() => openCatalog(location, { now: () => clock.now(), onIdleError }));
  const processId = `${role}-${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  return { configuration, directory, log, clock, catalog, masterKey, processId };
}

async function catalogLocation(configuration: LoadedConfiguration, directory: DataDirectory): Promise<CatalogLocation> {
  const { catalog } = configuration;
  if (catalog.kind === 'sqlite') return { kind: 'sqlite', path: catalog.path ?? directory.catalog };
  return { kind: 'postgres', connectionString: await explained(() => resolveSecret(catalog.url)) };
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StartupError((error as Error).message, { cause: error });
  }
}
