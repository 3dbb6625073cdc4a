import type { ReadLease } from '../authority/authority.ts';
import { AuthorityError } from '../authority/authority-error.ts';
import { EngineError } from '../engine-error.ts';
import type { PointObject } from '../point/point-object.ts';
import { readPoint, type Vault } from '../vault.ts';

/** A recovery point under a read lease that renews itself until `release`. */
export class HeldPoint implements AsyncDisposable {
  readonly point: PointObject;
  readonly #vault: Vault;
  readonly #lease: ReadLease;
  readonly #renewal: NodeJS.Timeout;
  #failure: unknown;
  #isReleased = false;

  private constructor(vault: Vault, lease: ReadLease, point: PointObject) {
    this.#vault = vault;
    this.#lease = lease;
    this.point = point;
    this.#renewal = setInterval(() => this.#renew(), vault.leaseMs / 3);
    this.#renewal.unref();
  }

  /** @throws EngineError `not-found`, `damaged`, `unsupported` */
  static async open(vault: Vault, recoveryPointId: string): Promise<HeldPoint> {
    const lease = await acquire(vault, recoveryPointId);
    try {
      return new HeldPoint(vault, lease, await readPoint(vault, recoveryPointId));
    } catch (error) {
      await vault.authority.releaseReadLease(lease);
      throw error;
    }
  }

  #renew(): void {
    this.#vault.authority.renewReadLease(this.#lease, this.#vault.leaseMs).catch((error: unknown) => {
      this.#failure = error;
      clearInterval(this.#renewal);
    });
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** @throws EngineError `closed` after `release`; `lease-lost` when somebody may have deleted it meanwhile */
  check(): void {
    const { recoveryPointId } = this.point.header;
    if (this.#isReleased) throw new EngineError('closed', `recovery point ${recoveryPointId} was closed`);
    if (this.#failure === undefined) return;
    throw new EngineError('lease-lost', `the read lease of recovery point ${recoveryPointId} lapsed`, {
      cause: this.#failure,
    });
  }

  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    clearInterval(this.#renewal);
    await this.#vault.authority.releaseReadLease(this.#lease);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

async function acquire(vault: Vault, recoveryPointId: string): Promise<ReadLease> {
  const { vaultId, holder, leaseMs, authority } = vault;
  try {
    return await authority.acquireReadLease({ vaultId, recoveryPointId, holder, ttlMs: leaseMs });
  } catch (error) {
    if (!(error instanceof AuthorityError) || error.code !== 'not-found') throw error;
    throw new EngineError('not-found', error.message, { cause: error });
  }
}
