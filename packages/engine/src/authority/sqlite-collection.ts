import type { CountedPack, PackFacts, PackId, PackUse, WriteLease } from './authority.ts';
import { AuthorityError } from './authority-error.ts';
import type {
  CheckLayer,
  CollectionAuthority,
  PackCheck,
  PackCheckState,
  PackLock,
  PackMove,
  RestoredPoint,
} from './collection-authority.ts';
import { SqliteColdTier } from './sqlite-cold-tier.ts';
import { addMoves, addPackUse } from './sqlite-pack-uses.ts';
import type { Row } from './sqlite-tables.ts';

/** `CollectionAuthority` on the tables of the authority that stands alone. */
export class SqliteCollection extends SqliteColdTier implements CollectionAuthority {
  async withdrawnPacks(vaultId: string, atOrBefore: number, limit: number): Promise<readonly CountedPack[]> {
    const sql = `SELECT * FROM pack WHERE vault = ? AND state = 'withdrawn' AND withdrawn_at <= ?
      ORDER BY withdrawn_at, pack LIMIT ?`;
    return this.all(sql, vaultId, atOrBefore, limit).map((row) => this.host.toPack(row));
  }

  reinstatePacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    return this.host.transaction(() => {
      const sql = `UPDATE pack SET state = 'live', withdrawn_at = NULL
        WHERE vault = ? AND pack = ? AND state = 'withdrawn'`;
      return packIds.filter((packId) => this.run(sql, vaultId, packId) > 0);
    });
  }

  runningFences(vaultId: string): Promise<readonly number[]> {
    return this.host.transaction(() => {
      this.host.endLapsedLeases();
      const rows = this.all('SELECT fence FROM write_lease WHERE vault = ? ORDER BY fence', vaultId);
      return rows.map((row) => Number(row['fence']));
    });
  }

  closePacks(lease: WriteLease, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    return this.host.transaction(() => {
      this.host.endLapsedLeases();
      this.host.checkWriteLease(lease);
      const { vaultId, leaseId } = lease;
      return packIds.filter((packId) => {
        this.run(
          `INSERT OR IGNORE INTO pack_closed SELECT vault, pack, ?3 FROM pack p WHERE vault = ?1 AND pack = ?2 AND state = 'live'
             AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.vault = p.vault AND pin.pack = p.pack)`,
          vaultId,
          packId,
          leaseId,
        );
        return this.#isClosedBy(lease, packId);
      });
    });
  }

  #isClosedBy(lease: WriteLease, packId: PackId): boolean {
    const sql = 'SELECT 1 FROM pack_closed WHERE vault = ? AND pack = ? AND lease = ?';
    return this.all(sql, lease.vaultId, packId, lease.leaseId).length > 0;
  }

  adoptPacks(lease: WriteLease, deadFence: number): Promise<readonly CountedPack[]> {
    return this.host.transaction(() => {
      this.host.endLapsedLeases();
      this.host.checkWriteLease(lease);
      const prefix = deadFence.toString(16).padStart(8, '0');
      const adopted = `vault = ?1 AND pack >= ?2 AND pack < ?2 || 'g' AND state = 'written'`;
      this.run(
        `UPDATE pack SET lease = ?3 WHERE ${adopted}
           AND (lease IS NULL OR NOT EXISTS (SELECT 1 FROM write_lease w WHERE w.lease = pack.lease))`,
        lease.vaultId,
        prefix,
        lease.leaseId,
      );
      const sql = `SELECT * FROM pack WHERE ${adopted} AND lease = ?3 ORDER BY pack`;
      return this.all(sql, lease.vaultId, prefix, lease.leaseId).map((row) => this.host.toPack(row));
    });
  }

  movePacks(lease: WriteLease, moves: readonly PackMove[], segments: readonly string[]): Promise<void> {
    return this.host.transaction(() => {
      this.host.checkWriteLease(lease);
      for (const move of moves) this.#move(lease, move);
      for (const segment of segments) {
        this.run('INSERT OR IGNORE INTO segment VALUES (?, ?)', lease.vaultId, segment);
      }
      this.host.endWriteLease(lease);
    });
  }

  #move(lease: WriteLease, { from, to, points }: PackMove): void {
    const { vaultId, leaseId } = lease;
    if (!this.#isClosedBy(lease, from)) {
      throw new AuthorityError('in-use', `pack ${from} is not closed: a writer may have begun to need more of it`);
    }
    const all = this.all('SELECT point, used FROM pack_use WHERE vault = ? AND pack = ?', vaultId, from);
    const users = all.filter((user) => points === undefined || points.includes(String(user['point'])));
    for (const { packId, usedBytes } of to) {
      const isOwn = this.run(
        `UPDATE pack SET state = 'live', lease = NULL WHERE vault = ? AND pack = ? AND (lease = ? OR state = 'live')`,
        vaultId,
        packId,
        leaseId,
      );
      if (isOwn === 0) throw new AuthorityError('pack-missing', `frames were moved to the unknown pack ${packId}`);
      this.run('INSERT OR REPLACE INTO pack_moved VALUES (?, ?, ?, ?)', vaultId, from, packId, usedBytes);
      // Trees may still name packs that were moved into `from` before; it will be forgotten, so they point past it.
      this.run(
        `INSERT OR IGNORE INTO pack_moved SELECT vault, pack, ?3, min(moved, ?4) FROM pack_moved
         WHERE vault = ?1 AND successor = ?2`,
        vaultId,
        from,
        packId,
        usedBytes,
      );
      for (const user of users) {
        const share = Math.min(usedBytes, Number(user['used']));
        addPackUse(this.host.database, vaultId, String(user['point']), packId, share);
      }
    }
    for (const user of users) {
      const [point, used] = [String(user['point']), Number(user['used'])];
      this.run('DELETE FROM pack_use WHERE vault = ? AND point = ? AND pack = ?', vaultId, point, from);
      this.run('UPDATE pack SET refs = refs - 1, used = used - ? WHERE vault = ? AND pack = ?', used, vaultId, from);
    }
  }

  async successors(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackMove[]> {
    const sql = 'SELECT successor, moved FROM pack_moved WHERE vault = ? AND pack = ? ORDER BY successor';
    return packIds.flatMap((from) => {
      const rows = this.all(sql, vaultId, from);
      const to = rows.map((row) => ({ packId: String(row['successor']), usedBytes: Number(row['moved']) }));
      return to.length === 0 ? [] : [{ from, to }];
    });
  }

  async packUses(vaultId: string, recoveryPointId: string): Promise<readonly PackUse[]> {
    const sql = 'SELECT pack, used FROM pack_use WHERE vault = ? AND point = ? ORDER BY pack';
    const rows = this.all(sql, vaultId, recoveryPointId);
    return rows.map((row) => ({ packId: String(row['pack']), usedBytes: Number(row['used']) }));
  }

  async pointsUsing(vaultId: string, packId: PackId): Promise<readonly string[]> {
    const rows = this.all('SELECT point FROM pack_use WHERE vault = ? AND pack = ? ORDER BY point', vaultId, packId);
    return rows.map((row) => String(row['point']));
  }

  async packsToMeasure(vaultId: string, share: number, limit: number): Promise<readonly CountedPack[]> {
    const sql = `SELECT p.* FROM pack p LEFT JOIN pack_measured m ON m.vault = p.vault AND m.pack = p.pack
      WHERE p.vault = ?1 AND p.state = 'live' AND p.refs >= 2 AND (m.pack IS NULL OR p.used < m.used)
        AND (SELECT max(used) FROM pack_use u WHERE u.vault = p.vault AND u.pack = p.pack) <= p.size * ?2
      ORDER BY p.pack LIMIT ?3`;
    return this.all(sql, vaultId, share, limit).map((row) => this.host.toPack(row));
  }

  recordLiveBytes(vaultId: string, packs: readonly PackUse[]): Promise<void> {
    return this.host.transaction(() => {
      const sql = `INSERT OR REPLACE INTO pack_measured SELECT vault, pack, ?3, refs, used FROM pack
        WHERE vault = ?1 AND pack = ?2`;
      for (const { packId, usedBytes } of packs) this.run(sql, vaultId, packId, usedBytes);
    });
  }

  async measuredPacks(vaultId: string): Promise<readonly PackUse[]> {
    const sql = `SELECT m.pack, m.live FROM pack_measured m JOIN pack p ON p.vault = m.vault AND p.pack = m.pack
      WHERE m.vault = ? AND p.refs = m.refs AND p.used = m.used ORDER BY m.pack`;
    return this.all(sql, vaultId).map((row) => ({ packId: String(row['pack']), usedBytes: Number(row['live']) }));
  }

  async miscountedPacks(vaultId: string, limit: number): Promise<readonly PackId[]> {
    const sql = `SELECT p.pack FROM pack p LEFT JOIN pack_use u ON u.vault = p.vault AND u.pack = p.pack
      WHERE p.vault = ? GROUP BY p.pack HAVING p.refs <> count(u.point) OR p.used <> ifnull(sum(u.used), 0)
      ORDER BY p.pack LIMIT ?`;
    return this.all(sql, vaultId, limit).map((row) => String(row['pack']));
  }

  async retiredSegments(vaultId: string, atOrBefore: number, limit: number): Promise<readonly string[]> {
    const sql = `SELECT segment FROM segment_retired WHERE vault = ? AND retired_at <= ?
      ORDER BY retired_at, segment LIMIT ?`;
    return this.all(sql, vaultId, atOrBefore, limit).map((row) => String(row['segment']));
  }

  forgetSegments(vaultId: string, segments: readonly string[]): Promise<void> {
    return this.host.transaction(() => {
      for (const segment of segments) {
        this.run('DELETE FROM segment_retired WHERE vault = ? AND segment = ?', vaultId, segment);
      }
    });
  }

  freeze(vaultId: string, reason: string): Promise<void> {
    return this.host.transaction(() => {
      this.run('INSERT OR IGNORE INTO freeze VALUES (?, ?)', vaultId, reason);
    });
  }

  unfreeze(vaultId: string): Promise<void> {
    return this.host.transaction(() => {
      this.run('DELETE FROM freeze WHERE vault = ?', vaultId);
    });
  }

  async frozenReason(vaultId: string): Promise<string | undefined> {
    const [row] = this.all('SELECT reason FROM freeze WHERE vault = ?', vaultId);
    return row === undefined ? undefined : String(row['reason']);
  }

  recordPackLocks(vaultId: string, locks: readonly PackLock[]): Promise<void> {
    return this.host.transaction(() => {
      for (const { packId, mode, untilAt } of locks) {
        this.run(
          `INSERT INTO pack_lock VALUES (?, ?, ?, ?) ON CONFLICT (vault, pack) DO UPDATE SET
             until = max(until, excluded.until),
             mode = CASE WHEN mode = 'compliance' THEN mode ELSE excluded.mode END`,
          vaultId,
          packId,
          mode,
          untilAt,
        );
      }
    });
  }

  async packLocks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackLock[]> {
    const sql = 'SELECT * FROM pack_lock WHERE vault = ? AND pack = ?';
    return packIds.flatMap((packId) =>
      this.all(sql, vaultId, packId).map((row) => ({
        packId,
        mode: row['mode'] === 'compliance' ? ('compliance' as const) : ('governance' as const),
        untilAt: Number(row['until']),
      })),
    );
  }

  async heldPacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    const sql = `SELECT 1 FROM pack_use u JOIN hold h ON h.vault = u.vault AND h.point = u.point
      WHERE u.vault = ? AND u.pack = ? LIMIT 1`;
    return packIds.filter((packId) => this.all(sql, vaultId, packId).length > 0);
  }

  async lastFence(vaultId: string): Promise<number> {
    return Number(this.all('SELECT last FROM fence WHERE vault = ?', vaultId)[0]?.['last'] ?? 0);
  }

  raiseFence(vaultId: string, atLeast: number): Promise<void> {
    return this.host.transaction(() => {
      this.run(
        'INSERT INTO fence VALUES (?, ?) ON CONFLICT (vault) DO UPDATE SET last = max(last, excluded.last)',
        vaultId,
        atLeast,
      );
    });
  }

  restorePacks(vaultId: string, packs: readonly PackFacts[]): Promise<void> {
    return this.host.transaction(() => {
      for (const pack of packs) {
        this.run(
          `INSERT OR IGNORE INTO pack VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 'live', NULL, NULL)`,
          vaultId,
          pack.packId,
          pack.kind,
          pack.sizeBytes,
          pack.cohortUntilAt ?? null,
          pack.merkleRoot,
          pack.crc32,
        );
      }
    });
  }

  restoreMoves(vaultId: string, moves: readonly PackMove[]): Promise<void> {
    return this.host.transaction(() => addMoves(this.host.database, vaultId, moves));
  }

  restorePoint(vaultId: string, point: RestoredPoint): Promise<boolean> {
    return this.host.transaction(() => {
      const inserted = this.run(
        'INSERT OR IGNORE INTO point VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        vaultId,
        point.recoveryPointId,
        point.parentId ?? null,
        point.fence,
        point.createdAt,
        JSON.stringify(point.retention),
        point.logicalBytes,
        point.itemCount,
      );
      if (inserted === 0) return false;
      for (const hold of point.holds) {
        this.run('INSERT OR IGNORE INTO hold VALUES (?, ?, ?)', vaultId, point.recoveryPointId, hold);
      }
      for (const { packId, usedBytes } of point.uses) {
        if (this.all('SELECT 1 FROM pack WHERE vault = ? AND pack = ?', vaultId, packId).length === 0) {
          const message = `recovery point ${point.recoveryPointId} needs pack ${packId}, which no index segment describes`;
          throw new AuthorityError('pack-missing', message);
        }
        addPackUse(this.host.database, vaultId, point.recoveryPointId, packId, usedBytes);
      }
      return true;
    });
  }

  recordPackChecks(vaultId: string, checks: readonly PackCheck[]): Promise<void> {
    return this.host.transaction(() => {
      for (const { packId, layer, checkedAt, damage } of checks) {
        this.run(
          `INSERT INTO pack_check SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM pack WHERE vault = ?1 AND pack = ?2)
           ON CONFLICT (vault, pack, layer) DO UPDATE SET checked_at = excluded.checked_at, damage = excluded.damage`,
          vaultId,
          packId,
          layer,
          checkedAt,
          damage ?? null,
        );
      }
    });
  }

  async packsToCheck(
    vaultId: string,
    layer: CheckLayer,
    notSinceAt: number,
    limit: number,
  ): Promise<readonly PackCheckState[]> {
    const sql = `SELECT p.*, c.checked_at, c.damage FROM pack p
      LEFT JOIN pack_check c ON c.vault = p.vault AND c.pack = p.pack AND c.layer = ?2
      WHERE p.vault = ?1 AND p.state = 'live' AND ifnull(c.checked_at, -1) < ?3
      ORDER BY ifnull(c.checked_at, -1), p.pack LIMIT ?4`;
    return this.all(sql, vaultId, layer, notSinceAt, limit).map((row) => this.#toCheckState(row));
  }

  async damagedPacks(vaultId: string): Promise<readonly PackCheckState[]> {
    const sql = `SELECT p.*, max(c.checked_at) AS checked_at, c.damage FROM pack p
      JOIN pack_check c ON c.vault = p.vault AND c.pack = p.pack
      WHERE p.vault = ? AND c.damage IS NOT NULL GROUP BY p.pack ORDER BY p.pack`;
    return this.all(sql, vaultId).map((row) => this.#toCheckState(row));
  }

  #toCheckState(row: Row): PackCheckState {
    return {
      pack: this.host.toPack(row),
      ...(row['checked_at'] === null ? {} : { checkedAt: Number(row['checked_at']) }),
      ...(row['damage'] === null ? {} : { damage: String(row['damage']) }),
    };
  }
}
