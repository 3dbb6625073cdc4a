/** AWS Backup's API as this page calls it. The SDK is loaded with the first page that needs it, not with the shell. */
import type { BackupClient } from '@aws-sdk/client-backup';
import { sessionStore } from '../session/session-store.ts';

type Commands = typeof import('@aws-sdk/client-backup');

/** One client per region. */
export interface BackupApi {
  readonly region: string;
  /** Runs work with the client and the SDK's commands. */
  call<T>(work: (client: BackupClient, commands: Commands) => Promise<T>): Promise<T>;
}

export function createBackupApi(region: string): BackupApi {
  let loaded: Promise<{ client: BackupClient; commands: Commands }> | undefined;
  const load = async () => {
    const commands = await import('@aws-sdk/client-backup');
    const client = new commands.BackupClient({
      region,
      endpoint: window.location.origin,
      maxAttempts: 2,
      credentials: async () => {
        const { expiresAt, ...credentials } = await sessionStore.credentials();
        return { ...credentials, expiration: new Date(expiresAt) };
      },
    });
    return { client, commands };
  };
  return {
    region,
    call: async (work) => {
      loaded ??= load();
      const { client, commands } = await loaded;
      return await work(client, commands);
    },
  };
}
