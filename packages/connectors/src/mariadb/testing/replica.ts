import { setTimeout as wait } from 'node:timers/promises';
import { type MariadbServer, startMariadb } from '@holdfast/testkit';

const PATIENCE_MS = 120_000;

/** A MariaDB server whose changes replicas can follow. */
export async function startPrimary(): Promise<MariadbServer> {
  const server = await startMariadb(['--log-bin=binlog', '--binlog-format=ROW', '--server-id=1']);
  server.sql("create user repl@'127.0.0.1' identified by 'x'; grant replication slave on *.* to repl@'127.0.0.1'");
  return server;
}

/** An empty server that follows another one from the beginning, by numbers of transactions or by places in its log. */
export async function startReplica(
  primary: MariadbServer,
  by: 'gtid' | 'place',
  serverId: number,
): Promise<MariadbServer> {
  const replica = await startMariadb([`--server-id=${serverId}`, '--log-bin=other', '--log-slave-updates']);
  const using = by === 'gtid' ? 'slave_pos' : 'no';
  replica.sql(`change master to master_host = '127.0.0.1', master_port = ${primary.port}, master_user = 'repl',
    master_password = 'x', master_use_gtid = ${using}; start slave`);
  await caughtUp(primary, replica);
  return replica;
}

/** Waits until a replica has all that its primary has now. */
export async function caughtUp(primary: MariadbServer, replica: MariadbServer): Promise<void> {
  const [file, offset] = primary.sql('show master status').split('\t');
  const givesUpAt = performance.now() + PATIENCE_MS;
  while (Number(replica.sql(`select ifnull(master_pos_wait('${file}', ${offset}, 1), -1)`)) < 0) {
    if (performance.now() > givesUpAt)
      throw new Error(`the replica does not follow: ${replica.sql('show slave status')}`);
    await wait(50);
  }
}
