import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PackId, RecoveryPointCommit, WriteLease } from './authority.ts';
import { AuthorityError } from './authority-error.ts';
import { addMoves, addPackUse } from './sqlite-pack-uses.ts';

/** Enters a recovery point with its counters and segments; within a transaction, under a checked lease. */
export function commitPoint(database: DatabaseSync, now: number, lease: WriteLease, commit: RecoveryPointCommit): void {
  const { vaultId } = lease;
  const { recoveryPointId } = commit;
  const inserted = database
    .prepare('INSERT OR IGNORE INTO point VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(
      vaultId,
      recoveryPointId,
      commit.parentId ?? null,
      lease.fence,
      commit.createdAt,
      JSON.stringify(commit.retention),
      commit.logicalBytes,
      commit.itemCount,
    ).changes;
  if (inserted === 0) {
    throw new AuthorityError('already-exists', `recovery point ${recoveryPointId} is already committed`);
  }
  addMoves(database, vaultId, commit.moves ?? []);
  const context = { database, safe: database.prepare(SAFE), now, lease, commit };
  for (const use of commit.uses) addUse(context, use.packId, use.usedBytes);
  // Only now, since a pack that is used twice must be safe both times.
  database
    .prepare(
      `UPDATE pack SET state = 'live', lease = NULL
       WHERE vault = ?1 AND pack IN (SELECT pack FROM pack_use WHERE vault = ?1 AND point = ?2)`,
    )
    .run(vaultId, recoveryPointId);
  const addSegment = database.prepare('INSERT OR IGNORE INTO segment VALUES (?, ?)');
  for (const segment of commit.segments) addSegment.run(vaultId, segment);
}

interface Commit {
  readonly database: DatabaseSync;
  readonly safe: StatementSync;
  readonly now: number;
  readonly lease: WriteLease;
  readonly commit: RecoveryPointCommit;
}

/** Written by the lease, pinned by it, or needed by the parent that the writer reads. */
const SAFE = `SELECT 1 FROM pack WHERE vault = ?1 AND pack = ?2 AND state <> 'withdrawn' AND (lease = ?3
  OR EXISTS (SELECT 1 FROM pin WHERE vault = ?1 AND pack = ?2 AND lease = ?3)
  OR EXISTS (SELECT 1 FROM pack_use u JOIN read_lease r ON r.vault = u.vault AND r.point = u.point
             WHERE u.vault = ?1 AND u.point = ?4 AND u.pack = ?2 AND r.expires_at > ?5))`;

/** Counts a pack, or its successors: trees keep naming packs whose frames were moved since. */
function addUse(context: Commit, packId: PackId, usedBytes: number): void {
  const { database, safe, now, lease, commit } = context;
  const { vaultId, leaseId } = lease;
  if (safe.get(vaultId, packId, leaseId, commit.parentId ?? '', now) !== undefined) {
    addPackUse(database, vaultId, commit.recoveryPointId, packId, usedBytes);
    return;
  }
  const successors = database.prepare('SELECT * FROM pack_moved WHERE vault = ? AND pack = ?').all(vaultId, packId);
  for (const row of successors) {
    addUse(context, String(row['successor']), Math.min(usedBytes, Number(row['moved'])));
  }
  if (successors.length > 0) return;
  throw new AuthorityError(
    'pack-missing',
    `recovery point ${commit.recoveryPointId} needs pack ${packId}, which is not written, pinned or held by its parent`,
  );
}
