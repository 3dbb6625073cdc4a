import type { Authority } from '../authority/authority.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Store } from '../store/store.ts';

/** What the operations on a whole vault work with: collection, retention, verification, copies, recovery. */
export interface VaultParts {
  readonly vaultId: string;
  readonly store: Store;
  readonly authority: Authority;
  readonly keys: KeyRing;
  /** Current time in ms since the epoch. */
  readonly clock: () => number;
  readonly random: (count: number) => Uint8Array;
  /** Named in leases. */
  readonly holder: string;
  readonly leaseMs: number;
}
