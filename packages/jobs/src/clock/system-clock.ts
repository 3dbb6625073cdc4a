import type { Clock } from './clock.ts';

/** Longer delays overflow Node's timers and would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, callback) {
    const firesAt = Date.now() + delayMs;
    let timer: NodeJS.Timeout;
    const arm = () => {
      const remaining = firesAt - Date.now();
      timer =
        remaining > LONGEST_TIMER_MS ? setTimeout(arm, LONGEST_TIMER_MS) : setTimeout(callback, Math.max(0, remaining));
    };
    arm();
    return () => clearTimeout(timer);
  },
};
