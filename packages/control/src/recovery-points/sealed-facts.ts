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

/** Everything that the catalog knows of a recovery point, sealed in the vault with it: a lost catalog is rebuilt from it. */
export function sealedFacts(draft: DraftRecoveryPoint, tags: Tags): PolicyFacts {
  return { formatVersion: 1, recoveryPoint: { ...draft }, tags: { ...tags } };
}
