import { type Authority, AuthorityError, type PackId, type PackUse, type WriteLease } from '@holdfast/engine';
import { sql } from 'kysely';
import type { AuthorityDatabase } from './authority-database.ts';

type PackMove = Parameters<Authority['collection']['movePacks']>[1][number];

interface User {
  readonly point: string;
  readonly used: number;
}

/** Gives the users of a pack its successors in its place; within a transaction, under a checked lease. */
export async function movePack(
  database: AuthorityDatabase,
  lease: WriteLease,
  { from, to, points }: PackMove,
): Promise<void> {
  const { vaultId, leaseId } = lease;
  const isClosed = await database.exists(sql`select 1 from engine_closed_packs
    where vault = ${vaultId} and pack = ${from} and lease = ${leaseId}`);
  if (!isClosed) {
    throw new AuthorityError('in-use', `pack ${from} is not closed: a writer may have begun to need more of it`);
  }
  const all = await database.rows<User>(
    sql`select point, used from engine_pack_uses where vault = ${vaultId} and pack = ${from}`,
  );
  const users = all.filter(({ point }) => points === undefined || points.includes(point));
  for (const target of to) await addTarget(database, lease, from, target, users);
  for (const user of users) await dropUse(database, vaultId, from, user);
}

/** Remembers where frames lie besides; what is known already stays. Within a transaction. */
export async function addMoves(
  database: AuthorityDatabase,
  vaultId: string,
  moves: readonly PackMove[],
): Promise<void> {
  for (const { from, to } of moves) {
    for (const { packId, usedBytes } of to) {
      await database.run(sql`insert into engine_moved_packs (vault, pack, successor, moved)
        values (${vaultId}, ${from}, ${packId}, ${usedBytes}) on conflict do nothing`);
    }
  }
}

async function addTarget(
  database: AuthorityDatabase,
  { vaultId, leaseId }: WriteLease,
  from: PackId,
  { packId, usedBytes }: PackUse,
  users: readonly User[],
): Promise<void> {
  const isOwn = await database.run(sql`update engine_packs set state = 'live', lease = null
    where vault = ${vaultId} and pack = ${packId} and (lease = ${leaseId} or state = 'live')`);
  if (isOwn === 0) throw new AuthorityError('pack-missing', `frames were moved to the unknown pack ${packId}`);
  await database.run(sql`insert into engine_moved_packs (vault, pack, successor, moved)
    values (${vaultId}, ${from}, ${packId}, ${usedBytes})
    on conflict (vault, pack, successor) do update set moved = excluded.moved`);
  // Trees may still name packs that were moved into `from` before; it will be forgotten, so they point past it.
  await database.run(sql`insert into engine_moved_packs (vault, pack, successor, moved)
    select vault, pack, cast(${packId} as text),
      case when moved < cast(${usedBytes} as bigint) then moved else cast(${usedBytes} as bigint) end
    from engine_moved_packs where vault = ${vaultId} and successor = ${from} on conflict do nothing`);
  for (const { point, used } of users) await addUse(database, vaultId, point, packId, Math.min(usedBytes, used));
}

/** Counts a use; a second one of the same pair adds bytes. */
async function addUse(
  database: AuthorityDatabase,
  vaultId: string,
  point: string,
  packId: PackId,
  usedBytes: number,
): Promise<void> {
  const inserted = await database.run(sql`insert into engine_pack_uses (vault, point, pack, used)
    values (${vaultId}, ${point}, ${packId}, 0) on conflict do nothing`);
  await database.run(sql`update engine_pack_uses set used = used + ${usedBytes}
    where vault = ${vaultId} and point = ${point} and pack = ${packId}`);
  await database.run(sql`update engine_packs set refs = refs + ${inserted}, used = used + ${usedBytes}
    where vault = ${vaultId} and pack = ${packId}`);
}

async function dropUse(
  database: AuthorityDatabase,
  vaultId: string,
  packId: PackId,
  { point, used }: User,
): Promise<void> {
  await database.run(sql`delete from engine_pack_uses
    where vault = ${vaultId} and point = ${point} and pack = ${packId}`);
  await database.run(sql`update engine_packs set refs = refs - 1, used = used - ${used}
    where vault = ${vaultId} and pack = ${packId}`);
}
