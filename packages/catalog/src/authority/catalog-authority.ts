import { randomUUID } from 'node:crypto';
import {
  type Authority,
  AuthorityError,
  type CommittedRecoveryPoint,
  type CountedPack,
  type LeaseRequest,
  type PackFacts,
  type PackId,
  type ReadLease,
  type RecoveryPointCommit,
  type RecoveryPointRetention,
  type WriteLease,
} from '@holdfast/engine';
import { sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';
import { AuthorityDatabase, batches, type PackRow, PINNABLE, toPack, UNNEEDED } from './authority-database.ts';
import { CatalogCollection } from './catalog-collection.ts';
import { commitPoint } from './point-commit.ts';

interface PointRow {
  readonly point: string;
  readonly parent: string | null;
  readonly fence: number;
  readonly created_at: number;
  readonly retention: string;
  readonly logical_bytes: number;
  readonly items: number;
}

/**
 * The engine's authority on the catalog's database, so that any number of servers write into the same vaults. Behaves
 * as `SqliteAuthority` does, which the tests hold it against.
 */
export class CatalogAuthority implements Authority {
  readonly collection: CatalogCollection;
  readonly #database: AuthorityDatabase;

  /** `now` is the authority's clock, in ms since the epoch. */
  constructor(catalog: Catalog, now: () => number) {
    this.#database = new AuthorityDatabase(catalog, now);
    this.collection = new CatalogCollection(this.#database);
  }

  acquireWriteLease(request: LeaseRequest): Promise<WriteLease> {
    const { vaultId, recoveryPointId, holder, ttlMs } = request;
    const database = this.#database;
    return database.transaction(async () => {
      await database.endLapsedLeases();
      if (await database.pointExists(vaultId, recoveryPointId)) {
        throw new AuthorityError('already-exists', `recovery point ${recoveryPointId} is already committed`);
      }
      await database.run(sql`insert into engine_fences (vault, last) values (${vaultId}, 1)
        on conflict (vault) do update set last = engine_fences.last + 1`);
      const [row] = await database.rows<{ last: number }>(sql`select last from engine_fences where vault = ${vaultId}`);
      const fence = row?.last ?? 0;
      const leaseId = randomUUID();
      const expiresAt = database.now() + ttlMs;
      await database.run(sql`insert into engine_write_leases (lease, vault, point, fence, holder, expires_at)
        values (${leaseId}, ${vaultId}, ${recoveryPointId}, ${fence}, ${holder}, ${expiresAt})`);
      return { vaultId, leaseId, recoveryPointId, fence, expiresAt };
    });
  }

  renewWriteLease(lease: WriteLease, ttlMs: number): Promise<WriteLease> {
    return this.#database.transaction(async () => {
      await this.#database.checkWriteLease(lease);
      const expiresAt = this.#database.now() + ttlMs;
      await this.#database.run(
        sql`update engine_write_leases set expires_at = ${expiresAt} where lease = ${lease.leaseId}`,
      );
      return { ...lease, expiresAt };
    });
  }

  releaseWriteLease(lease: WriteLease): Promise<void> {
    return this.#database.transaction(() => this.#database.endWriteLease(lease));
  }

  acquireReadLease(request: LeaseRequest): Promise<ReadLease> {
    const { vaultId, recoveryPointId, holder, ttlMs } = request;
    return this.#database.transaction(async () => {
      if (!(await this.#database.pointExists(vaultId, recoveryPointId))) {
        throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId} in vault ${vaultId}`);
      }
      const leaseId = randomUUID();
      const expiresAt = this.#database.now() + ttlMs;
      await this.#database.run(sql`insert into engine_read_leases (lease, vault, point, holder, expires_at)
        values (${leaseId}, ${vaultId}, ${recoveryPointId}, ${holder}, ${expiresAt})`);
      return { vaultId, leaseId, recoveryPointId, expiresAt };
    });
  }

  async renewReadLease(lease: ReadLease, ttlMs: number): Promise<ReadLease> {
    const now = this.#database.now();
    const renewed = await this.#database.run(sql`update engine_read_leases set expires_at = ${now + ttlMs}
      where lease = ${lease.leaseId} and expires_at > ${now}`);
    if (renewed === 0) {
      throw new AuthorityError('lease-lost', `the read lease of recovery point ${lease.recoveryPointId} lapsed`);
    }
    return { ...lease, expiresAt: now + ttlMs };
  }

  async releaseReadLease(lease: ReadLease): Promise<void> {
    await this.#database.run(sql`delete from engine_read_leases where lease = ${lease.leaseId}`);
  }

  pinPacks(lease: WriteLease, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    const { vaultId, leaseId } = lease;
    return this.#database.transaction(async () => {
      await this.#database.checkWriteLease(lease);
      const pinned = new Set<PackId>();
      for (const batch of batches(packIds)) {
        const condition = sql`vault = ${vaultId} and pack in (${sql.join(batch)}) and ${PINNABLE}`;
        await this.#database.run(sql`insert into engine_pins (vault, pack, lease)
          select vault, pack, cast(${leaseId} as text) from engine_packs p where ${condition} on conflict do nothing`);
        const rows = await this.#database.rows<{ pack: string }>(
          sql`select pack from engine_packs p where ${condition}`,
        );
        for (const { pack } of rows) pinned.add(pack);
      }
      return packIds.filter((packId) => pinned.has(packId));
    });
  }

  recordPacks(lease: WriteLease, packs: readonly PackFacts[]): Promise<void> {
    return this.#database.transaction(async () => {
      await this.#database.checkWriteLease(lease);
      await this.collection.insertPacks(lease.vaultId, packs, 'written', lease.leaseId);
    });
  }

  commit(lease: WriteLease, commit: RecoveryPointCommit): Promise<void> {
    return this.#database.transaction(() => commitPoint(this.#database, lease, commit));
  }

  async recoveryPoint(vaultId: string, recoveryPointId: string): Promise<CommittedRecoveryPoint | undefined> {
    const rows = await this.#database.rows<PointRow>(
      sql`select * from engine_points where vault = ${vaultId} and point = ${recoveryPointId}`,
    );
    return (await this.#toPoints(vaultId, rows))[0];
  }

  async recoveryPoints(
    vaultId: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly CommittedRecoveryPoint[]> {
    const rows = await this.#database.rows<PointRow>(sql`select * from engine_points
      where vault = ${vaultId} and point > ${after ?? ''} order by point limit ${limit}`);
    return await this.#toPoints(vaultId, rows);
  }

  async #toPoints(vaultId: string, rows: readonly PointRow[]): Promise<readonly CommittedRecoveryPoint[]> {
    const holds = new Map<string, string[]>();
    for (const batch of batches(rows)) {
      const found = await this.#database.rows<{ point: string; hold: string }>(sql`select point, hold
        from engine_holds where vault = ${vaultId} and point in (${sql.join(batch.map(({ point }) => point))})
        order by hold`);
      for (const { point, hold } of found) holds.set(point, [...(holds.get(point) ?? []), hold]);
    }
    return rows.map((row) => ({
      recoveryPointId: row.point,
      fence: row.fence,
      ...(row.parent === null ? {} : { parentId: row.parent }),
      createdAt: row.created_at,
      retention: JSON.parse(row.retention) as RecoveryPointRetention,
      logicalBytes: row.logical_bytes,
      itemCount: row.items,
      holds: holds.get(row.point) ?? [],
    }));
  }

  async segments(vaultId: string): Promise<readonly string[]> {
    const rows = await this.#database.rows<{ segment: string }>(
      sql`select segment from engine_segments where vault = ${vaultId} order by segment`,
    );
    return rows.map(({ segment }) => segment);
  }

  replaceSegments(vaultId: string, added: readonly string[], retired: readonly string[]): Promise<void> {
    return this.#database.transaction(async () => {
      await this.#database.addSegments(vaultId, added);
      for (const batch of batches(retired)) {
        const names = sql.join(batch);
        await this.#database.run(sql`delete from engine_segments where vault = ${vaultId} and segment in (${names})`);
        const rows = sql.join(batch.map((segment) => sql`(${vaultId}, ${segment}, ${this.#database.now()})`));
        await this.#database.run(sql`insert into engine_retired_segments (vault, segment, retired_at)
          values ${rows} on conflict do nothing`);
      }
    });
  }

  setRetention(vaultId: string, recoveryPointId: string, retention: RecoveryPointRetention): Promise<void> {
    return this.#database.transaction(async () => {
      const { lockedUntilAt } = (await this.#requirePoint(vaultId, recoveryPointId)).retention;
      const isShorter = lockedUntilAt !== undefined && (retention.lockedUntilAt ?? 0) < lockedUntilAt;
      if (isShorter && lockedUntilAt > this.#database.now()) {
        throw new AuthorityError('locked', `the lock of recovery point ${recoveryPointId} cannot become shorter`);
      }
      await this.#database.run(sql`update engine_points set retention = ${JSON.stringify(retention)}
        where vault = ${vaultId} and point = ${recoveryPointId}`);
    });
  }

  async #requirePoint(vaultId: string, recoveryPointId: string): Promise<CommittedRecoveryPoint> {
    const point = await this.recoveryPoint(vaultId, recoveryPointId);
    if (point === undefined) throw new AuthorityError('not-found', `there is no recovery point ${recoveryPointId}`);
    return point;
  }

  addHold(vaultId: string, recoveryPointId: string, hold: string): Promise<void> {
    return this.#database.transaction(async () => {
      await this.#requirePoint(vaultId, recoveryPointId);
      await this.#database.run(sql`insert into engine_holds (vault, point, hold)
        values (${vaultId}, ${recoveryPointId}, ${hold}) on conflict do nothing`);
    });
  }

  async removeHold(vaultId: string, recoveryPointId: string, hold: string): Promise<void> {
    await this.#database.run(sql`delete from engine_holds
      where vault = ${vaultId} and point = ${recoveryPointId} and hold = ${hold}`);
  }

  deleteRecoveryPoint(vaultId: string, recoveryPointId: string): Promise<void> {
    return this.#database.transaction(async () => {
      await this.#database.endLapsedLeases();
      await this.#refuseDeletion(vaultId, await this.#requirePoint(vaultId, recoveryPointId));
      const ofPoint = sql`vault = ${vaultId} and point = ${recoveryPointId}`;
      await this.#database.run(sql`update engine_packs set refs = refs - 1, used = used - (
          select u.used from engine_pack_uses u
          where u.vault = engine_packs.vault and u.point = ${recoveryPointId} and u.pack = engine_packs.pack)
        where vault = ${vaultId} and pack in (select pack from engine_pack_uses where ${ofPoint})`);
      await this.#database.run(sql`delete from engine_pack_uses where ${ofPoint}`);
      await this.#database.run(sql`delete from engine_cold_points where ${ofPoint}`);
      await this.#database.run(sql`delete from engine_points where ${ofPoint}`);
    });
  }

  async #refuseDeletion(vaultId: string, point: CommittedRecoveryPoint): Promise<void> {
    const { recoveryPointId, retention, holds } = point;
    if (holds.length > 0) {
      throw new AuthorityError('held', `recovery point ${recoveryPointId} is under legal hold: ${holds.join(', ')}`);
    }
    if ((retention.lockedUntilAt ?? 0) > this.#database.now()) {
      const until = new Date(retention.lockedUntilAt ?? 0).toISOString();
      throw new AuthorityError('locked', `recovery point ${recoveryPointId} is locked until ${until}`);
    }
    const [reader] = await this.#database.rows<{ holder: string }>(
      sql`select holder from engine_read_leases where vault = ${vaultId} and point = ${recoveryPointId} limit 1`,
    );
    if (reader === undefined) return;
    throw new AuthorityError('in-use', `recovery point ${recoveryPointId} is being read by ${reader.holder}`);
  }

  async packs(vaultId: string, packIds: readonly PackId[]): Promise<readonly CountedPack[]> {
    const found = new Map<PackId, CountedPack>();
    for (const batch of batches(packIds)) {
      const rows = await this.#database.rows<PackRow>(
        sql`select * from engine_packs where vault = ${vaultId} and pack in (${sql.join(batch)})`,
      );
      for (const row of rows) found.set(row.pack, toPack(row));
    }
    return packIds.flatMap((packId) => found.get(packId) ?? []);
  }

  async allPacks(vaultId: string, after: PackId | undefined, limit: number): Promise<readonly CountedPack[]> {
    const rows = await this.#database.rows<PackRow>(sql`select * from engine_packs
      where vault = ${vaultId} and pack > ${after ?? ''} order by pack limit ${limit}`);
    return rows.map(toPack);
  }

  collectablePacks(vaultId: string, limit: number): Promise<readonly CountedPack[]> {
    return this.#database.transaction(async () => {
      await this.#database.endLapsedLeases();
      const rows = await this.#database.rows<PackRow>(sql`select * from engine_packs p
        where vault = ${vaultId} and state <> 'withdrawn' and ${UNNEEDED} order by pack limit ${limit}`);
      return rows.map(toPack);
    });
  }

  withdrawPacks(vaultId: string, packIds: readonly PackId[]): Promise<readonly PackId[]> {
    return this.#database.transaction(async () => {
      await this.#database.endLapsedLeases();
      const withdrawn = new Set<PackId>();
      for (const batch of batches(packIds)) {
        const rows = await this.#database.rows<{ pack: string }>(sql`update engine_packs as p
          set state = 'withdrawn', withdrawn_at = coalesce(withdrawn_at, ${this.#database.now()})
          where vault = ${vaultId} and pack in (${sql.join(batch)}) and ${UNNEEDED} returning pack`);
        for (const { pack } of rows) withdrawn.add(pack);
      }
      return packIds.filter((packId) => withdrawn.has(packId));
    });
  }

  forgetPacks(vaultId: string, packIds: readonly PackId[]): Promise<void> {
    return this.#database.transaction(async () => {
      for (const batch of batches(packIds)) await this.collection.deleteWithdrawn(vaultId, batch);
    });
  }
}
