import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserIdentity } from '../../child-process/identity-of.ts';
import { runChild } from '../../child-process/run-child.ts';
import { dataDirectoryOf } from '../../restored-instances/instance-directory.ts';
import type { BaseFacts } from '../backup/base-items.ts';
import { type BasePosition, positionInBinlogInfo, positionInSlaveInfo } from '../binlog/base-position.ts';
import { programError } from '../errors.ts';
import { layerDirectoryOf } from './instance-files.ts';

/** What an instance must be told as the source was, or it does not understand its own files. */
const KEPT_OPTIONS =
  /^(innodb_page_size|innodb_data_file_path|innodb_undo_tablespaces|innodb_undo_directory|innodb_log_file_size|lower_case_table_names)=[\w.:;/-]+$/;

/** Makes a data directory that a server can open out of a base and its increments, in order. */
export async function prepareBase(
  directory: string,
  options: { readonly program: string; readonly increments: number; readonly identity: UserIdentity | undefined },
  signal: AbortSignal,
): Promise<void> {
  const { program, increments, identity } = options;
  for (let layer = 0; layer <= increments; layer += 1) {
    const layerDirectory = layerDirectoryOf(directory, layer);
    const { code, stderr } = await runChild(
      program,
      [
        '--no-defaults',
        '--prepare',
        `--target-dir=${dataDirectoryOf(directory)}`,
        ...(layer === 0 ? [] : [`--incremental-dir=${layerDirectory}`]),
      ],
      { identity, signal },
    );
    if (code !== 0 || !stderr.includes('completed OK!')) {
      throw programError('mariadb-backup --prepare', 'The backup could not be made ready', stderr);
    }
    if (layer > 0) await rm(layerDirectory, { recursive: true });
  }
}

/** The lines of the backup's own option file that the new instance needs. */
export async function keptOptions(directory: string): Promise<readonly string[]> {
  const text = await readFile(join(dataDirectoryOf(directory), 'backup-my.cnf'), 'utf8');
  return text.split('\n').filter((line) => KEPT_OPTIONS.test(line.trim()));
}

/** Where the binary log stood when the base was consistent; undefined when there was no log. */
export async function positionOfBase(directory: string, logOf: BaseFacts['logOf']): Promise<BasePosition | undefined> {
  const data = dataDirectoryOf(directory);
  const wanted = logOf === 'primary' ? 'slave' : 'binlog';
  const names = [`xtrabackup_${wanted}_info`, `mariadb_backup_${wanted}_info`];
  const name = (await readdir(data)).find((each) => names.includes(each));
  if (name === undefined) return undefined;
  const text = await readFile(join(data, name), 'utf8');
  return logOf === 'primary' ? positionInSlaveInfo(text) : positionInBinlogInfo(text);
}
