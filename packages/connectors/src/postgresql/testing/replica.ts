import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort, type PostgresServer, temporaryDirectory } from '@holdfast/testkit';
import { identityOf } from '../../child-process/identity-of.ts';
import { runChild } from '../../child-process/run-child.ts';

export interface Replica {
  readonly port: number;
  promote(): Promise<void>;
}

/** Runs a program of the server as its user. */
export async function asServer(server: PostgresServer, program: string, args: readonly string[]): Promise<void> {
  const identity = process.getuid?.() === 0 ? await identityOf('postgres') : undefined;
  const { code, stderr } = await runChild(join(server.binDirectory, program), args, { identity });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

/** A streaming replica of a server, which ends with the test. */
export async function startReplica(t: TestContext, server: PostgresServer): Promise<Replica> {
  const home = temporaryDirectory(t);
  chmodSync(home, 0o777);
  const data = join(home, 'data');
  const port = await freePort();
  await asServer(server, 'pg_basebackup', [
    ...['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', '-D', data, '-R', '-X', 'stream'],
    ...['--checkpoint=fast', '--no-sync'],
  ]);
  const options = [
    `-c port=${port}`,
    '-c listen_addresses=127.0.0.1',
    `-c unix_socket_directories=${home}`,
    '-c max_connections=200',
    '-c wal_keep_size=64MB',
    '-c fsync=off',
  ];
  t.after(() => {
    // The server's own user stops it; the test has ended, so that nobody waits for an answer.
    spawnSync('sh', ['-c', `kill -INT $(head -1 ${data}/postmaster.pid) 2>/dev/null; true`]);
  });
  await asServer(server, 'pg_ctl', ['start', '-D', data, '-l', join(home, 'log'), '-w', '-s', '-o', options.join(' ')]);
  return { port, promote: () => asServer(server, 'pg_ctl', ['promote', '-D', data, '-w', '-s']) };
}
