import type { JoinedVersion } from '../join-parent.ts';

/**
 * Compares what a listing found with what notifications had told: they are followed once a listing has shown that they
 * arrive, and no longer when one has shown that some do not. A store may be unable to reach the address that it was given.
 */
export class HintProof {
  readonly #keys: ReadonlySet<string>;
  readonly #fromAt: number;
  readonly #untilAt: number;
  #told = 0;
  #missed = 0;

  /**
   * @param keys that notifications named since the last capture
   * @param fromAt what was made until then, in ms, the last capture knew
   * @param untilAt the notification of what was made later may be on its way
   */
  constructor(keys: readonly string[], fromAt: number, untilAt: number) {
    this.#keys = new Set(keys);
    this.#fromAt = fromAt;
    this.#untilAt = untilAt;
  }

  see({ listed, parent }: JoinedVersion): void {
    if (listed === undefined || parent !== undefined) return;
    if (listed.at <= this.#fromAt || listed.at > this.#untilAt) return;
    if (this.#keys.has(listed.key)) this.#told += 1;
    else this.#missed += 1;
  }

  /** Versions that no notification told. */
  get missed(): number {
    return this.#missed;
  }

  /** Whether notifications are to be followed from now on. */
  isProven(before: boolean): boolean {
    if (this.#missed > 0) return false;
    return before || this.#told > 0;
  }
}
