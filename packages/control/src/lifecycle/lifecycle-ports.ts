import type { CopyJobStore } from '../copies/copy-job-store.ts';
import type { LegalHoldStore } from '../legal-holds/legal-hold-store.ts';
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { ExpiryDelay } from './expiry-delay.ts';

/** Moves a recovery point's bytes to cheaper storage where the vault's store has such; safe to repeat. */
export interface ColdStoragePort {
  moveToColdStorage(point: RecoveryPointRecord): Promise<void>;
}

export interface LifecyclePorts extends ControlPorts {
  readonly legalHolds: LegalHoldStore;
  readonly copyJobs: Pick<CopyJobStore, 'isCopying'>;
  readonly coldStorage: ColdStoragePort;
  readonly expiryDelay: ExpiryDelay;
}
