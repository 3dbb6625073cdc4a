import assert from 'node:assert/strict';
import type { PostgresServer } from '@holdfast/testkit';
import { runProgram } from './running-server.ts';

/** Runs SQL on a server of the loopback interface. @returns the rows, without headers */
export async function psql(program: string, port: number | string, sql: string): Promise<string> {
  const args = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-d', 'postgres', '-XAtqc', sql];
  const result = await runProgram(program, args, { env: process.env });
  assert.equal(result.code, 0, result.stderr);
  return result.stdout.trim();
}

/** The instance outlives the server by design; the test must not leave it behind. */
export async function stopInstance({ binDirectory }: PostgresServer, data: string): Promise<void> {
  const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
  const [program = '', ...args] = [...asUser, `${binDirectory}/pg_ctl`, 'stop', '-D', data, '-m', 'immediate'];
  await runProgram(program, args, { env: process.env, cwd: '/' });
}
