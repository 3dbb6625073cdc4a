import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ConnectorError } from '../sdk/v1/connector-error.ts';

/** The same program under the names that it has had. */
const NAMES = {
  backup: ['mariadb-backup', 'mariabackup'],
  binlog: { MariaDB: ['mariadb-binlog', 'mysqlbinlog'], MySQL: ['mysqlbinlog'] },
  dump: { MariaDB: ['mariadb-dump', 'mysqldump'], MySQL: ['mysqldump'] },
  client: { MariaDB: ['mariadb', 'mysql'], MySQL: ['mysql'] },
  server: { MariaDB: ['mariadbd', 'mysqld'], MySQL: ['mysqld'] },
  install: ['mariadb-install-db', 'mysql_install_db'],
} as const;

export type ProgramName = keyof typeof NAMES;
type Product = 'MariaDB' | 'MySQL';

const USUAL_DIRECTORIES = ['/usr/sbin', '/usr/local/sbin', '/usr/local/mysql/bin', '/usr/libexec'];

/** Undefined when it is not installed. */
export async function findProgram(
  program: ProgramName,
  product: Product,
  binariesDirectory: string | undefined,
): Promise<string | undefined> {
  const known = NAMES[program];
  const names = 'MariaDB' in known ? known[product] : known;
  const directories =
    binariesDirectory === undefined
      ? [...(process.env['PATH'] ?? '').split(delimiter).filter((each) => each !== ''), ...USUAL_DIRECTORIES]
      : [binariesDirectory];
  for (const name of names) {
    for (const directory of directories) {
      const path = join(directory, name);
      if (await isProgram(path)) return path;
    }
  }
  return undefined;
}

/** @throws ConnectorError `unavailable` that says what to install */
export async function requireProgram(
  program: ProgramName,
  product: Product,
  binariesDirectory: string | undefined,
): Promise<string> {
  const found = await findProgram(program, product, binariesDirectory);
  if (found !== undefined) return found;
  const known = NAMES[program];
  const [name] = 'MariaDB' in known ? known[product] : known;
  throw new ConnectorError('unavailable', `${name} is not installed on the machine of this worker.`, {
    hint:
      `Install it (Debian: mariadb-server, mariadb-client and mariadb-backup), or name its directory with the setting ` +
      "'binariesDirectory'.",
  });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    // Not here: the next directory may have it, and the error names what is missing.
    return false;
  }
}
