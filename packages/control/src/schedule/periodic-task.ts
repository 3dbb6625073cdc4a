import { type Clock, sleep } from '@holdfast/jobs';

export interface PeriodicTask {
  /** Lets a running round finish and starts no further one. */
  stop(): Promise<void>;
}

/**
 * Runs a task at once and then again and again, `intervalMs` after each round has ended. An error of a round goes to
 * `onError` and does not end the task.
 */
export function startPeriodicTask(
  clock: Clock,
  intervalMs: number,
  task: (signal: AbortSignal) => Promise<unknown>,
  onError: (error: unknown) => void,
): PeriodicTask {
  const stopping = new AbortController();
  const rounds = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await task(stopping.signal);
      } catch (error) {
        onError(error);
      }
      await sleep(clock, intervalMs, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await rounds;
    },
  };
}
