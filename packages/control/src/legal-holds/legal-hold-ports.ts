import type { TransactionPort } from '../plans/plan-ports.ts';
import type { ControlPorts } from '../ports.ts';
import type { VaultRepositories } from '../recovery-points/vault-repositories.ts';
import type { LegalHoldStore } from './legal-hold-store.ts';

/** What the actions on legal holds need. */
export interface LegalHoldPorts extends Pick<ControlPorts, 'ids' | 'quotas' | 'background' | 'log'> {
  readonly repositories: Pick<VaultRepositories, 'placeHold' | 'releaseHold'>;
  readonly legalHolds: LegalHoldStore;
  readonly catalog: TransactionPort;
  /** Active holds that an account may have (HOLD-6). */
  readonly legalHoldsPerAccount: number;
}

export const DEFAULT_LEGAL_HOLDS_PER_ACCOUNT = 50;
