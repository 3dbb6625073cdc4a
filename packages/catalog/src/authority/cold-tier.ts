import { AuthorityError, type CountedPack, type PackId } from '@holdfast/engine';
import { sql } from 'kysely';
import { type AuthorityDatabase, batches, type PackRow, toPack } from './authority-database.ts';

/** The books of the cold tier: which recovery points and packs are in it, which may go there, which must come back. */
export class ColdTier {
  protected readonly database: AuthorityDatabase;

  constructor(database: AuthorityDatabase) {
    this.database = database;
  }

  setPointTier(vaultId: string, recoveryPointId: string, tier: 'warm' | 'cold'): Promise<void> {
    return this.database.transaction(async () => {
      if (!(await this.database.pointExists(vaultId, recoveryPointId))) {
        throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId}`);
      }
      await this.database.run(
        tier === 'cold'
          ? sql`insert into engine_cold_points (vault, point) values (${vaultId}, ${recoveryPointId})
              on conflict do nothing`
          : sql`delete from engine_cold_points where vault = ${vaultId} and point = ${recoveryPointId}`,
      );
    });
  }

  async coldPoints(vaultId: string): Promise<readonly string[]> {
    const rows = await this.database.rows<{ point: string }>(
      sql`select point from engine_cold_points where vault = ${vaultId} order by point`,
    );
    return rows.map(({ point }) => point);
  }

  async packsToCool(vaultId: string, limit: number): Promise<readonly CountedPack[]> {
    const rows = await this.database.rows<PackRow>(
      sql`select * from engine_packs p where vault = ${vaultId} and ${COOLABLE} order by pack limit ${limit}`,
    );
    return rows.map(toPack);
  }

  claimCold(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    return this.database.transaction(async () => {
      await this.database.endLapsedLeases();
      const claimed = new Set<PackId>();
      for (const batch of batches(packIds)) {
        const rows = await this.database.rows<{ pack: string }>(sql`insert into engine_cold_packs (vault, pack, moved)
          select vault, pack, 0 from engine_packs p
          where vault = ${vaultId} and pack in (${sql.join(batch)}) and ${COOLABLE} returning pack`);
        for (const { pack } of rows) claimed.add(pack);
      }
      return packIds.filter((packId) => claimed.has(packId));
    });
  }

  async claimedPacks(vaultId: string): Promise<readonly CountedPack[]> {
    const rows = await this.database.rows<PackRow>(sql`select p.* from engine_packs p
      join engine_cold_packs c on c.vault = p.vault and c.pack = p.pack
      where p.vault = ${vaultId} and c.moved = 0 order by p.pack`);
    return rows.map(toPack);
  }

  async packsToWarm(vaultId: string, limit: number): Promise<readonly CountedPack[]> {
    const rows = await this.database.rows<PackRow>(sql`select p.* from engine_packs p
      join engine_cold_packs c on c.vault = p.vault and c.pack = p.pack
      where p.vault = ${vaultId} and ${NEEDED_BY_WARM} order by p.pack limit ${limit}`);
    return rows.map(toPack);
  }

  setPackTier(vaultId: string, packIds: readonly PackId[], tier: 'warm' | 'cold'): Promise<void> {
    return this.database.transaction(async () => {
      for (const batch of batches(packIds)) {
        const rows = sql.join(batch.map((packId) => sql`(${vaultId}, ${packId}, 1)`));
        await this.database.run(
          tier === 'cold'
            ? sql`insert into engine_cold_packs (vault, pack, moved) values ${rows}
                on conflict (vault, pack) do update set moved = 1`
            : sql`delete from engine_cold_packs where vault = ${vaultId} and pack in (${sql.join(batch)})`,
        );
      }
    });
  }

  async coldPacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    const cold = new Set<PackId>();
    for (const batch of batches(packIds)) {
      const rows = await this.database.rows<{ pack: string }>(
        sql`select pack from engine_cold_packs where vault = ${vaultId} and pack in (${sql.join(batch)})`,
      );
      for (const { pack } of rows) cold.add(pack);
    }
    return packIds.filter((packId) => cold.has(packId));
  }
}

/** A recovery point that is not cold needs the pack `p`. */
const NEEDED_BY_WARM = sql<boolean>`exists (select 1 from engine_pack_uses u
  where u.vault = p.vault and u.pack = p.pack
    and not exists (select 1 from engine_cold_points d where d.vault = u.vault and d.point = u.point))`;

/** A data pack `p` that only cold recovery points need, that nobody has pinned, and that is not being emptied. */
const COOLABLE = sql<boolean>`kind = 'data' and state = 'live' and refs > 0
  and not exists (select 1 from engine_cold_packs c where c.vault = p.vault and c.pack = p.pack)
  and not exists (select 1 from engine_closed_packs c where c.vault = p.vault and c.pack = p.pack)
  and not exists (select 1 from engine_pins i where i.vault = p.vault and i.pack = p.pack)
  and not ${NEEDED_BY_WARM}`;
