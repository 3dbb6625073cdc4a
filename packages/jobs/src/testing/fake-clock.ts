import type { Clock } from '../clock/clock.ts';

interface Timer {
  readonly firesAt: number;
  readonly sequence: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it; timers fire in order as it passes them. */
export class FakeClock implements Clock {
  #now: number;
  #sequence = 0;
  readonly #timers = new Set<Timer>();

  constructor(now = Date.UTC(2024, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const timer = { firesAt: this.#now + Math.max(0, delayMs), sequence: this.#sequence++, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves on by `ms`: fires each timer at its time and lets what it started settle before the next one. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    await settle();
    for (let timer = this.#nextUntil(target); timer !== undefined; timer = this.#nextUntil(target)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.firesAt);
      timer.callback();
      await settle();
    }
    this.#now = target;
    await settle();
  }

  /** Sets the time without firing anything on the way, as when a machine slept or its clock was set (also backwards). */
  jump(ms: number): void {
    this.#now += ms;
  }

  #nextUntil(target: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.firesAt > target) continue;
      if (first === undefined || before(timer, first)) first = timer;
    }
    return first;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.firesAt === b.firesAt ? a.sequence < b.sequence : a.firesAt < b.firesAt;
}

/** Lets promise chains run on: enough turns of the event loop for in-memory and SQLite work. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
