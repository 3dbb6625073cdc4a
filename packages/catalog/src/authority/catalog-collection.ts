import {
  type Authority,
  AuthorityError,
  type CountedPack,
  type PackFacts,
  type PackId,
  type PackUse,
  type WriteLease,
} from '@holdfast/engine';
import { sql } from 'kysely';
import { batches, mergedUses, type PackRow, toPack } from './authority-database.ts';
import { ColdTier } from './cold-tier.ts';
import { addMoves, movePack } from './pack-move.ts';

type CollectionAuthority = Authority['collection'];
type PackMove = Parameters<CollectionAuthority['movePacks']>[1][number];
type RestoredPoint = Parameters<CollectionAuthority['restorePoint']>[1];
type PackLock = Parameters<CollectionAuthority['recordPackLocks']>[1][number];
type PackCheck = Parameters<CollectionAuthority['recordPackChecks']>[1][number];
type PackCheckState = Awaited<ReturnType<CollectionAuthority['damagedPacks']>>[number];

interface CheckedRow extends PackRow {
  readonly checked_at: number | null;
  readonly damage: string | null;
}

/** The authority's part for collection, verification, retention and recovery, on the catalog's database. */
export class CatalogCollection extends ColdTier implements CollectionAuthority {
  async withdrawnPacks(vaultId: string, atOrBefore: number, limit: number): Promise<readonly CountedPack[]> {
    const rows = await this.database.rows<PackRow>(sql`select * from engine_packs
      where vault = ${vaultId} and state = 'withdrawn' and withdrawn_at <= ${atOrBefore}
      order by withdrawn_at, pack limit ${limit}`);
    return rows.map(toPack);
  }

  reinstatePacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    return this.database.transaction(async () => {
      const back = new Set<PackId>();
      for (const batch of batches(packIds)) {
        const rows = await this.database.rows<{ pack: string }>(sql`update engine_packs
          set state = 'live', withdrawn_at = null
          where vault = ${vaultId} and pack in (${sql.join(batch)}) and state = 'withdrawn' returning pack`);
        for (const { pack } of rows) back.add(pack);
      }
      return packIds.filter((packId) => back.has(packId));
    });
  }

  runningFences(vaultId: string): Promise<readonly number[]> {
    return this.database.transaction(async () => {
      await this.database.endLapsedLeases();
      const rows = await this.database.rows<{ fence: number }>(
        sql`select fence from engine_write_leases where vault = ${vaultId} order by fence`,
      );
      return rows.map(({ fence }) => fence);
    });
  }

  closePacks(lease: WriteLease, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    const { vaultId, leaseId } = lease;
    return this.database.transaction(async () => {
      await this.database.endLapsedLeases();
      await this.database.checkWriteLease(lease);
      const closed = new Set<PackId>();
      for (const batch of batches(packIds)) {
        const packs = sql.join(batch);
        await this.database.run(sql`insert into engine_closed_packs (vault, pack, lease)
          select vault, pack, cast(${leaseId} as text) from engine_packs p
          where vault = ${vaultId} and pack in (${packs}) and state = 'live'
            and not exists (select 1 from engine_pins i where i.vault = p.vault and i.pack = p.pack)
          on conflict do nothing`);
        const rows = await this.database.rows<{ pack: string }>(sql`select pack from engine_closed_packs
          where vault = ${vaultId} and pack in (${packs}) and lease = ${leaseId}`);
        for (const { pack } of rows) closed.add(pack);
      }
      return packIds.filter((packId) => closed.has(packId));
    });
  }

  adoptPacks(lease: WriteLease, deadFence: number): Promise<readonly CountedPack[]> {
    const { vaultId, leaseId } = lease;
    const prefix = deadFence.toString(16).padStart(8, '0');
    // Pack IDs are hexadecimal: everything with the prefix lies below the prefix and a "g".
    const ofFence = sql`vault = ${vaultId} and pack >= ${prefix} and pack < ${`${prefix}g`} and state = 'written'`;
    return this.database.transaction(async () => {
      await this.database.endLapsedLeases();
      await this.database.checkWriteLease(lease);
      await this.database.run(sql`update engine_packs set lease = ${leaseId} where ${ofFence}
        and (lease is null or not exists (select 1 from engine_write_leases w where w.lease = engine_packs.lease))`);
      const rows = await this.database.rows<PackRow>(
        sql`select * from engine_packs where ${ofFence} and lease = ${leaseId} order by pack`,
      );
      return rows.map(toPack);
    });
  }

  movePacks(lease: WriteLease, moves: readonly PackMove[], segments: readonly string[]): Promise<void> {
    return this.database.transaction(async () => {
      await this.database.checkWriteLease(lease);
      for (const move of moves) await movePack(this.database, lease, move);
      await this.database.addSegments(lease.vaultId, segments);
      await this.database.endWriteLease(lease);
    });
  }

  async successors(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackMove[]> {
    const moves: PackMove[] = [];
    for (const batch of batches(packIds)) {
      const rows = await this.database.rows<{ pack: string; successor: string; moved: number }>(sql`
        select pack, successor, moved from engine_moved_packs
        where vault = ${vaultId} and pack in (${sql.join(batch)}) order by pack, successor`);
      for (const [from, group] of Map.groupBy(rows, ({ pack }) => pack)) {
        moves.push({ from, to: group.map(({ successor, moved }) => ({ packId: successor, usedBytes: moved })) });
      }
    }
    return moves;
  }

  async packUses(vaultId: string, recoveryPointId: string): Promise<readonly PackUse[]> {
    const rows = await this.database.rows<{ pack: string; used: number }>(sql`select pack, used
      from engine_pack_uses where vault = ${vaultId} and point = ${recoveryPointId} order by pack`);
    return rows.map(({ pack, used }) => ({ packId: pack, usedBytes: used }));
  }

  async pointsUsing(vaultId: string, packId: PackId): Promise<readonly string[]> {
    const rows = await this.database.rows<{ point: string }>(
      sql`select point from engine_pack_uses where vault = ${vaultId} and pack = ${packId} order by point`,
    );
    return rows.map(({ point }) => point);
  }

  async miscountedPacks(vaultId: string, limit: number): Promise<readonly PackId[]> {
    const rows = await this.database.rows<{ pack: string }>(sql`select p.pack from engine_packs p
      left join engine_pack_uses u on u.vault = p.vault and u.pack = p.pack
      where p.vault = ${vaultId} group by p.vault, p.pack
      having p.refs <> count(u.point) or p.used <> coalesce(sum(u.used), 0) order by p.pack limit ${limit}`);
    return rows.map(({ pack }) => pack);
  }

  async retiredSegments(vaultId: string, atOrBefore: number, limit: number): Promise<readonly string[]> {
    const rows = await this.database.rows<{ segment: string }>(sql`select segment from engine_retired_segments
      where vault = ${vaultId} and retired_at <= ${atOrBefore} order by retired_at, segment limit ${limit}`);
    return rows.map(({ segment }) => segment);
  }

  forgetSegments(vaultId: string, segments: readonly string[]): Promise<void> {
    return this.database.transaction(async () => {
      for (const batch of batches(segments)) {
        await this.database.run(sql`delete from engine_retired_segments
          where vault = ${vaultId} and segment in (${sql.join(batch)})`);
      }
    });
  }

  async freeze(vaultId: string, reason: string): Promise<void> {
    await this.database.run(sql`insert into engine_freezes (vault, reason) values (${vaultId}, ${reason})
      on conflict do nothing`);
  }

  async unfreeze(vaultId: string): Promise<void> {
    await this.database.run(sql`delete from engine_freezes where vault = ${vaultId}`);
  }

  async frozenReason(vaultId: string): Promise<string | undefined> {
    const [row] = await this.database.rows<{ reason: string }>(
      sql`select reason from engine_freezes where vault = ${vaultId}`,
    );
    return row?.reason;
  }

  recordPackLocks(vaultId: string, locks: readonly PackLock[]): Promise<void> {
    return this.database.transaction(async () => {
      for (const { packId, mode, untilAt } of locks) {
        await this.database.run(sql`insert into engine_pack_locks (vault, pack, mode, until)
          values (${vaultId}, ${packId}, ${mode}, ${untilAt})
          on conflict (vault, pack) do update set
            until = case when excluded.until > engine_pack_locks.until
              then excluded.until else engine_pack_locks.until end,
            mode = case when engine_pack_locks.mode = 'compliance'
              then engine_pack_locks.mode else excluded.mode end`);
      }
    });
  }

  async packLocks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackLock[]> {
    const found = new Map<PackId, PackLock>();
    for (const batch of batches(packIds)) {
      const rows = await this.database.rows<{ pack: string; mode: string; until: number }>(sql`select pack, mode, until
        from engine_pack_locks where vault = ${vaultId} and pack in (${sql.join(batch)})`);
      for (const { pack, mode, until } of rows) {
        found.set(pack, { packId: pack, mode: mode === 'compliance' ? 'compliance' : 'governance', untilAt: until });
      }
    }
    return packIds.flatMap((packId) => found.get(packId) ?? []);
  }

  async heldPacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    const held: PackId[] = [];
    for (const batch of batches(packIds)) {
      const rows = await this.database.rows<{ pack: string }>(sql`select distinct u.pack from engine_pack_uses u
        join engine_holds h on h.vault = u.vault and h.point = u.point
        where u.vault = ${vaultId} and u.pack in (${sql.join(batch)}) order by u.pack`);
      held.push(...rows.map(({ pack }) => pack));
    }
    return held;
  }

  async lastFence(vaultId: string): Promise<number> {
    const [row] = await this.database.rows<{ last: number }>(
      sql`select last from engine_fences where vault = ${vaultId}`,
    );
    return row?.last ?? 0;
  }

  async raiseFence(vaultId: string, atLeast: number): Promise<void> {
    await this.database.run(sql`insert into engine_fences (vault, last) values (${vaultId}, ${atLeast})
      on conflict (vault) do update set
        last = case when excluded.last > engine_fences.last then excluded.last else engine_fences.last end`);
  }

  restorePacks(vaultId: string, packs: readonly PackFacts[]): Promise<void> {
    return this.database.transaction(() => this.insertPacks(vaultId, packs, 'live', null));
  }

  /** Enters packs that are not known yet; within a transaction. */
  async insertPacks(
    vaultId: string,
    packs: readonly PackFacts[],
    state: 'written' | 'live',
    leaseId: string | null,
  ): Promise<void> {
    for (const batch of batches(packs)) {
      const rows = batch.map(
        (pack) => sql`(${vaultId}, ${pack.packId}, ${pack.kind}, ${pack.sizeBytes}, ${pack.cohortUntilAt ?? null},
          ${pack.merkleRoot}, ${pack.crc32}, 0, 0, ${state}, ${leaseId})`,
      );
      await this.database.run(sql`insert into engine_packs
        (vault, pack, kind, size, cohort_until, root, crc, refs, used, state, lease)
        values ${sql.join(rows)} on conflict do nothing`);
    }
  }

  restoreMoves(vaultId: string, moves: readonly PackMove[]): Promise<void> {
    return this.database.transaction(() => addMoves(this.database, vaultId, moves));
  }

  restorePoint(vaultId: string, point: RestoredPoint): Promise<boolean> {
    const { recoveryPointId } = point;
    return this.database.transaction(async () => {
      const inserted = await this.database.run(sql`insert into engine_points
        (vault, point, parent, fence, created_at, retention, logical_bytes, items)
        values (${vaultId}, ${recoveryPointId}, ${point.parentId ?? null}, ${point.fence}, ${point.createdAt},
          ${JSON.stringify(point.retention)}, ${point.logicalBytes}, ${point.itemCount})
        on conflict do nothing`);
      if (inserted === 0) return false;
      for (const hold of point.holds) {
        await this.database.run(sql`insert into engine_holds (vault, point, hold)
          values (${vaultId}, ${recoveryPointId}, ${hold}) on conflict do nothing`);
      }
      const uses = mergedUses(point.uses);
      for (const batch of batches(uses)) await this.#requireKnown(vaultId, recoveryPointId, batch);
      await this.database.countUses(vaultId, recoveryPointId, uses);
      return true;
    });
  }

  async #requireKnown(vaultId: string, recoveryPointId: string, uses: readonly PackUse[]): Promise<void> {
    const rows = await this.database.rows<{ pack: string }>(sql`select pack from engine_packs
      where vault = ${vaultId} and pack in (${sql.join(uses.map(({ packId }) => packId))})`);
    const known = new Set(rows.map(({ pack }) => pack));
    const missing = uses.find(({ packId }) => !known.has(packId));
    if (missing === undefined) return;
    const message = `recovery point ${recoveryPointId} needs pack ${missing.packId}, which no index segment describes`;
    throw new AuthorityError('pack-missing', message);
  }

  recordPackChecks(vaultId: string, checks: readonly PackCheck[]): Promise<void> {
    return this.database.transaction(async () => {
      for (const { packId, layer, checkedAt, damage } of checks) {
        await this.database.run(sql`insert into engine_pack_checks (vault, pack, layer, checked_at, damage)
          select vault, pack, cast(${layer} as text), cast(${checkedAt} as bigint), cast(${damage ?? null} as text)
          from engine_packs where vault = ${vaultId} and pack = ${packId}
          on conflict (vault, pack, layer) do update set checked_at = excluded.checked_at, damage = excluded.damage`);
      }
    });
  }

  async packsToCheck(
    vaultId: string,
    layer: PackCheck['layer'],
    notSinceAt: number,
    limit: number,
  ): Promise<readonly PackCheckState[]> {
    const rows = await this.database.rows<CheckedRow>(sql`select p.*, c.checked_at, c.damage from engine_packs p
      left join engine_pack_checks c on c.vault = p.vault and c.pack = p.pack and c.layer = ${layer}
      where p.vault = ${vaultId} and p.state = 'live' and coalesce(c.checked_at, -1) < ${notSinceAt}
      order by coalesce(c.checked_at, -1), p.pack limit ${limit}`);
    return rows.map(toCheckState);
  }

  async damagedPacks(vaultId: string): Promise<readonly PackCheckState[]> {
    // Both layers have their say; of two damages the newer one is told.
    const rows = await this.database.rows<CheckedRow>(sql`select p.*, c.checked_at, c.damage from engine_packs p
      join engine_pack_checks c on c.vault = p.vault and c.pack = p.pack
      where p.vault = ${vaultId} and c.damage is not null
        and not exists (select 1 from engine_pack_checks newer
          where newer.vault = c.vault and newer.pack = c.pack and newer.damage is not null
            and (newer.checked_at > c.checked_at
              or (newer.checked_at = c.checked_at and newer.layer > c.layer)))
      order by p.pack`);
    return rows.map(toCheckState);
  }

  async packsToMeasure(vaultId: string, share: number, limit: number): Promise<readonly CountedPack[]> {
    const rows = await this.database.rows<PackRow>(sql`select p.* from engine_packs p
      left join engine_measured_packs m on m.vault = p.vault and m.pack = p.pack
      where p.vault = ${vaultId} and p.state = 'live' and p.refs >= 2 and (m.pack is null or p.used < m.used)
        and (select max(u.used) from engine_pack_uses u where u.vault = p.vault and u.pack = p.pack)
          <= p.size * cast(${share} as double precision)
      order by p.pack limit ${limit}`);
    return rows.map(toPack);
  }

  recordLiveBytes(vaultId: string, packs: readonly PackUse[]): Promise<void> {
    return this.database.transaction(async () => {
      for (const { packId, usedBytes } of packs) {
        await this.database.run(sql`insert into engine_measured_packs (vault, pack, live, refs, used)
          select vault, pack, cast(${usedBytes} as bigint), refs, used from engine_packs
          where vault = ${vaultId} and pack = ${packId}
          on conflict (vault, pack) do update set
            live = excluded.live, refs = excluded.refs, used = excluded.used`);
      }
    });
  }

  async measuredPacks(vaultId: string): Promise<readonly PackUse[]> {
    const rows = await this.database.rows<{ pack: string; live: number }>(sql`select m.pack, m.live
      from engine_measured_packs m join engine_packs p on p.vault = m.vault and p.pack = m.pack
      where m.vault = ${vaultId} and p.refs = m.refs and p.used = m.used order by m.pack`);
    return rows.map(({ pack, live }) => ({ packId: pack, usedBytes: live }));
  }

  /** Deletes the withdrawn ones of these packs with all that is known of them; within a transaction. */
  async deleteWithdrawn(vaultId: string, packIds: readonly PackId[]): Promise<void> {
    const rows = await this.database.rows<{ pack: string }>(sql`delete from engine_packs
      where vault = ${vaultId} and pack in (${sql.join(packIds)}) and state = 'withdrawn' returning pack`);
    if (rows.length === 0) return;
    const gone = sql`vault = ${vaultId} and pack in (${sql.join(rows.map(({ pack }) => pack))})`;
    await this.database.run(sql`delete from engine_pack_locks where ${gone}`);
    await this.database.run(sql`delete from engine_pack_checks where ${gone}`);
    await this.database.run(sql`delete from engine_cold_packs where ${gone}`);
    await this.database.run(sql`delete from engine_measured_packs where ${gone}`);
    await this.database.run(sql`delete from engine_moved_packs
      where vault = ${vaultId} and successor in (${sql.join(rows.map(({ pack }) => pack))})`);
  }
}

function toCheckState(row: CheckedRow): PackCheckState {
  return {
    pack: toPack(row),
    ...(row.checked_at === null ? {} : { checkedAt: row.checked_at }),
    ...(row.damage === null ? {} : { damage: row.damage }),
  };
}
