import { AuthorityError, type PackUse, type RecoveryPointCommit, type WriteLease } from '@holdfast/engine';
import { sql } from 'kysely';
import { type AuthorityDatabase, batches, mergedUses } from './authority-database.ts';
import { addMoves } from './pack-move.ts';

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
  await addMoves(database, vaultId, commit.moves ?? []);
  const uses = mergedUses(await safeUses(database, lease, commit));
  await database.countUses(vaultId, commit.recoveryPointId, uses);
  for (const batch of batches(uses)) {
    await database.run(sql`update engine_packs set state = 'live', lease = null
      where vault = ${vaultId} and pack in (${sql.join(batch.map(({ packId }) => packId))})`);
  }
  await database.addSegments(vaultId, commit.segments);
  await database.endWriteLease(lease);
}

/**
 * The packs that count for the recovery point. Trees keep naming packs whose frames were moved since: where such a pack
 * is no longer safe, its successors count in its place. A pack that is still safe counts itself, since a promotion moves
 * only the frames that the promoted recovery point needs.
 * @throws AuthorityError `pack-missing`
 */
async function safeUses(
  database: AuthorityDatabase,
  lease: WriteLease,
  commit: RecoveryPointCommit,
): Promise<readonly PackUse[]> {
  const arrived: PackUse[] = [];
  let pending = commit.uses;
  while (pending.length > 0) {
    const safe = await safePacks(database, lease, commit, pending);
    const moved = pending.filter(({ packId }) => !safe.has(packId));
    const successors = await successorsOf(database, lease.vaultId, moved);
    arrived.push(...pending.filter(({ packId }) => safe.has(packId)));
    pending = moved.flatMap(({ packId, usedBytes }) => {
      const rows = successors.get(packId) ?? missing(commit, packId);
      return rows.map(({ successor, moved }) => ({ packId: successor, usedBytes: Math.min(usedBytes, moved) }));
    });
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

/** Those written under this lease, pinned by it, or held by the parent that it reads. */
async function safePacks(
  database: AuthorityDatabase,
  { vaultId, leaseId }: WriteLease,
  commit: RecoveryPointCommit,
  uses: readonly PackUse[],
): Promise<ReadonlySet<string>> {
  const safe = new Set<string>();
  for (const batch of batches(uses)) {
    const rows = await database.rows<{ pack: string }>(sql`select pack from engine_packs p
      where vault = ${vaultId} and pack in (${sql.join(batch.map(({ packId }) => packId))}) and state <> 'withdrawn'
        and (lease = ${leaseId}
          or exists (select 1 from engine_pins i where i.vault = p.vault and i.pack = p.pack and i.lease = ${leaseId})
          or exists (select 1 from engine_pack_uses u
            join engine_read_leases r on r.vault = u.vault and r.point = u.point
            where u.vault = p.vault and u.point = ${commit.parentId ?? ''} and u.pack = p.pack
              and r.expires_at > ${database.now()}))`);
    for (const { pack } of rows) safe.add(pack);
  }
  return safe;
}

function missing(commit: RecoveryPointCommit, packId: string): never {
  const where = `recovery point ${commit.recoveryPointId} needs pack ${packId}`;
  throw new AuthorityError('pack-missing', `${where}, which is not written, pinned or held by its parent`);
}
