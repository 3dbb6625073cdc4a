import { createHash } from 'node:crypto';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import { APPLICATION_NAME, type QueryConnection, type Server } from '../client/server.ts';

const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 15_000;

export interface SlotFacts {
  /** Where the server still keeps the log from; undefined for a slot that was never used. */
  readonly restartLsn: string | undefined;
  readonly isLost: boolean;
  /** How much log the server keeps for it. */
  readonly keptBytes: number;
}

/** The slot of a resource: the same name for ever, so that whoever captures next finds it again. */
export function slotNameOf(resourceArn: string): string {
  return `holdfast_${createHash('sha256').update(resourceArn).digest('hex').slice(0, 20)}`;
}

/**
 * Makes the slot when there is none, and frees it from a connection of ours that a dead worker left.
 * @returns whether it was made now
 * @throws ConnectorError `conflict` when somebody else uses it
 */
export async function holdSlot(server: Server, connection: QueryConnection, name: string): Promise<boolean> {
  const [slot] = await connection.rows<{ pid: number | null }>(
    'select active_pid as pid from pg_replication_slots where slot_name = $1',
    [name],
  );
  if (slot === undefined) {
    await connection.rows('select pg_create_physical_replication_slot($1, true)', [name]);
    return true;
  }
  if (slot.pid !== null) await freeSlot(server, connection, name);
  return false;
}

async function freeSlot(server: Server, connection: QueryConnection, name: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const rows = await connection.rows<{ ended: boolean | null }>(
      `select (select pg_terminate_backend(pid) from pg_stat_activity
                where pid = active_pid and application_name = $2 and usename = current_user) as ended
         from pg_replication_slots where slot_name = $1 and active`,
      [name, APPLICATION_NAME],
    );
    if (rows.length === 0) return;
    if (performance.now() > deadline || rows[0]?.ended === null) {
      throw new ConnectorError('conflict', `The slot ${name} at ${server.name} is in use by another process.`, {
        hint: `See who it is: select * from pg_stat_replication; and end it: select pg_terminate_backend(<pid>);`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Undefined when there is no such slot. */
export async function slotFacts(connection: QueryConnection, name: string): Promise<SlotFacts | undefined> {
  const [slot] = await connection.rows<{ restart: string | null; status: string | null; kept: string | null }>(
    `select restart_lsn::text as restart, wal_status as status,
            pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end,
                            restart_lsn)::text as kept
       from pg_replication_slots where slot_name = $1`,
    [name],
  );
  if (slot === undefined) return undefined;
  return {
    restartLsn: slot.restart ?? undefined,
    isLost: slot.status === 'lost',
    keptBytes: Number(slot.kept ?? 0),
  };
}

/** Removes the slot, whoever of ours uses it; idempotent. */
export async function dropSlot(server: Server, connection: QueryConnection, name: string): Promise<void> {
  await freeSlot(server, connection, name);
  await connection.rows(
    'select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active',
    [name],
  );
}
