import type { Authority, WriteLease } from '../authority/authority.ts';

/** Holds a write lease and renews it three times as often as needed. */
export class LeaseKeeper {
  readonly #authority: Authority;
  readonly #ttlMs: number;
  readonly #onLost: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #lease: WriteLease;

  constructor(authority: Authority, lease: WriteLease, ttlMs: number, onLost: (error: unknown) => void) {
    this.#authority = authority;
    this.#lease = lease;
    this.#ttlMs = ttlMs;
    this.#onLost = onLost;
    this.#timer = setInterval(() => this.#renew(), ttlMs / 3);
    this.#timer.unref();
  }

  get lease(): WriteLease {
    return this.#lease;
  }

  #renew(): void {
    this.#authority.renewWriteLease(this.#lease, this.#ttlMs).then((lease) => {
      this.#lease = lease;
    }, this.#onLost);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
