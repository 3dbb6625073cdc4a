/** The program of `WorkerProcess`. */
import { once } from 'node:events';
import { startWorker } from '@holdfast/server';
import { MovedClock } from './moved-clock.ts';
import type { WorkerMessage } from './worker-process.ts';

const GRACE_MS = 5000;

const clock = new MovedClock();
const moveClock = ({ offsetMs }: WorkerMessage): void => {
  if (offsetMs !== clock.offsetMs) clock.moveTo(Date.now() + offsetMs);
};
const [first] = (await once(process, 'message')) as [WorkerMessage];
moveClock(first);
process.on('message', moveClock);
if (first.configuration === undefined) throw new Error('the first message has to hold the configuration');
const worker = await startWorker(first.configuration, { clock });
process.send?.('started');
await Promise.race([once(process, 'SIGTERM'), once(process, 'disconnect')]);
await worker.stop(GRACE_MS);
if (process.connected) process.disconnect();
