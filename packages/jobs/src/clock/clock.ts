/** Time as a port: everything that waits or looks at the time does it here. */
export interface Clock {
  /** Ms since the epoch. */
  now(): number;
  /** Calls once after the delay; the function that comes back cancels. */
  setTimer(delayMs: number, callback: () => void): () => void;
}

/** Waits; ends early, without an error, when the signal aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.setTimer(delayMs, end);
    signal?.addEventListener('abort', end, { once: true });
  });
}
