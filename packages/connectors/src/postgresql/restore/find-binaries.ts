import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runChild } from '../../child-process/run-child.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';

/**
 * The directory with `postgres` and `pg_ctl` of a major version: a data directory runs with its own one only.
 * @throws ConnectorError `unavailable` that says where it looked
 */
export async function findBinaries(majorVersion: number, configured: string | undefined): Promise<string> {
  const candidates =
    configured === undefined
      ? [
          `/usr/lib/postgresql/${majorVersion}/bin`,
          `/usr/pgsql-${majorVersion}/bin`,
          ...(process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== ''),
        ]
      : [configured];
  const found: string[] = [];
  for (const directory of candidates) {
    const version = await versionIn(directory);
    if (version === majorVersion) return directory;
    if (version !== undefined) found.push(`${directory} has ${version}`);
  }
  const seen = found.length === 0 ? '' : ` (${found.join(', ')})`;
  throw new ConnectorError(
    'unavailable',
    `PostgreSQL ${majorVersion} is not installed on the machine of this worker${seen}.`,
    {
      hint:
        `Install it (Debian: postgresql-${majorVersion}), name its directory with the setting 'binariesDirectory', ` +
        'or ask for holdfast:hand-over=directory.',
    },
  );
}

async function versionIn(directory: string): Promise<number | undefined> {
  try {
    await access(join(directory, 'pg_ctl'), constants.X_OK);
    await access(join(directory, 'postgres'), constants.X_OK);
  } catch {
    // Not here: the next directory may have it, and the error names what was found.
    return undefined;
  }
  const { stdout } = await runChild(join(directory, 'postgres'), ['--version']);
  const version = /(\d+)(?:\.\d+|beta|rc|devel)/.exec(stdout)?.[1];
  return version === undefined ? undefined : Number(version);
}
