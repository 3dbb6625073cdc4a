import type { RunningServer } from '@holdfast/server';
import { type ConfigurationFlags, loadConfiguration } from '@holdfast/server/configuration';

/** How long running work may take to be handed back after SIGTERM, in ms; the process leaves within 10 s. */
const GRACE_MS = 8000;

/** `holdfast serve`: runs until SIGTERM or SIGINT. */
export async function serve(flags: ConfigurationFlags): Promise<void> {
  const configuration = loadConfiguration(flags, process.env);
  const { startServer } = await import('@holdfast/server');
  const server = await startServer(configuration, {
    workerCommand: workerCommand(configuration.data, configuration.file),
  });
  printWelcome(server);
  await untilSignal();
  console.error('holdfast: finishing ...');
  await server.stop(GRACE_MS);
}

function workerCommand(data: string, file: string | undefined): readonly string[] {
  const config = file === undefined ? [] : ['--config', file];
  const main = new URL('../main.ts', import.meta.url).pathname;
  return [process.execPath, ...process.execArgv, main, 'worker', '--data', data, ...config];
}

function printWelcome(server: RunningServer): void {
  const { url, data } = server;
  console.log(`Holdfast listens on ${url}

  console       ${url}/  (user administrator, password in ${data}/console-password)
  credentials   ${data}/aws/credentials  (profile holdfast)
  data          ${data}

Next, in another terminal:
  npx holdfast source add directory docs --path ~/Documents
  npx holdfast protect ~/Documents

Any AWS client works too:
  export AWS_CONFIG_FILE=${data}/aws/config AWS_SHARED_CREDENTIALS_FILE=${data}/aws/credentials AWS_PROFILE=holdfast
  aws backup list-backup-vaults
`);
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
