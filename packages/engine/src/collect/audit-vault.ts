import type { PackId } from '../authority/authority.ts';
import { EngineError } from '../engine-error.ts';
import { readPoint } from '../retention/read-point.ts';
import type { VaultParts } from '../retention/vault-parts.ts';
import { isStoreError } from '../store/store-error.ts';
import { openReading } from './vault-reading.ts';
import { PointWalker, type UncountedChunk } from './walk-point.ts';

const PAGE = 500;
const REPORTED = 100;

export type AuditFinding =
  /** A recovery point needs a chunk that lies in no pack that counts for it. */
  | { readonly kind: 'uncounted-chunk'; readonly recoveryPointId: string; readonly chunk: UncountedChunk }
  /** A pack's counters are not the sum of its uses. */
  | { readonly kind: 'miscounted-pack'; readonly packId: PackId }
  /** A pack is in the trash although a recovery point needs it. */
  | { readonly kind: 'withdrawn-pack'; readonly recoveryPointId: string; readonly packId: PackId }
  /** A recovery point's own object or trees cannot be read; nothing that it needs can be known. */
  | { readonly kind: 'unreadable-point'; readonly recoveryPointId: string; readonly message: string };

export interface AuditOutcome {
  readonly recoveryPoints: number;
  readonly chunksMet: number;
  /** At most 100 of each run; none in a healthy vault. */
  readonly findings: readonly AuditFinding[];
  /** Deletion is frozen because of the findings. */
  readonly frozen: boolean;
  /** Packs that were taken back out of the trash. */
  readonly reinstated: readonly PackId[];
}

/**
 * The full mark: walks every recovery point and compares what it needs with what the counters say. A mismatch freezes
 * deletion at once and takes needed packs back out of the trash; a person must look before it goes on.
 */
export async function auditVault(parts: VaultParts, signal?: AbortSignal): Promise<AuditOutcome> {
  const audit = new Audit(parts, signal);
  return audit.run();
}

class Audit {
  readonly #parts: VaultParts;
  readonly #signal: AbortSignal | undefined;
  readonly #findings: AuditFinding[] = [];
  readonly #reinstated: PackId[] = [];
  #current = '';
  #frozen = false;
  #chunksMet = 0;

  constructor(parts: VaultParts, signal: AbortSignal | undefined) {
    this.#parts = parts;
    this.#signal = signal;
  }

  async run(): Promise<AuditOutcome> {
    const { authority, vaultId } = this.#parts;
    const walker = new PointWalker(await openReading(this.#parts), {
      needed: () => {
        this.#chunksMet += 1;
      },
      uncounted: (chunk) => this.#find({ kind: 'uncounted-chunk', recoveryPointId: this.#current, chunk }),
    });
    let recoveryPoints = 0;
    for (let after: string | undefined; ; ) {
      const page = await authority.recoveryPoints(vaultId, after, PAGE);
      for (const point of page) {
        await this.#point(walker, point.recoveryPointId);
        recoveryPoints += 1;
      }
      after = page.at(-1)?.recoveryPointId;
      if (page.length < PAGE) break;
    }
    for (const packId of await authority.collection.miscountedPacks(vaultId, REPORTED)) {
      this.#find({ kind: 'miscounted-pack', packId });
    }
    await this.#freeze();
    return {
      recoveryPoints,
      chunksMet: this.#chunksMet,
      findings: this.#findings,
      frozen: this.#frozen,
      reinstated: this.#reinstated,
    };
  }

  async #point(walker: PointWalker, recoveryPointId: string): Promise<void> {
    const { authority, vaultId } = this.#parts;
    this.#current = recoveryPointId;
    const committed = await authority.recoveryPoint(vaultId, recoveryPointId);
    if (committed === undefined) return;
    try {
      const { body } = await readPoint(this.#parts, recoveryPointId, committed.fence);
      const uses = await authority.collection.packUses(vaultId, recoveryPointId);
      // Uses go with their recovery point: only if it still stands after they were read are they all of them.
      if ((await authority.recoveryPoint(vaultId, recoveryPointId)) === undefined) return;
      await walker.walk(body, new Set(uses.map(({ packId }) => packId)), this.#signal);
      await this.#checkTrash(
        recoveryPointId,
        uses.map(({ packId }) => packId),
      );
    } catch (error) {
      const isDamage = error instanceof EngineError || isStoreError(error, 'not-found', 'corrupt');
      if (!isDamage) throw error;
      // Deleted meanwhile (no lease is taken, so that an audit never refuses a deletion): it needs nothing any more.
      if ((await authority.recoveryPoint(vaultId, recoveryPointId)) === undefined) return;
      this.#find({ kind: 'unreadable-point', recoveryPointId, message: error.message });
    }
    await this.#freeze();
  }

  async #checkTrash(recoveryPointId: string, packIds: readonly PackId[]): Promise<void> {
    const { authority, vaultId } = this.#parts;
    const packs = await authority.packs(vaultId, packIds);
    // Asked again: what is in the trash now may have been emptied since the walk began.
    const uses = await authority.collection.packUses(vaultId, recoveryPointId);
    const needed = new Set(uses.map(({ packId }) => packId));
    const inTrash = packs.filter(({ packId, state }) => state === 'withdrawn' && needed.has(packId));
    const withdrawn = inTrash.map(({ packId }) => packId);
    for (const packId of withdrawn) this.#find({ kind: 'withdrawn-pack', recoveryPointId, packId });
    if (withdrawn.length === 0) return;
    await this.#freeze();
    this.#reinstated.push(...(await authority.collection.reinstatePacks(vaultId, withdrawn)));
  }

  #find(finding: AuditFinding): void {
    if (this.#findings.length < REPORTED) this.#findings.push(finding);
  }

  async #freeze(): Promise<void> {
    const [first] = this.#findings;
    if (first === undefined || this.#frozen) return;
    this.#frozen = true;
    const where = 'recoveryPointId' in first ? `recovery point ${first.recoveryPointId}` : `pack ${first.packId}`;
    await this.#parts.authority.collection.freeze(
      this.#parts.vaultId,
      `the audit of ${new Date(this.#parts.clock()).toISOString()} found ${first.kind} at ${where}`,
    );
  }
}
