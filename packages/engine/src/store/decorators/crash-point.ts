import type { Store } from '../store.ts';
import { ForwardingStore, type StoreCall } from './forwarding-store.ts';

/** Thrown at the crash and by everything after it. No code under test may catch it and go on as if nothing was. */
export class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash';
}

const WITHOUT_EFFECT = new Set<string>(['get', 'head', 'warmUp']);

/**
 * Counts the steps of a process that change anything outside it, and kills it at one of them: before the step has its
 * effect, or after the effect and before anybody hears of it. From then on the process is dead: every further call
 * fails. A run with `killAt` undefined counts how many steps there are, so that a test can try all of them.
 */
export class CrashPoint {
  readonly #killAt: number | undefined;
  readonly #when: 'before' | 'after';
  readonly #names: string[] = [];
  #isDead = false;

  constructor(killAt?: number, when: 'before' | 'after' = 'before') {
    this.#killAt = killAt;
    this.#when = when;
  }

  /** Names of the steps that were reached, in order. */
  get steps(): readonly string[] {
    return this.#names;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  async step<T>(name: string, hasEffect: boolean, work: () => Promise<T>): Promise<T> {
    if (this.#isDead) throw new SimulatedCrash(`${name} after the crash`);
    if (!hasEffect) return work();
    this.#names.push(name);
    const isLast = this.#names.length - 1 === this.#killAt;
    if (isLast && this.#when === 'before') this.#die(name);
    const result = await work();
    if (isLast) this.#die(name);
    return result;
  }

  #die(name: string): never {
    this.#isDead = true;
    throw new SimulatedCrash(`killed ${this.#when} ${name}`);
  }
}

/** A store whose changing calls are steps of a crash point. */
export class CrashingStore extends ForwardingStore {
  readonly #crash: CrashPoint;

  constructor(inner: Store, crash: CrashPoint) {
    super(inner);
    this.#crash = crash;
  }

  protected override forward<T>(call: StoreCall, work: () => Promise<T>): Promise<T> {
    return this.#crash.step(`${call.operation} ${call.key}`, !WITHOUT_EFFECT.has(call.operation), work);
  }
}

/** Wraps any port whose methods return promises (an authority, with its parts) so that each call is a step; `reads` change nothing. */
export function crashing<Port extends object>(port: Port, crash: CrashPoint, reads: ReadonlySet<string>): Port {
  return new Proxy(port, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value === 'object' && value !== null) return crashing(value, crash, reads);
      if (typeof value !== 'function' || typeof property !== 'string') return value;
      return (...args: unknown[]) =>
        crash.step(property, !reads.has(property), async () => Reflect.apply(value, target, args) as unknown);
    },
  });
}
