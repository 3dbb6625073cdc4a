/** The identity service as the page about users calls it. */
import type { IAMClient } from '@aws-sdk/client-iam';
import { sessionStore } from '../session/session-store.ts';

type Commands = typeof import('@aws-sdk/client-iam');

/** Runs work with a client of the identity service, which has no regions. */
export async function callIam<T>(work: (client: IAMClient, commands: Commands) => Promise<T>): Promise<T> {
  const commands = await import('@aws-sdk/client-iam');
  const { accessKeyId, secretAccessKey, sessionToken } = await sessionStore.credentials();
  const client = new commands.IAMClient({
    region: 'us-east-1',
    endpoint: window.location.origin,
    maxAttempts: 2,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  return await work(client, commands);
}
