import { type ConfigurationFlags, loadConfiguration } from '@holdfast/server/configuration';

/** How long running work may take to be handed back after SIGTERM, in ms. */
const GRACE_MS = 7000;

/** `holdfast worker`: claims and runs jobs until SIGTERM, or until the server that started it is gone. */
export async function worker(flags: ConfigurationFlags): Promise<void> {
  const configuration = loadConfiguration(flags, process.env);
  // Listened for from the beginning: a server that is gone again before its worker runs must not leave it behind.
  const isOrphan = new Promise<void>((resolve) => process.once('disconnect', () => resolve()));
  const { startWorker } = await import('@holdfast/server');
  const running = await startWorker(configuration);
  const isTold = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  await Promise.race([isOrphan, isTold]);
  await running.stop(GRACE_MS);
  // An IPC channel to a living parent would keep the process alive.
  if (process.connected) process.disconnect();
}
