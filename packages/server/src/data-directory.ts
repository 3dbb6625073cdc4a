/** Where everything lives below the data directory; creating it is the first thing a start does. */
import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from './startup-error.ts';

export interface DataDirectory {
  readonly root: string;
  /** The SQLite catalog. */
  readonly catalog: string;
  /** Master key and vault keys of the embedded key service; readable by the owner only. */
  readonly keys: string;
  /** `config` and `credentials` for AWS clients. */
  readonly aws: string;
  /** Default storage location of regions that the configuration does not name. */
  readonly regions: string;
  /** Small state of each source's connector. */
  readonly state: string;
  /** Where restores make new resources when a source names no place. */
  readonly restored: string;
}

/**
 * Creates the directory and its parts, private to the user that runs the server.
 * @throws StartupError when it cannot be created or written
 */
export function openDataDirectory(root: string): DataDirectory {
  const directory: DataDirectory = {
    root,
    catalog: join(root, 'catalog.db'),
    keys: join(root, 'keys'),
    aws: join(root, 'aws'),
    regions: join(root, 'regions'),
    state: join(root, 'state'),
    restored: join(root, 'restored'),
  };
  try {
    for (const path of [root, directory.keys, directory.aws, directory.regions, directory.state, directory.restored]) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    }
    accessSync(root, constants.R_OK | constants.W_OK | constants.X_OK);
    chmodSync(directory.keys, 0o700);
  } catch (error) {
    throw new StartupError(`data directory ${root} cannot be used: ${(error as Error).message}`, { cause: error });
  }
  return directory;
}
