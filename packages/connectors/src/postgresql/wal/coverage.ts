import type { QueryConnection } from '../client/server.ts';
import { parseLsn } from './wal-position.ts';

/**
 * A commit gets its time a moment before its record gets its place in the log, so that the log is ordered by time only
 * roughly: what is claimed to be complete lies this much behind what was seen.
 */
export const DISORDER_MS = 1000;
const PAGE_BYTES = 8192n;
const LONGEST_PAGE_HEADER = 40n;

/** A moment by the clock of the resource, and the place in the log before which everything committed by then lies. */
export interface Sample {
  readonly at: number;
  readonly lsn: bigint;
}

/** Undefined on a replica that receives nothing: it does not know how late it is. */
export async function sample(connection: QueryConnection): Promise<Sample | undefined> {
  const [row] = await connection.rows<{ at: string | null; lsn: string | null }>(
    `select floor(extract(epoch from at) * 1000)::text as at, lsn::text as lsn from (
       select case when pg_is_in_recovery() then (select last_msg_send_time from pg_stat_wal_receiver)
                   else clock_timestamp() end as at,
              case when pg_is_in_recovery() then (select latest_end_lsn from pg_stat_wal_receiver)
                   else pg_current_wal_insert_lsn() end as lsn) as seen`,
  );
  if (row?.at == null || row.lsn === null) return undefined;
  return { at: Number(row.at), lsn: parseLsn(row.lsn) };
}

/** Whether log up to `reached` holds everything before `wanted`; a place behind a page header is the page's start. */
export function reaches(reached: bigint, wanted: bigint): boolean {
  return reached >= wanted || (reached % PAGE_BYTES === 0n && wanted - reached <= LONGEST_PAGE_HEADER);
}
