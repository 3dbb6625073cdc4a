import type { Server } from '../client/server.ts';

/** How often it is asked whether the process is gone, and how long at most; a server under load may take its time. */
const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 10_000;

/**
 * Ends the process at the server that served a connection of ours: one that waits for a checkpoint would notice late
 * that nobody listens any more. Returns when it is gone, and with it its temporary slot. Best effort: when the server
 * itself is gone there is nothing left to end.
 */
export async function endServerProcess(server: Server, processId: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  try {
    await server.use(async (connection) => {
      for (;;) {
        const rows = await connection.rows(
          'select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and usename = current_user',
          [processId],
        );
        if (rows.length === 0 || performance.now() > deadline) return;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    });
  } catch {
    // The server does not answer: its processes end with it, or notice the closed connection by themselves.
  }
}
