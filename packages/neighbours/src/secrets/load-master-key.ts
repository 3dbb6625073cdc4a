import { randomBytes, randomUUID } from 'node:crypto';
import { link, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MasterKey } from './master-key.ts';

export interface MasterKeySource {
  /** Text of the key from the environment or another secret store; wins over the file. */
  readonly text?: string | undefined;
  /** File that holds the key; made with a new key when it does not exist. */
  readonly file: string;
}

/**
 * Loads the installation's master key. A missing file is made, readable by its owner alone.
 * @throws Error, saying what to do, when the file can be read by others or does not hold a key
 */
export async function loadMasterKey(source: MasterKeySource): Promise<MasterKey> {
  if (source.text !== undefined && source.text !== '') return parse(source.text, 'the environment');
  const existing = await readKeyFile(source.file);
  if (existing !== undefined) return existing;
  await writeNewKeyFile(source.file);
  const written = await readKeyFile(source.file);
  if (written === undefined) throw new Error(`The master key file ${source.file} vanished while it was made.`);
  return written;
}

async function readKeyFile(file: string): Promise<MasterKey | undefined> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0) {
      throw new Error(`The master key file ${file} can be read by others. Say: chmod 600 ${file}`);
    }
    return parse(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Under its final name only when it is whole on disk, and never over a key that another process has just made. */
async function writeNewKeyFile(file: string): Promise<void> {
  const partial = `${file}.${randomUUID()}.new`;
  const handle = await open(partial, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(partial, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(partial);
  }
  const directory = await open(dirname(file), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function parse(text: string, where: string): MasterKey {
  try {
    return MasterKey.parse(text);
  } catch (error) {
    throw new Error(`The master key in ${where} is not 32 bytes as 64 hexadecimal digits or Base64.`, { cause: error });
  }
}
