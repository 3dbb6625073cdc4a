/**
 * Finds and reads the configuration: flags win over the environment, the environment over `holdfast.yaml`, the file
 * over the defaults.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { StartupError } from '../startup-error.ts';
import { type Configuration, configurationSchema } from './configuration-schema.ts';

/** What the command line said; undefined members were not given. */
export interface ConfigurationFlags {
  readonly host?: string;
  readonly port?: string;
  readonly data?: string;
  readonly config?: string;
}

export interface LoadedConfiguration extends Configuration {
  /** Absolute path of the data directory. */
  readonly data: string;
  /** Absolute path of the file that was read; undefined when there is none. */
  readonly file: string | undefined;
}

/** The data directory by flag, environment or default (`./holdfast-data`), as an absolute path. */
export function dataDirectoryPath(flags: ConfigurationFlags, env: NodeJS.ProcessEnv): string {
  return resolve(flags.data ?? (env.HOLDFAST_DATA || 'holdfast-data'));
}

/**
 * Reads `holdfast.yaml` (flag `--config`, `HOLDFAST_CONFIG`, the working directory, or the data directory).
 * @throws StartupError naming file, key and reason when the file is missing, damaged or does not fit the schema
 */
export function loadConfiguration(flags: ConfigurationFlags, env: NodeJS.ProcessEnv): LoadedConfiguration {
  const data = dataDirectoryPath(flags, env);
  const file = configurationFile(flags, env, data);
  const fromFile = file === undefined ? {} : readFile(file);
  const overrides = {
    ...setIf('host', flags.host ?? env.HOLDFAST_HOST),
    ...setIf(
      'port',
      portNumber(flags.port ?? env.HOLDFAST_PORT, flags.port === undefined ? 'HOLDFAST_PORT' : '--port'),
    ),
  };
  const parsed = configurationSchema.safeParse({ ...fromFile, ...overrides });
  if (!parsed.success) {
    throw new StartupError(`${file ?? 'configuration'} does not fit: ${explain(parsed.error)}`, {
      cause: parsed.error,
    });
  }
  return { ...parsed.data, data, file };
}

function configurationFile(flags: ConfigurationFlags, env: NodeJS.ProcessEnv, data: string): string | undefined {
  const named = flags.config ?? env.HOLDFAST_CONFIG;
  if (named) {
    if (!existsSync(named)) throw new StartupError(`configuration file ${resolve(named)} does not exist`);
    return resolve(named);
  }
  return [resolve('holdfast.yaml'), join(data, 'holdfast.yaml')].find((candidate) => existsSync(candidate));
}

function readFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartupError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
  const document = parseDocument(text, { prettyErrors: true });
  const [first] = document.errors;
  if (first !== undefined) throw new StartupError(`${file} is not valid YAML: ${first.message.split('\n')[0]}`);
  const content: unknown = document.toJS();
  if (content === null || content === undefined) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw new StartupError(`${file} must hold keys and values`);
  return content as Record<string, unknown>;
}

function setIf(key: string, value: unknown): Record<string, unknown> {
  return value === undefined || value === '' ? {} : { [key]: value };
}

function portNumber(text: string | undefined, origin: string): number | undefined {
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new StartupError(`${origin} must be a port number from 0 to 65535, not ${JSON.stringify(text)}`);
  }
  return port;
}

function explain(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.length === 0 ? 'the file' : issue.path.join('.')}: ${issue.message}`)
    .join('; ');
}
