/** The real server and a real worker in this process, on a clock that a test can move. */
import { join } from 'node:path';
import { BackupClient } from '@aws-sdk/client-backup';
import { type RunningWorker, startServer, startWorker } from '@holdfast/server';
import { type LoadedConfiguration, loadConfiguration } from '@holdfast/server/configuration';
import { temporaryDirectory } from '@holdfast/testkit';
import { MovedClock } from './moved-clock.ts';
import { clientEnvironment, profileCredentials } from './running-server.ts';

interface CleansUp {
  after(fn: () => void | Promise<void>): void;
}

export interface MovedServer {
  readonly clock: MovedClock;
  readonly url: string;
  readonly data: string;
  /** For `holdfast`, while the clock has not been moved. */
  readonly env: NodeJS.ProcessEnv;
  readonly directory: string;
  /** The official client, signing at the time of the moved clock. */
  client(region?: string): BackupClient;
}

/** Starts what runs the jobs. */
export type StartWorker = (configuration: LoadedConfiguration, clock: MovedClock) => Promise<RunningWorker>;

/**
 * @param home a directory that becomes the source `home`
 * @param more configuration beside it
 * @param startOwnWorker another place for the worker than this process
 */
export async function startMovedServer(
  t: CleansUp,
  home: string,
  more: Partial<LoadedConfiguration> = {},
  startOwnWorker: StartWorker = (configuration, clock) => startWorker(configuration, { clock }),
): Promise<MovedServer> {
  const clock = new MovedClock();
  const directory = temporaryDirectory(t, 'holdfast-moved-');
  const data = join(directory, 'data');
  const loaded = loadConfiguration({ data, port: '0' }, {});
  const configuration: LoadedConfiguration = {
    ...loaded,
    workers: { ...loaded.workers, processes: 0 },
    sources: [{ name: 'home', kind: 'directory', settings: { path: home } }],
    log: { level: 'error', format: 'json' },
    ...more,
  };
  const server = await startServer(configuration, { workerCommand: [], clock });
  const worker = await startOwnWorker(configuration, clock);
  t.after(async () => {
    await worker.stop(5000);
    await server.stop(5000);
  });
  const credentials = profileCredentials(data);
  const client = (region = 'us-east-1'): BackupClient =>
    new BackupClient({
      endpoint: server.url,
      region,
      credentials,
      maxAttempts: 1,
      systemClockOffset: clock.offsetMs,
    });
  return { clock, url: server.url, data, directory, env: clientEnvironment(data), client };
}
