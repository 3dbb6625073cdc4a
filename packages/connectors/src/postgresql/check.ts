import { primaryOf } from '../restored-instances/database-instances.ts';
import type { RestorePlaceOptions } from '../restored-instances/restore-place.ts';
import type { CheckFinding } from '../sdk/v1/connector.ts';
import type { Server } from './client/server.ts';
import { reasonOf } from './errors.ts';
import { readFacts, type ServerFacts } from './facts.ts';
import type { Instance } from './instances.ts';
import { checkRestorePlace } from './restore/check-restore-place.ts';

/** What a source needs, one finding for each thing, with the SQL that cures it. */
export async function checkPostgresql(
  instance: Instance,
  place: RestorePlaceOptions,
  signal: AbortSignal,
): Promise<readonly CheckFinding[]> {
  const findings: CheckFinding[] = [];
  for (const server of instance.servers) {
    signal.throwIfAborted();
    findings.push(await checkReachable(server));
  }
  if (findings.every(({ ok }) => !ok)) return findings;
  const { server, facts } = await primaryOf(instance, readFacts);
  const { user } = server.settings;
  findings.push(await checkReplication(server));
  findings.push(await checkRole(server, user));
  findings.push(...checkSettings(facts));
  findings.push(await checkRestorePlace(place, facts.majorVersion));
  return findings;
}

async function checkReachable(server: Server): Promise<CheckFinding> {
  const what = `PostgreSQL at ${server.name} lets ${server.settings.user} in`;
  try {
    await server.use((connection) => connection.rows('select 1'));
    return { what, ok: true };
  } catch (error) {
    return { what, ok: false, hint: reasonOf(error) };
  }
}

async function checkReplication(server: Server): Promise<CheckFinding> {
  const what = `${server.settings.user} may open replication connections`;
  try {
    await using connection = await server.connectReplication();
    await connection.client.query('IDENTIFY_SYSTEM');
    return { what, ok: true };
  } catch (error) {
    return { what, ok: false, hint: reasonOf(error) };
  }
}

async function checkRole(server: Server, user: string): Promise<CheckFinding> {
  const what = `${user} sees sizes and settings (pg_monitor)`;
  const [row] = await server.use((connection) =>
    connection.rows<{ allowed: boolean }>("select pg_has_role(current_user, 'pg_monitor', 'usage') as allowed"),
  );
  if (row?.allowed === true) return { what, ok: true };
  return { what, ok: false, advisory: true, hint: `As a superuser: grant pg_monitor to "${user}";` };
}

function checkSettings({ settings, majorVersion }: ServerFacts): CheckFinding[] {
  const number = (name: string): number => Number(settings[name] ?? 0);
  const advisory = (what: string, ok: boolean, hint: string): CheckFinding =>
    ok ? { what, ok } : { what, ok, advisory: true, hint };
  const needed = (what: string, ok: boolean, hint: string): CheckFinding => (ok ? { what, ok } : { what, ok, hint });
  return [
    needed(
      'the server writes a log that backups can use (wal_level)',
      settings['wal_level'] !== 'minimal',
      "As a superuser: alter system set wal_level = 'replica'; and restart the server.",
    ),
    needed(
      'a backup and a capture can run at once (max_wal_senders)',
      number('max_wal_senders') >= 2,
      'As a superuser: alter system set max_wal_senders = 10; and restart the server.',
    ),
    needed(
      'the log can be kept for Holdfast (max_replication_slots)',
      number('max_replication_slots') >= 2,
      'As a superuser: alter system set max_replication_slots = 10; and restart the server.',
    ),
    advisory(
      'the server bounds the log that it keeps for a slot (max_slot_wal_keep_size)',
      number('max_slot_wal_keep_size') >= 0,
      "While Holdfast is away the log grows until the disk is full. As a superuser: alter system set max_slot_wal_keep_size = '10GB'; select pg_reload_conf();",
    ),
    advisory(
      'pages have checksums, which every backup verifies (data_checksums)',
      settings['data_checksums'] === 'on',
      'Without them damage of the disk goes unseen. With the server stopped: pg_checksums --enable -D <data directory>',
    ),
    ...(majorVersion < 17
      ? []
      : [
          advisory(
            'the server knows which blocks changed (summarize_wal)',
            settings['summarize_wal'] === 'on',
            'Without it every backup reads the whole server. As a superuser: alter system set summarize_wal = on; select pg_reload_conf();',
          ),
        ]),
  ];
}
