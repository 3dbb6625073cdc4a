import type { RecoveryPointRetention } from '@holdfast/engine';
import { retentionForEngine } from '../recovery-points/retention-for-engine.ts';
import type { BackupVaultRecord } from '../vaults/vault-store.ts';
import type { ContinuousBackupRecord } from './continuous-backup-store.ts';
import { keptDays } from './continuous-retention.ts';

const DAY_MS = 86_400_000;
/**
 * How often content is sealed under a lock that nobody can remove. Every state of a stream holds all that came before,
 * and thousands of them come and go: were each locked for weeks, none could go.
 */
const LOCK_EVERY_MS = DAY_MS;

export interface Sealing {
  readonly retention: RecoveryPointRetention;
  /** Whether a physical lock is part of it. */
  readonly isLocked: boolean;
}

/** How long the engine keeps what is stored now: a day more than the window, since the next base must cover its end. */
export function sealingOf(
  record: Pick<ContinuousBackupRecord, 'retention' | 'lockedAt'>,
  vault: Pick<BackupVaultRecord, 'lock'>,
  now: number,
): Sealing {
  const keepUntilAt = now + (keptDays(record.retention, now) + 1) * DAY_MS;
  const isDue = record.lockedAt === undefined || now - record.lockedAt >= LOCK_EVERY_MS;
  const retention = retentionForEngine(now, keepUntilAt, isDue ? vault.lock : undefined);
  return { retention, isLocked: retention.lockedUntilAt !== undefined };
}
