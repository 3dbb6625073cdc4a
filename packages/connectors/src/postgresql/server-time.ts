import type { Server } from './client/server.ts';

/** The clock of the server, in ms; times of commits are by this one. */
export async function serverTime(server: Server): Promise<number> {
  const [row] = await server.use((connection) =>
    connection.rows<{ now: string }>('select floor(extract(epoch from clock_timestamp()) * 1000) as now'),
  );
  return Number(row?.now);
}
