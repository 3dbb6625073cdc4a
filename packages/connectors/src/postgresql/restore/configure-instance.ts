import { chown, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserIdentity } from '../../child-process/identity-of.ts';
import { dataDirectoryOf } from '../../restored-instances/instance-directory.ts';
import { pathExists } from '../../restored-instances/path-exists.ts';
import type { BackupFacts } from '../backup/backup-items.ts';
import { socketDirectoryOf } from './instance-directory.ts';

/** From here on our own lines follow; later lines win. */
const MARK = '# Set by Holdfast when it restored this instance; lines above are those of the source.';
const FILE_MODE = 0o600;

/** A hot standby refuses to recover with less of these than the source had. */
const AT_LEAST_AS_SOURCE = [
  'max_connections',
  'max_worker_processes',
  'max_wal_senders',
  'max_prepared_transactions',
  'max_locks_per_transaction',
];

/** Used when the source keeps its rules outside of its data directory, as Debian does. */
const DEFAULT_HBA = `# The source keeps its pg_hba.conf outside of the data directory.
local   all          all                  peer
host    all          all  127.0.0.1/32    scram-sha-256
local   replication  all                  peer
host    replication  all  127.0.0.1/32    scram-sha-256
`;

export interface InstanceConfiguration {
  readonly directory: string;
  readonly identity: UserIdentity | undefined;
  readonly port: number;
  /** Present while captured log is to be replayed: `at` in ms, or to the end of the log. */
  readonly recovery: { readonly at: number } | 'end-of-log' | undefined;
}

/** Makes a laid-out data directory run as an instance of its own, apart from its source. */
export async function configureInstance(options: InstanceConfiguration, facts: BackupFacts): Promise<void> {
  const { directory, identity, recovery } = options;
  const data = dataDirectoryOf(directory);
  const own = async (path: string): Promise<void> => {
    if (identity !== undefined) await chown(path, identity.uid, identity.gid);
  };
  const ifMissing = async (name: string, text: string): Promise<void> => {
    if (await pathExists(join(data, name))) return;
    await writeFile(join(data, name), text, { mode: FILE_MODE });
    await own(join(data, name));
  };
  await ifMissing('postgresql.conf', fallbackSettings(facts));
  await ifMissing('pg_hba.conf', DEFAULT_HBA);
  await ifMissing('pg_ident.conf', '');
  const socket = socketDirectoryOf(directory);
  if (socket !== undefined) {
    await mkdir(socket, { recursive: true, mode: 0o755 });
    await own(socket);
  }
  await writeOwnLines(join(data, 'postgresql.auto.conf'), linesOf(options, facts, socket), own);
  if (recovery === undefined) return;
  await writeFile(join(data, 'recovery.signal'), '', { mode: FILE_MODE });
  await own(join(data, 'recovery.signal'));
}

async function writeOwnLines(file: string, lines: string[], own: (path: string) => Promise<void>): Promise<void> {
  const before = (await pathExists(file)) ? await readFile(file, 'utf8') : '';
  const kept = before.split(MARK)[0]?.trimEnd() ?? '';
  await writeFile(`${file}.new`, `${kept}\n${MARK}\n${lines.join('\n')}\n`, { mode: FILE_MODE });
  await own(`${file}.new`);
  await rename(`${file}.new`, file);
}

function linesOf({ directory, port, recovery }: InstanceConfiguration, facts: BackupFacts, socket: string | undefined) {
  const data = dataDirectoryOf(directory);
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socket ?? '',
    external_pid_file: join(directory, 'server.pid'),
    hba_file: join(data, 'pg_hba.conf'),
    ident_file: join(data, 'pg_ident.conf'),
    // Nothing of the source may be touched: not its archive, its primary, its standbys, nor its log directory.
    archive_mode: 'off',
    primary_conninfo: '',
    primary_slot_name: '',
    synchronous_standby_names: '',
    logging_collector: 'off',
    restore_command: recovery === undefined ? '' : 'false',
    recovery_target: '',
    recovery_target_lsn: '',
    recovery_target_name: '',
    recovery_target_xid: '',
    recovery_target_time: typeof recovery === 'object' ? targetText(recovery.at) : '',
    recovery_target_action: 'promote',
    recovery_target_timeline: 'latest',
    recovery_min_apply_delay: '0',
  };
  for (const name of AT_LEAST_AS_SOURCE) {
    const value = facts.settings[name];
    if (value !== undefined) settings[name] = value;
  }
  return Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
}

/** With its zone, in ms: commits at this time are in, later ones are out. */
function targetText(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '+00');
}

function fallbackSettings({ settings }: BackupFacts): string {
  const libraries = settings['shared_preload_libraries'] ?? '';
  return [
    '# The source keeps its postgresql.conf outside of the data directory: these are defaults.',
    ...(libraries === '' ? [] : [`shared_preload_libraries = '${libraries.replaceAll("'", "''")}'`]),
    '',
  ].join('\n');
}
