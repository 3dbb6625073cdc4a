import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import type { QueryConnection, Server } from '../client/server.ts';

/** How far a server's binary log is written. */
export interface LogEnd {
  /** By the clock of the server, in ms; asked before the position, so that all that was committed by then lies before it. */
  readonly at: number;
  readonly file: string;
  readonly offset: number;
}

/** @throws ConnectorError when the server writes no binary log, or the user may not ask */
export async function readLogEnd(connection: QueryConnection, server: Server): Promise<LogEnd> {
  const [time] = await connection.rows<{ at: string }>('select cast(unix_timestamp(now(6)) * 1000 as unsigned) as at');
  const [status] = await masterStatus(connection);
  if (status === undefined) throw noBinaryLog(server);
  return { at: Number(time?.at), file: status.File, offset: Number(status.Position) };
}

/** MySQL 8.4 knows the new words only, MariaDB and older MySQL the old ones. */
async function masterStatus(connection: QueryConnection): Promise<{ File: string; Position: string }[]> {
  try {
    return await connection.rows('show master status');
  } catch (error) {
    if (error instanceof ConnectorError && error.class === 'denied') throw error;
    return connection.rows('show binary log status');
  }
}

/** The files that the server still has, oldest first. */
export async function logFiles(connection: QueryConnection): Promise<readonly { file: string; sizeBytes: number }[]> {
  const rows = await connection.rows<{ Log_name: string; File_size: string }>('show binary logs');
  return rows.map((row) => ({ file: row.Log_name, sizeBytes: Number(row.File_size) }));
}

function noBinaryLog(server: Server): ConnectorError {
  return new ConnectorError('denied', `The server at ${server.name} writes no binary log.`, {
    hint: 'Continuous backup needs it: set log_bin and binlog_format=ROW, and restart the server.',
  });
}
