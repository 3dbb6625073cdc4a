import type { CountedPack, PackId } from './authority.ts';
import { AuthorityError } from './authority-error.ts';
import { SqliteTables } from './sqlite-tables.ts';

/** The books of the cold tier: which recovery points and packs are in it, which may go there, which must come back. */
export class SqliteColdTier extends SqliteTables {
  setPointTier(vaultId: string, recoveryPointId: string, tier: 'warm' | 'cold'): Promise<void> {
    return this.host.transaction(() => {
      if (this.all('SELECT 1 FROM point WHERE vault = ? AND point = ?', vaultId, recoveryPointId).length === 0) {
        throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId}`);
      }
      if (tier === 'cold') this.run('INSERT OR IGNORE INTO point_cold VALUES (?, ?)', vaultId, recoveryPointId);
      else this.run('DELETE FROM point_cold WHERE vault = ? AND point = ?', vaultId, recoveryPointId);
    });
  }

  async coldPoints(vaultId: string): Promise<readonly string[]> {
    const rows = this.all('SELECT point FROM point_cold WHERE vault = ? ORDER BY point', vaultId);
    return rows.map((row) => String(row['point']));
  }

  async packsToCool(vaultId: string, limit: number): Promise<readonly CountedPack[]> {
    const sql = `SELECT * FROM pack p WHERE vault = ?1 AND ${COOLABLE} ORDER BY pack LIMIT ?2`;
    return this.all(sql, vaultId, limit).map((row) => this.host.toPack(row));
  }

  claimCold(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    return this.host.transaction(() => {
      this.host.endLapsedLeases();
      const sql = `INSERT INTO pack_cold SELECT vault, pack, 0 FROM pack p WHERE vault = ?1 AND pack = ?2 AND ${COOLABLE}`;
      return packIds.filter((packId) => this.run(sql, vaultId, packId) > 0);
    });
  }

  async claimedPacks(vaultId: string): Promise<readonly CountedPack[]> {
    const sql = `SELECT p.* FROM pack p JOIN pack_cold c ON c.vault = p.vault AND c.pack = p.pack
      WHERE p.vault = ? AND c.moved = 0 ORDER BY p.pack`;
    return this.all(sql, vaultId).map((row) => this.host.toPack(row));
  }

  async packsToWarm(vaultId: string, limit: number): Promise<readonly CountedPack[]> {
    const sql = `SELECT p.* FROM pack p JOIN pack_cold c ON c.vault = p.vault AND c.pack = p.pack WHERE p.vault = ?1
      AND EXISTS (SELECT 1 FROM pack_use u WHERE u.vault = p.vault AND u.pack = p.pack AND NOT EXISTS
        (SELECT 1 FROM point_cold pc WHERE pc.vault = u.vault AND pc.point = u.point))
      ORDER BY p.pack LIMIT ?2`;
    return this.all(sql, vaultId, limit).map((row) => this.host.toPack(row));
  }

  setPackTier(vaultId: string, packIds: readonly PackId[], tier: 'warm' | 'cold'): Promise<void> {
    return this.host.transaction(() => {
      for (const packId of packIds) {
        if (tier === 'cold') this.run('INSERT OR REPLACE INTO pack_cold VALUES (?, ?, 1)', vaultId, packId);
        else this.run('DELETE FROM pack_cold WHERE vault = ? AND pack = ?', vaultId, packId);
      }
    });
  }

  async coldPacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    const sql = 'SELECT 1 FROM pack_cold WHERE vault = ? AND pack = ?';
    return packIds.filter((packId) => this.all(sql, vaultId, packId).length > 0);
  }
}

/** A data pack `p` that only cold recovery points need, that nobody has pinned, and that is not being emptied. */
const COOLABLE = `kind = 'data' AND state = 'live' AND refs > 0
  AND NOT EXISTS (SELECT 1 FROM pack_cold c WHERE c.vault = p.vault AND c.pack = p.pack)
  AND NOT EXISTS (SELECT 1 FROM pack_closed c WHERE c.vault = p.vault AND c.pack = p.pack)
  AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.vault = p.vault AND pin.pack = p.pack)
  AND NOT EXISTS (SELECT 1 FROM pack_use u WHERE u.vault = p.vault AND u.pack = p.pack AND NOT EXISTS
    (SELECT 1 FROM point_cold pc WHERE pc.vault = u.vault AND pc.point = u.point))`;
