import { EngineError } from '../engine-error.ts';
import { type PointObject, pointKey } from '../point/point-object.ts';
import type { RecoveryPointRetention } from '../point/recovery-point.ts';
import { isStoreError } from '../store/store-error.ts';
import { type EffectiveRetention, effectiveRetention, type RetentionChange } from './effective-retention.ts';
import { readPoint } from './read-point.ts';
import { putRecord, readRecord } from './sealed-record.ts';
import { storeLockOf } from './store-lock.ts';
import type { VaultParts } from './vault-parts.ts';

type ReadingParts = Pick<VaultParts, 'vaultId' | 'store' | 'keys'>;

/** Name of the n-th change of a recovery point's retention. */
export function retentionKey(recoveryPointId: string, fence: number, sequence: number): string {
  return `${pointKey(recoveryPointId, fence).replace('points/', 'retention/')}.${sequence.toString(16).padStart(4, '0')}`;
}

/** A recovery point with all that was sealed about how long it stays. */
export interface SealedRetention extends EffectiveRetention {
  readonly point: PointObject;
  readonly changes: readonly RetentionChange[];
}

/**
 * Reads from the store alone, with the key, until when a recovery point is kept: its object and every later change.
 * What a database says plays no part, so changing a database does not help an attacker.
 * @throws StoreError `not-found`; EngineError `damaged`, `unsupported`
 */
export async function readSealedRetention(
  parts: ReadingParts,
  recoveryPointId: string,
  fence: number,
): Promise<SealedRetention> {
  const point = await readPoint(parts, recoveryPointId, fence);
  const changes: RetentionChange[] = [];
  for (;;) {
    const change = await readChange(parts, recoveryPointId, fence, changes.length + 1);
    if (change === undefined) break;
    changes.push(change);
  }
  return { point, changes, ...effectiveRetention(point.body.retention, changes) };
}

async function readChange(
  parts: ReadingParts,
  recoveryPointId: string,
  fence: number,
  sequence: number,
): Promise<RetentionChange | undefined> {
  const name = retentionKey(recoveryPointId, fence, sequence);
  try {
    const value = (await readRecord(parts, name)) as RetentionChange;
    if (value.sequence !== sequence) throw new EngineError('damaged', `${name} holds change ${value.sequence}`);
    return value;
  } catch (error) {
    if (isStoreError(error, 'not-found')) return undefined;
    throw error;
  }
}

/**
 * Seals the next change. It is kept as long as the longest lock of before and after, so that nobody can make it vanish.
 * @throws StoreError `already-exists` when somebody else changed meanwhile
 */
export async function appendChange(
  parts: VaultParts,
  before: SealedRetention,
  retention: RecoveryPointRetention,
  holds: readonly string[],
): Promise<void> {
  const { recoveryPointId, fence } = before.point.header;
  const sequence = before.changes.length + 1;
  const change: RetentionChange = { sequence, retention, holds, changedAt: parts.clock() };
  const lock = storeLockOf(retention);
  await putRecord(parts, retentionKey(recoveryPointId, fence, sequence), change, {
    mayUseReserve: true,
    ...(lock === undefined ? {} : { lock }),
  });
}
