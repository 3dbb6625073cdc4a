import type { S3Connection } from './connection.ts';

const LOOK_MS = 50;
const MOST_LOOKS = 60;

/**
 * A moment by the clock of the store that has just passed: what was written before this call is older, and what will be
 * written from now on is newer. Stores tell their time in whole seconds, so the end of the present one is waited for.
 */
export async function settledTime(
  connection: S3Connection,
  bucket: string,
  now: () => number,
  signal: AbortSignal,
): Promise<number> {
  const first = await storeTime(connection, bucket, signal);
  if (first === undefined) return now();
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    await connection.sleep(LOOK_MS, signal);
    const next = await storeTime(connection, bucket, signal);
    if (next !== undefined && next > first) return next - 1;
  }
  // A clock that stands still says nothing.
  return now();
}

async function storeTime(connection: S3Connection, bucket: string, signal: AbortSignal): Promise<number | undefined> {
  const { headers } = await connection.send(bucket, { method: 'HEAD' }, signal);
  const time = Date.parse(headers.date ?? '');
  return Number.isNaN(time) ? undefined : time;
}
