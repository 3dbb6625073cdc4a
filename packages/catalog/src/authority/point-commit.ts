import { AuthorityError, type PackUse, type RecoveryPointCommit, type WriteLease } from '@holdfast/engine';
import { sql } from 'kysely';
import { type AuthorityDatabase, batches, mergedUses } from './authority-database.ts';

interface MovedRow {
  readonly pack: string;
  readonly successor: string;
  readonly moved: number;
}

/** The one commit point of a recovery point; within a transaction. */
export async function commitPoint(
  database: AuthorityDatabase,
  lease: WriteLease,
  commit: RecoveryPointCommit,
): Promise<void> {
  const { vaultId } = lease;
  await database.checkWriteLease(lease);
  const inserted = await database.run(sql`insert into engine_points
    (vault, point, parent, fence, created_at, retention, logical_bytes, items)
    values (${vaultId}, ${commit.recoveryPointId}, ${commit.parentId ?? null}, ${lease.fence}, ${commit.createdAt},
      ${JSON.stringify(commit.retention)}, ${commit.logicalBytes}, ${commit.itemCount})
    on conflict do nothing`);
  if (inserted === 0) {
    throw new AuthorityError('already-exists', `recovery point ${commit.recoveryPointId} is already committed`);
  }
  const uses = mergedUses(await followMoves(database, vaultId, commit.uses));
  for (const batch of batches(uses)) await requireSafe(database, lease, commit, batch);
  await database.countUses(vaultId, commit.recoveryPointId, uses);
  for (const batch of batches(uses)) {
    await database.run(sql`update engine_packs set state = 'live', lease = null
      where vault = ${vaultId} and pack in (${sql.join(batch.map(({ packId }) => packId))})`);
  }
  await database.addSegments(vaultId, commit.segments);
  await database.endWriteLease(lease);
}

/** Trees keep naming packs whose frames were moved since; their successors count in their place. */
async function followMoves(
  database: AuthorityDatabase,
  vaultId: string,
  uses: readonly PackUse[],
): Promise<readonly PackUse[]> {
  const arrived: PackUse[] = [];
  let pending = uses;
  while (pending.length > 0) {
    const successors = await successorsOf(database, vaultId, pending);
    arrived.push(...pending.filter(({ packId }) => !successors.has(packId)));
    pending = pending.flatMap(({ packId, usedBytes }) =>
      (successors.get(packId) ?? []).map(({ successor, moved }) => ({
        packId: successor,
        usedBytes: Math.min(usedBytes, moved),
      })),
    );
  }
  return arrived;
}

async function successorsOf(
  database: AuthorityDatabase,
  vaultId: string,
  uses: readonly PackUse[],
): Promise<ReadonlyMap<string, readonly MovedRow[]>> {
  const rows: MovedRow[] = [];
  for (const batch of batches(uses)) {
    const packs = sql.join(batch.map(({ packId }) => packId));
    const found = await database.rows<MovedRow>(sql`select pack, successor, moved from engine_moved_packs
      where vault = ${vaultId} and pack in (${packs})`);
    rows.push(...found);
  }
  return Map.groupBy(rows, ({ pack }) => pack);
}

/** Written under this lease, pinned by it, or held by the parent that it reads. @throws AuthorityError `pack-missing` */
async function requireSafe(
  database: AuthorityDatabase,
  { vaultId, leaseId }: WriteLease,
  commit: RecoveryPointCommit,
  uses: readonly PackUse[],
): Promise<void> {
  const rows = await database.rows<{ pack: string }>(sql`select pack from engine_packs p
    where vault = ${vaultId} and pack in (${sql.join(uses.map(({ packId }) => packId))}) and state <> 'withdrawn'
      and (lease = ${leaseId}
        or exists (select 1 from engine_pins i where i.vault = p.vault and i.pack = p.pack and i.lease = ${leaseId})
        or exists (select 1 from engine_pack_uses u
          join engine_read_leases r on r.vault = u.vault and r.point = u.point
          where u.vault = p.vault and u.point = ${commit.parentId ?? ''} and u.pack = p.pack
            and r.expires_at > ${database.now()}))`);
  const safe = new Set(rows.map(({ pack }) => pack));
  const missing = uses.find(({ packId }) => !safe.has(packId));
  if (missing === undefined) return;
  throw new AuthorityError(
    'pack-missing',
    `recovery point ${commit.recoveryPointId} needs pack ${missing.packId}, which is not written, pinned or held by its parent`,
  );
}
