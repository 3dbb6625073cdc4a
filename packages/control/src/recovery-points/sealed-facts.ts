import type { PolicyFacts } from '@holdfast/engine';
import type { Tags } from '../scope.ts';
import type { RecoveryPointRecord } from './recovery-point-store.ts';

/** What is not known, or not true any more, when the recovery point is sealed. */
type Unsealed =
  | 'sizeBytes'
  | 'storedBytes'
  | 'itemCount'
  | 'issueCount'
  | 'status'
  | 'completedAt'
  | 'connectorState'
  | 'storageClass';

export type DraftRecoveryPoint = Omit<RecoveryPointRecord, Unsealed>;

export interface SealedFacts {
  readonly recoveryPoint: DraftRecoveryPoint;
  /** Tags of the recovery point itself. */
  readonly tags: Tags;
}

const FORMAT_VERSION = 1;

/** Everything that the catalog knows of a recovery point, sealed in the vault with it: a lost catalog is rebuilt from it. */
export function sealedFacts({ recoveryPoint, tags }: SealedFacts): PolicyFacts {
  return { formatVersion: FORMAT_VERSION, recoveryPoint: { ...recoveryPoint }, tags: { ...tags } };
}

/**
 * Reads back what `sealedFacts` wrote; the engine has proved that nobody changed it since.
 * @throws Error for facts of a newer version or of another writer
 */
export function readSealedFacts(facts: PolicyFacts): SealedFacts {
  const { formatVersion, recoveryPoint, tags } = facts;
  if (formatVersion !== FORMAT_VERSION || typeof recoveryPoint !== 'object' || typeof tags !== 'object') {
    throw new Error(
      `The facts of a recovery point have version ${String(formatVersion)}, which is not understood here.`,
    );
  }
  return { recoveryPoint: recoveryPoint as DraftRecoveryPoint, tags: tags as Tags };
}
