/**
 * How a command finds the server and its credentials: `--endpoint` and `--profile` win, then the profile that the
 * server wrote below the data directory, then what AWS clients use everywhere (environment, shared files).
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BackupClient } from '@aws-sdk/client-backup';
import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import { CommandError } from './command-error.ts';

export interface ConnectionFlags {
  readonly endpoint?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly data?: string;
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Connection extends Keys {
  readonly endpoint: string;
  readonly region: string;
  /** The data directory of the local server whose profile was used; undefined for another server. */
  readonly data: string | undefined;
}

interface FoundProfile {
  readonly keys: Keys | undefined;
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
}

/** @throws CommandError that says where was looked and what to type */
export async function findConnection(
  flags: ConnectionFlags,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Connection> {
  const data = resolve(flags.data ?? (env.HOLDFAST_DATA || 'holdfast-data'));
  const local = flags.profile === undefined ? await localProfile(data) : undefined;
  const found = local ?? environmentKeys(flags, env) ?? (await sharedProfile(flags, env));
  const endpoint = flags.endpoint ?? env.HOLDFAST_ENDPOINT ?? found.endpoint ?? env.AWS_ENDPOINT_URL;
  if (found.keys === undefined) {
    throw new CommandError(
      `no credentials: ${join(data, 'aws', 'credentials')} does not exist. Start the server here (npm start), ` +
        'or name its data directory with HOLDFAST_DATA, or use --profile and --endpoint for another server.',
    );
  }
  if (endpoint === undefined) {
    throw new CommandError('no server address: give --endpoint http://HOST:8400, or HOLDFAST_DATA of a local server.');
  }
  const region = flags.region ?? found.region ?? env.AWS_REGION ?? 'us-east-1';
  return { endpoint, region, ...found.keys, data: local === undefined ? undefined : data };
}

async function localProfile(data: string): Promise<FoundProfile | undefined> {
  const filepath = join(data, 'aws', 'credentials');
  if (!existsSync(filepath)) return undefined;
  return readProfile('holdfast', { filepath, configFilepath: join(data, 'aws', 'config') });
}

function environmentKeys(flags: ConnectionFlags, env: NodeJS.ProcessEnv): FoundProfile | undefined {
  const accessKeyId = env.AWS_ACCESS_KEY_ID;
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY;
  if (flags.profile !== undefined || !accessKeyId || !secretAccessKey) return undefined;
  const token = env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {};
  return { keys: { accessKeyId, secretAccessKey, ...token }, endpoint: undefined, region: env.AWS_REGION };
}

function sharedProfile(flags: ConnectionFlags, env: NodeJS.ProcessEnv): Promise<FoundProfile> {
  return readProfile(flags.profile ?? env.AWS_PROFILE ?? 'default', {
    ...(env.AWS_SHARED_CREDENTIALS_FILE ? { filepath: env.AWS_SHARED_CREDENTIALS_FILE } : {}),
    ...(env.AWS_CONFIG_FILE ? { configFilepath: env.AWS_CONFIG_FILE } : {}),
  });
}

async function readProfile(
  name: string,
  files: { readonly filepath?: string; readonly configFilepath?: string },
): Promise<FoundProfile> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ...files, ignoreCache: true });
  const profile = { ...configFile[name], ...credentialsFile[name] };
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = profile;
  const token = profile.aws_session_token ? { sessionToken: profile.aws_session_token } : {};
  return {
    keys: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, ...token } : undefined,
    endpoint: profile.endpoint_url,
    region: profile.region,
  };
}

/** The official client against this server. */
export function backupClient(connection: Connection): BackupClient {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken } = connection;
  return new BackupClient({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    maxAttempts: 3,
  });
}
