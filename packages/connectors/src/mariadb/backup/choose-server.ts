import { reachAll, serverForBackup } from '../../restored-instances/database-instances.ts';
import type { BackupRequest, ConnectorContext } from '../../sdk/v1/connector.ts';
import { readLogEnd } from '../binlog/server-log.ts';
import type { Server } from '../client/server.ts';
import { readFacts } from '../facts.ts';
import type { Instance, ReachedServer } from '../instances.ts';
import type { BaseFacts } from './base-items.ts';

/** How long a replica may take to get to where its primary is now. */
const CATCH_UP_SECONDS = 60;

/** A server that is backed up, and whose binary log leads on from there. */
export interface ChosenServer {
  readonly reached: ReachedServer;
  readonly logOf: BaseFacts['logOf'];
}

/**
 * The server that is best asked for a base backup: a replica that has got everything which its primary has now, so that
 * the primary is spared and nothing is missing; the primary otherwise.
 * @param isPhysical whether the files of a server can be read; a dump of a replica does not say where the primary's log was
 */
export async function chooseServer(
  instance: Instance,
  request: BackupRequest,
  context: ConnectorContext,
  isPhysical: (reached: ReachedServer) => Promise<boolean>,
): Promise<ChosenServer> {
  const candidate = await serverForBackup(instance, readFacts);
  if (instance.servers.length === 1 || candidate.facts.isReplica !== true)
    return { reached: candidate, logOf: 'itself' };
  const primary = (await reachAll(instance, readFacts)).find(({ facts }) => facts.isReplica === false);
  if (primary === undefined) return { reached: candidate, logOf: 'itself' };
  const isContinuous = request.continuous !== undefined;
  if (isContinuous && !(await isPhysical(candidate))) return { reached: primary, logOf: 'itself' };
  if (await hasCaughtUp(candidate.server, primary.server)) return { reached: candidate, logOf: 'primary' };
  context.log('warn', 'the replica is behind or has stopped; the primary is backed up instead', {
    resourceArn: request.resourceArn,
    replica: candidate.server.name,
    primary: primary.server.name,
  });
  return { reached: primary, logOf: 'itself' };
}

async function hasCaughtUp(replica: Server, primary: Server): Promise<boolean> {
  const { file, offset } = await primary.use((connection) => readLogEnd(connection, primary));
  return replica.use(async (connection) => {
    const [row] = await connection.rows<{ waited: string | null }>(
      `select master_pos_wait('${file}', ${offset}, ${CATCH_UP_SECONDS}) as waited`,
    );
    // Null when it does not replicate, -1 when the time was too short.
    return row?.waited != null && Number(row.waited) >= 0;
  });
}
