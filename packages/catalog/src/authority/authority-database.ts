import { AuthorityError, type CountedPack, type PackUse, type WriteLease } from '@holdfast/engine';
import { type RawBuilder, sql } from 'kysely';
import type { Catalog } from '../database/catalog.ts';

/** Values per statement: well below the number of parameters that either database takes. */
const BATCH = 1000;

export interface PackRow {
  readonly pack: string;
  readonly kind: string;
  readonly size: number;
  readonly cohort_until: number | null;
  readonly root: string;
  readonly crc: number;
  readonly refs: number;
  readonly used: number;
  readonly state: string;
  readonly withdrawn_at: number | null;
}

/** What both halves of the authority do on the tables; each method that writes is called within a transaction. */
export class AuthorityDatabase {
  readonly #catalog: Catalog;
  readonly now: () => number;

  constructor(catalog: Catalog, now: () => number) {
    this.#catalog = catalog;
    this.now = now;
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.#catalog.transaction(work);
  }

  async rows<Row>(statement: RawBuilder<unknown>): Promise<readonly Row[]> {
    const { rows } = await statement.execute(this.#catalog.db);
    return rows as readonly Row[];
  }

  /** @returns how many rows changed */
  async run(statement: RawBuilder<unknown>): Promise<number> {
    const { numAffectedRows } = await statement.execute(this.#catalog.db);
    return Number(numAffectedRows ?? 0n);
  }

  async exists(statement: RawBuilder<unknown>): Promise<boolean> {
    return (await this.rows(statement)).length > 0;
  }

  /** A lapsed writer loses its lease for good, so that it can never commit after its packs were collected. */
  async endLapsedLeases(): Promise<void> {
    const now = this.now();
    const lapsed = sql`(select lease from engine_write_leases where expires_at <= ${now})`;
    await this.run(sql`delete from engine_pins where lease in ${lapsed}`);
    await this.run(sql`delete from engine_closed_packs where lease in ${lapsed}`);
    await this.run(sql`delete from engine_write_leases where expires_at <= ${now}`);
    await this.run(sql`delete from engine_read_leases where expires_at <= ${now}`);
  }

  /** @throws AuthorityError `lease-lost` */
  async checkWriteLease(lease: WriteLease): Promise<void> {
    const runs = await this.exists(
      sql`select 1 from engine_write_leases where lease = ${lease.leaseId} and expires_at > ${this.now()}`,
    );
    if (runs) return;
    throw new AuthorityError(
      'lease-lost',
      `the write lease of recovery point ${lease.recoveryPointId} (fence ${lease.fence}) lapsed or was released`,
    );
  }

  async endWriteLease({ leaseId }: WriteLease): Promise<void> {
    await this.run(sql`delete from engine_pins where lease = ${leaseId}`);
    await this.run(sql`delete from engine_closed_packs where lease = ${leaseId}`);
    await this.run(sql`delete from engine_write_leases where lease = ${leaseId}`);
  }

  async addSegments(vaultId: string, segments: readonly string[]): Promise<void> {
    for (const batch of batches(segments)) {
      const rows = sql.join(batch.map((segment) => sql`(${vaultId}, ${segment})`));
      await this.run(sql`insert into engine_segments (vault, segment) values ${rows} on conflict do nothing`);
    }
  }

  /** Counts the packs of a recovery point that has none counted yet; one use for each pack. */
  async countUses(vaultId: string, point: string, uses: readonly PackUse[]): Promise<void> {
    for (const batch of batches(uses)) {
      const rows = sql.join(batch.map((use) => sql`(${vaultId}, ${point}, ${use.packId}, ${use.usedBytes})`));
      await this.run(sql`insert into engine_pack_uses (vault, point, pack, used) values ${rows}`);
      await this.run(sql`update engine_packs set refs = refs + 1, used = used + (
          select u.used from engine_pack_uses u
          where u.vault = engine_packs.vault and u.point = ${point} and u.pack = engine_packs.pack)
        where vault = ${vaultId} and pack in (${sql.join(batch.map(({ packId }) => packId))})`);
    }
  }

  async pointExists(vaultId: string, recoveryPointId: string): Promise<boolean> {
    return await this.exists(sql`select 1 from engine_points where vault = ${vaultId} and point = ${recoveryPointId}`);
  }
}

/** Packs in parts that fit into a statement; none for an empty list. */
export function batches<T>(values: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(values.length / BATCH);
  return Array.from({ length: count }, (_, index) => values.slice(index * BATCH, (index + 1) * BATCH));
}

export function toPack(row: PackRow): CountedPack {
  return {
    packId: row.pack,
    kind: row.kind === 'data' ? 'data' : 'tree',
    sizeBytes: row.size,
    ...(row.cohort_until === null ? {} : { cohortUntilAt: row.cohort_until }),
    merkleRoot: row.root,
    crc32: row.crc,
    referenceCount: row.refs,
    usedBytes: row.used,
    state: row.state as CountedPack['state'],
    ...(row.withdrawn_at === null ? {} : { withdrawnAt: row.withdrawn_at }),
  };
}

/** One use for each pack; bytes of the same pack add up. */
export function mergedUses(uses: readonly PackUse[]): readonly PackUse[] {
  const bytes = new Map<string, number>();
  for (const { packId, usedBytes } of uses) bytes.set(packId, (bytes.get(packId) ?? 0) + usedBytes);
  return [...bytes].map(([packId, usedBytes]) => ({ packId, usedBytes }));
}

/** No reference, no pin, and no running lease that may still commit it; for packs under the name `p`. */
export const UNNEEDED = sql<boolean>`refs = 0
  and not exists (select 1 from engine_pins where engine_pins.vault = p.vault and engine_pins.pack = p.pack)
  and (lease is null or not exists (select 1 from engine_write_leases w where w.lease = p.lease))`;

/** Live, not being emptied by a move of its frames, in the warm tier, not found damaged; for packs named `p`. */
export const PINNABLE = sql<boolean>`state = 'live'
  and not exists (select 1 from engine_closed_packs c where c.vault = p.vault and c.pack = p.pack)
  and not exists (select 1 from engine_cold_packs c where c.vault = p.vault and c.pack = p.pack)
  and not exists (select 1 from engine_pack_checks c
    where c.vault = p.vault and c.pack = p.pack and c.damage is not null)`;
