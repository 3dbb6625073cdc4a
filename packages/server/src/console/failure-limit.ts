/** Slows guessing down: after some failures under one key, attempts are refused until time has passed. */

export interface FailureLimitOptions {
  /** Failures that cost nothing. */
  readonly freeFailures: number;
  /** First refusal, ms; doubles with every further failure. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** Keys remembered at most; the oldest go first, so that an attacker cannot fill the memory. */
  readonly mostKeys?: number;
}

interface Failures {
  readonly count: number;
  readonly blockedUntil: number;
}

const MOST_KEYS = 20_000;

export class FailureLimit {
  readonly #options: FailureLimitOptions;
  readonly #failures = new Map<string, Failures>();

  constructor(options: FailureLimitOptions) {
    this.#options = options;
  }

  /** ms until the next attempt under this key is heard; 0 when it may come now. */
  waitMs(key: string, now: number): number {
    return Math.max(0, (this.#failures.get(key)?.blockedUntil ?? 0) - now);
  }

  /** Remembers a failed attempt. */
  failed(key: string, now: number): void {
    const { freeFailures, firstPauseMs, longestPauseMs, mostKeys = MOST_KEYS } = this.#options;
    const before = this.#failures.get(key);
    const isForgotten = before !== undefined && before.blockedUntil + longestPauseMs < now;
    const count = (isForgotten ? 0 : (before?.count ?? 0)) + 1;
    const excess = count - freeFailures;
    const pauseMs = excess < 0 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(excess, 30));
    this.#failures.delete(key);
    this.#failures.set(key, { count, blockedUntil: now + pauseMs });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > mostKeys && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** Forgets the failures of a key, after a success. */
  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}
