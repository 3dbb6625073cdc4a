import type { CopyJobStore } from '../copies/copy-job-store.ts';
import type { LegalHoldStore } from '../legal-holds/legal-hold-store.ts';
import type { Page, PageRequest } from '../pagination/page.ts';
import type { ControlPorts } from '../ports.ts';
import type { RecoveryPointRecord } from '../recovery-points/recovery-point-store.ts';
import type { ExpiryDelay } from './expiry-delay.ts';

/** Moves a recovery point's bytes to cheaper storage where the vault's store has such; safe to repeat. */
export interface ColdStoragePort {
  moveToColdStorage(point: RecoveryPointRecord): Promise<void>;
}

/**
 * Recovery points whose time has come and for which something can be done: none that an active legal hold keeps (but
 * continuous ones, HOLD-3), none in CREATING, DELETING or EXPIRED. So a round costs what is due, however much is held.
 */
export interface DueRecoveryPoints {
  /** Past their `deleteAt`, earliest first. */
  listToDelete(now: number, page: PageRequest): Promise<Page<RecoveryPointRecord>>;
  /** In warm storage past their `moveToColdStorageAt`, earliest first. */
  listToCool(now: number, page: PageRequest): Promise<Page<RecoveryPointRecord>>;
}

export interface LifecyclePorts extends ControlPorts {
  readonly legalHolds: LegalHoldStore;
  readonly dueRecoveryPoints: DueRecoveryPoints;
  readonly copyJobs: Pick<CopyJobStore, 'isCopying'>;
  readonly coldStorage: ColdStoragePort;
  readonly expiryDelay: ExpiryDelay;
}
