/** Entry of a payload worker thread: hands each message to the session that it belongs to. */
import { parentPort } from 'node:worker_threads';
import type { WorkerLoaded, WorkerReport, WorkerRequest } from './payload-workers.ts';
import { RestoreSide } from './restore-side.ts';
import { WriteSide } from './write-side.ts';

const port = parentPort;
if (port === null) throw new Error('payload-worker.ts runs only as a worker thread');

const writers = new Map<number, WriteSide>();
const readers = new Map<number, RestoreSide>();
const report = (message: WorkerReport | WorkerLoaded) => port.postMessage(message);
report({ type: 'loaded' });

function handle(message: WorkerRequest): void {
  switch (message.type) {
    case 'open-write':
      writers.set(message.session, new WriteSide(message, report));
      return;
    case 'open-read':
      readers.set(message.session, new RestoreSide(message, report));
      return;
    case 'close-session':
      close(message.session);
      return;
    case 'restore-job':
    case 'prepare-file':
    case 'verify-file':
    case 'decode-frame':
      readers.get(message.session)?.handle(message);
      return;
    default:
      writers.get(message.session)?.handle(message);
  }
}

function close(session: number): void {
  writers.get(session)?.close();
  writers.delete(session);
  readers.delete(session);
}

port.on('message', (message: WorkerRequest) => {
  try {
    handle(message);
  } catch (error) {
    const { message: text, stack } = error as Error;
    close(message.session);
    report({
      type: 'session-failed',
      session: message.session,
      message: text,
      ...(stack === undefined ? {} : { stack }),
    });
  }
});
