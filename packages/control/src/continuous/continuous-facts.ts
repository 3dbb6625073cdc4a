/** What is sealed with the content of a continuous backup, so that it can be known again without a catalog. */
import type { ContinuousNature } from '@holdfast/connectors/sdk';
import type { PolicyFacts } from '@holdfast/engine';
import { type DraftRecoveryPoint, sealedFacts } from '../recovery-points/sealed-facts.ts';
import type { Tags } from '../scope.ts';
import type { ContinuousBackupRecord, ContinuousBase } from './continuous-backup-store.ts';
import type { ContinuousRetention } from './continuous-retention.ts';

/** A base as later states of the log remember it. */
export type SealedBase = Pick<ContinuousBase, 'engineId' | 'startAt' | 'consistentAt'>;

export interface ContinuousFacts {
  readonly continuousId: string;
  readonly nature: ContinuousNature;
  readonly retention: ContinuousRetention;
  readonly createdAt: number;
  /** As it was when the content began to be written. */
  readonly captureCount: number;
  readonly role: 'base' | 'log';
  /** Of a base, set when its content has ended; of a state of the log, all bases that are kept with it. */
  readonly bases: SealedBase[];
}

/**
 * The facts of a base or of a state of the log. `bases` may grow until the content is sealed: the engine reads the facts
 * then.
 */
export function continuousFacts(
  role: ContinuousFacts['role'],
  record: ContinuousBackupRecord,
  draft: DraftRecoveryPoint,
  tags: Tags,
  bases: SealedBase[],
): PolicyFacts {
  const { continuousId, nature, retention, createdAt, captureCount } = record;
  const continuous: ContinuousFacts = { continuousId, nature, retention, createdAt, captureCount, role, bases };
  return { ...sealedFacts({ recoveryPoint: draft, tags }), continuous };
}

/** Undefined for a snapshot. */
export function readContinuousFacts(facts: PolicyFacts): ContinuousFacts | undefined {
  const { continuous } = facts;
  return typeof continuous === 'object' && continuous !== null ? (continuous as ContinuousFacts) : undefined;
}
