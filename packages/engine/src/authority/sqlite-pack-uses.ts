import type { DatabaseSync } from 'node:sqlite';
import type { PackId } from './authority.ts';
import type { PackMove } from './collection-authority.ts';

/** Counts a use of a pack by a recovery point; a second use of the same pair adds bytes. Within a transaction. */
export function addPackUse(
  database: DatabaseSync,
  vaultId: string,
  recoveryPointId: string,
  packId: PackId,
  usedBytes: number,
): void {
  const inserted = database
    .prepare('INSERT OR IGNORE INTO pack_use VALUES (?, ?, ?, 0)')
    .run(vaultId, recoveryPointId, packId).changes;
  database
    .prepare('UPDATE pack_use SET used = used + ? WHERE vault = ? AND point = ? AND pack = ?')
    .run(usedBytes, vaultId, recoveryPointId, packId);
  database
    .prepare('UPDATE pack SET refs = refs + ?, used = used + ? WHERE vault = ? AND pack = ?')
    .run(inserted, usedBytes, vaultId, packId);
}

/** Remembers where frames lie besides; what is known already stays. Within a transaction. */
export function addMoves(database: DatabaseSync, vaultId: string, moves: readonly PackMove[]): void {
  const insert = database.prepare('INSERT OR IGNORE INTO pack_moved VALUES (?, ?, ?, ?)');
  for (const { from, to } of moves) {
    for (const { packId, usedBytes } of to) insert.run(vaultId, from, packId, usedBytes);
  }
}
