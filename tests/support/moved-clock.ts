import type { Clock } from '@holdfast/jobs';

interface Timer {
  readonly firesAt: number;
  readonly callback: () => void;
  handle: NodeJS.Timeout;
}

/** The machine's clock, moved into the future at will: timers that are due by then fire at once. */
export class MovedClock implements Clock {
  /** How far it is ahead of the machine's clock, in ms. */
  offsetMs = 0;
  readonly #timers = new Set<Timer>();
  readonly #listeners: (() => void)[] = [];

  /** Calls back whenever the clock has been moved. */
  onMoved(listener: () => void): void {
    this.#listeners.push(listener);
  }

  now(): number {
    return Date.now() + this.offsetMs;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const firesAt = this.now() + delayMs;
    const timer: Timer = { firesAt, callback, handle: this.#arm(firesAt, () => this.#fire(timer)) };
    this.#timers.add(timer);
    return () => this.#forget(timer);
  }

  moveTo(at: number): void {
    this.offsetMs = at - Date.now();
    for (const timer of this.#timers) {
      clearTimeout(timer.handle);
      timer.handle = this.#arm(timer.firesAt, () => this.#fire(timer));
    }
    for (const listener of this.#listeners) listener();
  }

  move(ms: number): void {
    this.moveTo(this.now() + ms);
  }

  #arm(firesAt: number, fire: () => void): NodeJS.Timeout {
    return setTimeout(fire, Math.min(Math.max(0, firesAt - this.now()), 2 ** 31 - 1));
  }

  #fire(timer: Timer): void {
    this.#forget(timer);
    timer.callback();
  }

  #forget(timer: Timer): void {
    clearTimeout(timer.handle);
    this.#timers.delete(timer);
  }
}
