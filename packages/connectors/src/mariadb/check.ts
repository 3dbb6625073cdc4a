import { primaryOf } from '../restored-instances/database-instances.ts';
import { restorePlace } from '../restored-instances/restore-place.ts';
import type { CheckFinding, ConnectorContext } from '../sdk/v1/connector.ts';
import { readLogEnd } from './binlog/server-log.ts';
import type { QueryConnection } from './client/server.ts';
import type { ServerSettings } from './config.ts';
import { readFacts } from './facts.ts';
import { findProgram, requireProgram } from './find-programs.ts';
import type { Instance, ReachedServer } from './instances.ts';

/** What a source needs, one finding for each thing, with what cures it. */
export async function checkMariadb(
  instance: Instance,
  { settings, context }: { readonly settings: ServerSettings; readonly context: ConnectorContext },
  signal: AbortSignal,
): Promise<readonly CheckFinding[]> {
  const findings: CheckFinding[] = [];
  for (const server of instance.servers) {
    signal.throwIfAborted();
    findings.push(
      await finding(`the server at ${server.name} lets ${server.settings.user} in`, async () => {
        await server.use((connection) => connection.rows('select 1'));
      }),
    );
  }
  if (findings.every(({ ok }) => !ok)) return findings;
  const reached = await primaryOf(instance, readFacts);
  const { server, facts } = reached;
  await using connection = await server.connect();
  findings.push(await checkRights(connection, reached));
  findings.push(await checkMethod(reached));
  findings.push(
    advisory(
      await finding('the server writes a binary log, which continuous backup captures (log_bin)', () =>
        readLogEnd(connection, server),
      ),
    ),
    ...(facts.hasBinaryLog ? [checkFormat(reached)] : []),
    advisory(
      await finding('restores can run new instances here', async () => {
        await restorePlace({ settings, context });
        await requireProgram('server', facts.product, settings.binariesDirectory);
      }),
    ),
  );
  return findings;
}

async function checkRights(connection: QueryConnection, { server, facts }: ReachedServer): Promise<CheckFinding> {
  const { user } = server.settings;
  const log = facts.product === 'MariaDB' ? 'BINLOG MONITOR' : 'REPLICATION CLIENT';
  const needed = ['RELOAD', 'PROCESS', 'LOCK TABLES', 'REPLICATION SLAVE', log];
  const what = `${user} has the rights that backups and captures need`;
  const rows = await connection.rows<Record<string, string>>('show grants');
  const granted = rows.map((row) => Object.values(row)[0] ?? '').filter((grant) => / ON \*\.\* /.test(grant));
  if (granted.some((grant) => /GRANT ALL PRIVILEGES/.test(grant))) return { what, ok: true };
  const missing = needed.filter((right) => !granted.some((grant) => new RegExp(`[ ,]${right}[ ,]`).test(grant)));
  if (missing.length === 0) return { what, ok: true };
  return { what, ok: false, hint: `As an administrator: GRANT ${missing.join(', ')} ON *.* TO ${user};` };
}

async function checkMethod({ server, facts }: ReachedServer): Promise<CheckFinding> {
  const what = 'a program for base backups is installed (mariadb-backup, or mariadb-dump for dumps)';
  const { binariesDirectory, method } = server.settings;
  const physical = await findProgram('backup', facts.product, binariesDirectory);
  if (facts.product === 'MariaDB' && physical !== undefined && method !== 'logical') return { what, ok: true };
  return finding(what, () => requireProgram('dump', facts.product, binariesDirectory));
}

function checkFormat({ facts }: ReachedServer): CheckFinding {
  const what = 'the binary log holds rows, which replay exactly (binlog_format)';
  if (facts.binlogFormat.toUpperCase() === 'ROW') return { what, ok: true };
  const hint = `It is ${facts.binlogFormat}: SET GLOBAL binlog_format = 'ROW'; and the same in the server's option file.`;
  return { what, ok: false, advisory: true, hint };
}

async function finding(what: string, proof: () => Promise<unknown>): Promise<CheckFinding> {
  try {
    await proof();
    return { what, ok: true };
  } catch (error) {
    return { what, ok: false, hint: error instanceof Error ? error.message : String(error) };
  }
}

function advisory(checked: CheckFinding): CheckFinding {
  return checked.ok ? checked : { ...checked, advisory: true };
}
